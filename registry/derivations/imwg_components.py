"""What an IMWG response is judged on: the measured components at baseline and at each assessment (D18)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from registry.derivations.calcium import corrected
from registry.derivations.derived import Answer
from registry.derivations.light_chains import URINE_MIN, FreeLightChains, Ratio, at_visit
from registry.derivations.parameters import Parameters
from registry.derivations.reading import code, codes, day, number, said
from registry.dictionary.facts import Record


class Component(StrEnum):
    """A part of the assessment, named when its absence limits the response."""

    SERUM = "serum"
    URINE = "urine"
    SERUM_IFE = "serum_ife"
    URINE_IFE = "urine_ife"
    FLC = "flc"
    FLC_RATIO = "flc_ratio"
    MARROW = "marrow"
    CLONALITY = "clonality"
    PLASMACYTOMA = "plasmacytoma"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The reference: baseline values, and which of them are measurable."""

    serum: Fraction | None
    urine: Fraction | None
    dflc: Fraction | None
    marrow: Fraction | None
    spd: Fraction | None
    chain: str | None
    plasmacytoma: bool
    serum_measurable: bool
    urine_measurable: bool
    flc_only: bool
    marrow_only: bool

    @property
    def by_m_protein(self) -> bool:
        return self.serum_measurable or self.urine_measurable

    @property
    def is_measurable(self) -> bool:
        return self.by_m_protein or self.flc_only or self.marrow_only


def read_baseline(
    baseline: Record, flc: FreeLightChains, chain: Answer, measurable: Answer, parameters: Parameters
) -> Baseline:
    """Baseline of a case; `measurable` is its `measurable_disease`."""
    serum, urine = number(baseline, "serum_m_protein"), number(baseline, "urine_m_protein")
    spd = number(baseline, "plasmacytoma_spd")
    kind = code(baseline, "plasmacytoma_type")
    involved = chain.value if isinstance(chain.value, str) else None
    return Baseline(
        serum=serum,
        urine=urine,
        dflc=flc.difference(involved) if involved else None,
        marrow=number(baseline, "bmpc_pct"),
        spd=spd,
        chain=involved,
        plasmacytoma=kind not in (None, "NONE") or bool(spd),
        serum_measurable=serum is not None and serum >= parameters.serum_measurable_min,
        urine_measurable=urine is not None and urine >= URINE_MIN,
        flc_only=measurable.value == "FLC",
        marrow_only=measurable.value == "MARROW",
    )


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment, each component None where it is missing."""

    day: date
    serum: Fraction | None
    urine: Fraction | None
    serum_ife_negative: bool | None
    urine_ife_negative: bool | None
    drug_band: bool
    suspected_band: bool
    ratio: Ratio | None
    dflc: Fraction | None
    marrow: Fraction | None
    clonal_absent: bool | None
    spd: Fraction | None
    new_lesion: bool
    corrected_calcium: Fraction | None
    hypercalcemia_of_myeloma: bool
    spurious: tuple[str, ...]

    def for_nadir(self, component: Component) -> Fraction | None:
        """The value, unless it was judged spurious."""
        if _SPURIOUS.get(component) in self.spurious:
            return None
        value: Fraction | None = getattr(self, _ATTRIBUTE[component])
        return value


_SPURIOUS = {
    Component.SERUM: "SERUM",
    Component.URINE: "URINE",
    Component.FLC: "FLC",
    Component.MARROW: "BM",
}
_ATTRIBUTE = {
    Component.SERUM: "serum",
    Component.URINE: "urine",
    Component.FLC: "dflc",
    Component.MARROW: "marrow",
    Component.PLASMACYTOMA: "spd",
}


def read_assessments(
    rows: Iterable[Record], labrefs: Sequence[Record], chain: str | None
) -> list[Assessment]:
    """Assessments in an order that hangs on their content only."""
    dated = [(when, row) for row in rows if (when := day(row, "resp_date")) is not None]
    found = [_assessment(when, row, labrefs, chain) for when, row in dated]
    days = {one.day for one in found}
    # Telling two assessments of one day apart costs a text of each; it is an error of entry, and rare.
    return sorted(found, key=lambda one: (one.day, str(one) if len(days) < len(found) else ""))


def _assessment(when: date, row: Record, labrefs: Sequence[Record], chain: str | None) -> Assessment:
    interference = code(row, "mab_interference")
    drug_band = interference == "RESOLVED_DRUG"
    serum_negative = True if drug_band else _negative(row, "resp_serum_ife")
    urine_negative = _negative(row, "resp_urine_ife")
    flc = at_visit(row, labrefs, when)
    clonal = code(row, "resp_bm_clonal")
    return Assessment(
        day=when,
        # Immunofixation is the finer test: where it is negative, electrophoresis shows nothing either.
        serum=_or_zero(number(row, "resp_serum_m"), _negative(row, "resp_serum_ife")),
        urine=_or_zero(number(row, "resp_urine_m"), urine_negative),
        serum_ife_negative=serum_negative,
        urine_ife_negative=urine_negative,
        drug_band=drug_band,
        suspected_band=interference == "SUSPECTED",
        ratio=flc.ratio,
        dflc=flc.difference(chain) if chain else None,
        marrow=number(row, "resp_bmpc_pct"),
        clonal_absent=None if clonal in (None, "ND") else clonal == "ABSENT",
        spd=number(row, "resp_plasmacytoma_spd"),
        new_lesion=bool(said(row, "resp_new_lesion") or said(row, "resp_lesion_increase")),
        corrected_calcium=corrected(number(row, "resp_calcium"), number(row, "resp_albumin")),
        hypercalcemia_of_myeloma=said(row, "resp_hypercalc_mm") is True,
        spurious=codes(row, "resp_spurious") or (),
    )


def _negative(row: Record, name: str) -> bool | None:
    """Immunofixation: True negative, False positive, None not done or not interpretable."""
    return {"NEG": True, "POS": False}.get(code(row, name) or "")


def _or_zero(value: Fraction | None, negative: bool | None) -> Fraction | None:
    return Fraction(0) if value is None and negative else value
