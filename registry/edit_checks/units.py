"""Checks of values that were typed under the wrong unit: C11, C12."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from registry.derivations.light_chains import Ratio, at_baseline
from registry.derivations.reading import code
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.values import Measurement
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Finding, Severity
from registry.edit_checks.rounding import shown
from registry.edit_checks.rules import DEFAULT
from registry.terminology.text import gettext_noop as _

IMPOSSIBLE_HB = _(
    "Hb %(number)s %(unit)s is impossible; did you mean %(number)s %(likely_unit)s (%(converted)s %(unit)s)?"
)
LOOKS_LIKE = _("%(field)s looks like %(unit)s. Convert to %(value)s?")

HB_MIN = 2
FLC_MIN = 50


class Confusion(NamedTuple):
    """A unit typed where another was meant, and the numbers that betray it."""

    typed: str
    meant: str
    betrayed_by: Callable[[Fraction], bool]
    severity: Severity = Severity.ERROR


_CREATININE = Confusion("mg/dL", "umol/L", lambda number: number > 25)
_CALCIUM = Confusion("mg/dL", "mmol/L", lambda number: Fraction("1.5") <= number <= Fraction("3.9"))
_ALBUMIN = Confusion("g/dL", "g/L", lambda number: number > 7)
_SERUM_M = Confusion("g/dL", "g/L", lambda number: number > 15)
_URINE_M = Confusion("mg/(24.h)", "g/(24.h)", lambda number: 0 < number < 20, Severity.WARNING)
_FLC = Confusion("mg/L", "mg/dL", lambda number: number < FLC_MIN, Severity.WARNING)

_CONFUSIONS: Mapping[str, Confusion] = {
    "creatinine": _CREATININE,
    "calcium_total": _CALCIUM,
    "resp_calcium": _CALCIUM,
    "albumin": _ALBUMIN,
    "dx_albumin": _ALBUMIN,
    "resp_albumin": _ALBUMIN,
    "serum_m_protein": _SERUM_M,
    "resp_serum_m": _SERUM_M,
    "urine_m_protein": _URINE_M,
    "resp_urine_m": _URINE_M,
}
_CHAINS = {Ratio.HIGH: "flc_kappa", Ratio.LOW: "flc_lambda"}
_INVOLVED = {"K": "flc_kappa", "L": "flc_lambda"}
_VARIABLES = {variable.name: variable for form in CASE_FORMS.values() for variable in form}


def likely_unit(
    variable_name: str, measurement: Measurement, hemoglobin_max: int = DEFAULT.hemoglobin_max
) -> Finding | None:
    """What a number says of the unit it was probably printed in; None when nothing speaks against its own.

    For whoever has a single value and no case: the refusal of an entry, a hint while typing.
    """
    if variable_name == "hb":
        return _hemoglobin(measurement, hemoglobin_max)
    confusion = _CONFUSIONS.get(variable_name)
    return _looks_like(variable_name, measurement, confusion) if confusion else None


def _hemoglobin(measurement: Measurement, maximum: int) -> Finding | None:
    too_high = measurement.unit == "g/dL" and measurement.canonical > maximum
    too_low = measurement.unit == "g/L" and measurement.canonical < HB_MIN
    if not too_high and not too_low:
        return None
    variable, likely = _VARIABLES["hb"], "g/L" if too_high else "g/dL"
    typed = variable.factor(measurement.unit)
    meant = measurement.canonical / typed * variable.factor(likely)
    params: dict[str, str | int] = {
        "number": measurement.entered,
        "unit": measurement.unit,
        "likely_unit": likely,
        "converted": shown(meant / typed),
    }
    return Finding("C11", Severity.ERROR, "hb", IMPOSSIBLE_HB, params)


def _looks_like(name: str, measurement: Measurement, confusion: Confusion) -> Finding | None:
    if measurement.unit != confusion.typed or not confusion.betrayed_by(measurement.canonical):
        return None
    variable = _VARIABLES[name]
    meant = next(unit for unit in variable.alternatives if unit.ucum == confusion.meant)
    value = f"{shown(measurement.canonical * meant.factor)} {variable.unit}"
    params: dict[str, str | int] = {"field": name, "unit": str(meant), "value": value}
    return Finding("C12", confusion.severity, name, LOOKS_LIKE, params)


def hemoglobin_unit(context: Context) -> Iterator[Hit]:
    """C11: hemoglobin nobody can have, and everybody has in the other unit."""
    value = context.facts.one("baseline").known("hb")
    if isinstance(value, Measurement):
        found = likely_unit("hb", value, context.rules.hemoglobin_max)
        if found:
            yield _hit(found, "baseline", 0)


def other_units(context: Context) -> Iterator[Hit]:
    """C12: the same of the other measurements."""
    for form in ("diagnosis", "baseline", "response"):
        for index, row in enumerate(context.facts.rows(form)):
            for name in row:
                value = row.known(name) if name in _CONFUSIONS else None
                if isinstance(value, Measurement) and (found := likely_unit(name, value)):
                    yield _hit(found, form, index)
    yield from _light_chain_disease(context)


def _light_chain_disease(context: Context) -> Iterator[Hit]:
    """Few involved light chains in a disease that is measured by them, though the ratio is abnormal."""
    baseline, diagnosis = context.facts.one("baseline"), context.facts.one("diagnosis")
    ratio = at_baseline(baseline, context.facts.labrefs).ratio
    if code(diagnosis, "heavy_chain") != "NONE" or ratio is None or ratio is Ratio.NORMAL:
        return
    name = _INVOLVED.get(code(diagnosis, "light_chain") or "") or _CHAINS[ratio]
    value = baseline.known(name)
    if isinstance(value, Measurement) and (found := _looks_like(name, value, _FLC)):
        yield _hit(found, "baseline", 0)


def _hit(found: Finding, form: str, index: int) -> Hit:
    return Hit(form, index, found.variable, found.params, found.severity)


CHECKS = (
    Check(
        "C11",
        (Severity.ERROR,),
        _("Hemoglobin above 25 with unit g/dL, or below 2 g/dL from unit g/L."),
        IMPOSSIBLE_HB,
        hemoglobin_unit,
        replaces_limit=True,
    ),
    Check(
        "C12",
        (Severity.ERROR, Severity.WARNING),
        _(
            "Creatinine above 25 mg/dL (µmol/L?), calcium 1.5–3.9 mg/dL (mmol/L?), albumin above 7 g/dL or "
            "serum M-protein above 15 g/dL (g/L?). Warning: light-chain disease with an abnormal ratio and "
            "involved free light chains below 50 mg/L (mg/dL?); urine M-protein above 0 and below 20 mg/24 "
            "h (g/24 h?)."
        ),
        LOOKS_LIKE,
        other_units,
        replaces_limit=True,
    ),
)
