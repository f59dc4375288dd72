"""Which IMWG criteria of progression an assessment meets (D18)."""

from collections.abc import Sequence
from fractions import Fraction

from registry.derivations.imwg_components import Assessment, Baseline, Component
from registry.derivations.parameters import CriteriaVersion, Parameters

DECISIVE = frozenset({"LESION", "BM"})
"""Criteria that need no confirmation: imaging and marrow (D19)."""

QUARTER = Fraction(1, 4)
HALF = Fraction(1, 2)
HYPERCALCEMIA = Fraction("11.5")


def criteria_met(
    now: Assessment, earlier: Sequence[Assessment], baseline: Baseline, parameters: Parameters
) -> tuple[str, ...]:
    """Codes of `pd_criteria` that the assessment meets against the nadir.

    The nadir is the lowest of baseline and all earlier assessments, spurious values excluded; it need not
    be confirmed itself.
    """
    met = {
        "SERUM": _serum(now, _nadir(Component.SERUM, baseline.serum, earlier)),
        "URINE": _rises(now.urine, _nadir(Component.URINE, baseline.urine, earlier), QUARTER, Fraction(200)),
        "DFLC": not baseline.by_m_protein and _dflc(now, _nadir(Component.FLC, baseline.dflc, earlier)),
        "BM": not (baseline.by_m_protein or baseline.flc_only)
        and _marrow(now, _nadir(Component.MARROW, baseline.marrow, earlier), parameters),
        "LESION": now.new_lesion or _plasmacytoma(now, _nadir(Component.PLASMACYTOMA, baseline.spd, earlier)),
        "CALCIUM": parameters.hypercalcemia_counts_as_pd and _hypercalcemia(now),
    }
    return tuple(name for name, holds in met.items() if holds)


def _nadir(
    component: Component, at_baseline: Fraction | None, earlier: Sequence[Assessment]
) -> Fraction | None:
    values = [at_baseline, *(assessment.for_nadir(component) for assessment in earlier)]
    return min((value for value in values if value is not None), default=None)


def _rises(value: Fraction | None, nadir: Fraction | None, share: Fraction, absolute: Fraction) -> bool:
    """Whether the value rose by that share of the nadir and by that amount at least."""
    if value is None or nadir is None:
        return False
    return value - nadir >= max(share * nadir, absolute)


def _serum(now: Assessment, nadir: Fraction | None) -> bool:
    if _rises(now.serum, nadir, QUARTER, HALF):
        return True
    return nadir is not None and nadir >= 5 and _rises(now.serum, nadir, Fraction(0), Fraction(1))


def _dflc(now: Assessment, nadir: Fraction | None) -> bool:
    if now.dflc is None or nadir is None:
        return False
    rise = now.dflc - nadir
    return rise > 100 and rise >= QUARTER * nadir


def _marrow(now: Assessment, nadir: Fraction | None, parameters: Parameters) -> bool:
    if parameters.criteria_version is CriteriaVersion.IMWG2016:
        return _rises(now.marrow, nadir, QUARTER, Fraction(10))
    rose = _rises(now.marrow, nadir, QUARTER, Fraction(0)) and now.marrow != nadir
    return rose and now.marrow is not None and now.marrow >= 10


def _plasmacytoma(now: Assessment, nadir: Fraction | None) -> bool:
    return now.spd != nadir and _rises(now.spd, nadir, HALF, Fraction(0))


def _hypercalcemia(now: Assessment) -> bool:
    calcium = now.corrected_calcium
    return now.hypercalcemia_of_myeloma and calcium is not None and calcium > HYPERCALCEMIA
