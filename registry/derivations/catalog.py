"""Every derived variable: its rule in the specification, and what its value is, in which unit or codes.

What each module answers is said there; a test holds this list against what they do answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.derivations.derived import NO, YES
from registry.derivations.frailty import FRAIL, NONFRAIL
from registry.dictionary.adverse_event import FORM as ADVERSE_EVENT
from registry.dictionary.choices import DRUGS
from registry.terminology.imwg import Response


class Shape(StrEnum):
    """What a value is as JSON."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    INTEGERS = "integers"
    DATES = "dates"
    CODES = "codes"
    TEXTS = "texts"
    BY_CODE = "by_code"


@dataclass(frozen=True, slots=True)
class DerivedVariable:
    """One derived variable.

    `codes` are the values of a code, of each code of a list, or of each entry of a mapping; `keys` are what
    a mapping is by.
    """

    name: str
    rule: str
    shape: Shape
    unit: str = ""
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


_YES_NO = (YES, NO)
_EXPOSED = (YES, NO, "NOT_EXPOSED")
_STAGES = ("I", "II", "III")
_RISKS = ("STANDARD", "HIGH")
_LEVELS = tuple(response.value for response in Response)
_BEST = tuple(level for level in _LEVELS if level != Response.NE)


def _code(rule: str, codes: tuple[str, ...], *names: str) -> list[DerivedVariable]:
    return [DerivedVariable(name, rule, Shape.CODE, codes=codes) for name in names]


def _yes_no(rule: str, *names: str) -> list[DerivedVariable]:
    return _code(rule, _YES_NO, *names)


def _count(rule: str, *names: str, unit: str = "") -> list[DerivedVariable]:
    return [DerivedVariable(name, rule, Shape.INTEGER, unit) for name in names]


def _number(rule: str, unit: str, *names: str) -> list[DerivedVariable]:
    return [DerivedVariable(name, rule, Shape.NUMBER, unit) for name in names]


def _date(rule: str, *names: str) -> list[DerivedVariable]:
    return [DerivedVariable(name, rule, Shape.DATE) for name in names]


_DRUGS = ("isatuximab", "pomalidomide", "dexamethasone")

_ALL = (
    *_date("D22", "index_start_date"),
    *_count("D02", "age_at_start", unit="years"),
    *_code("D02", ("<70", "≥70"), "age_group"),
    *_yes_no("D02", "age_ambiguous"),
    *_code("D03", ("IgG", "IgA", "Light chain only", "Other"), "isotype_group"),
    *_number("D05", "mL/min", "crcl_cg"),
    *_code("D05", ("<60", "≥60"), "crcl_group"),
    *_number("D06", "mL/min/1.73 m²", "egfr_ckdepi2021"),
    *_number("D08", "mg/dL", "calcium_corrected"),
    *_yes_no("D08", "crab_lab_calcium", "crab_lab_renal", "crab_lab_anemia", "crab_lab_bone"),
    *_yes_no("D28", "hb_lt_11_8", "hb_lt_11_0"),
    *_code("D07", ("NORMAL", "HIGH"), "ldh_status"),
    *_code("D09", _STAGES, "iss", "iss_dx"),
    *_code("D10", _RISKS, "cyto_risk", "cyto_risk_lenient"),
    *_yes_no("D10", "cyto_panel_complete"),
    *_code("D11", _STAGES, "r_iss"),
    *_code("D11", (*_STAGES, "IV"), "r2_iss"),
    *_number("D11", "points", "r2_iss_total"),
    *_yes_no("D11", "r2iss_complete"),
    *_number("D17", "", "flc_ratio"),
    *_code("D17", ("K", "L"), "involved_chain"),
    *_number("D17", "mg/L", "dflc"),
    *_code("D17", ("SERUM", "URINE", "FLC", "MARROW", "NONE"), "measurable_disease"),
    *_count("D12", "n_prior_lines"),
    *_code("D12", ("0", "1", "2", "3", "≥4"), "prior_lines_group"),
    *_yes_no("D12", "prior_asct"),
    DerivedVariable(
        "drug_refractory",
        "D13",
        Shape.BY_CODE,
        codes=(*_YES_NO, "NE"),
        keys=tuple(drug.code for drug in DRUGS),
    ),
    *_code("D13", _EXPOSED, "cd38_refractory", "pi_refractory", "imid_refractory", "len_refractory"),
    *_code("D13", _EXPOSED, "dara_refractory"),
    *_yes_no("D14", "tcr", "penta_refractory"),
    *_count("D15", "dara_line_last"),
    DerivedVariable("dara_regimen", "D15", Shape.TEXT),
    *_count("D15", "dara_cycles"),
    *_count("D15", "dara_isapd_interval_days", unit="days"),
    *_number("D15", "months", "dara_isapd_interval_months"),
    *_yes_no("D15", "dara_int_ge6", "dara_int_ge12"),
    *_number("D15", "months", "dara_pd_isapd_months"),
    *_count("D15", "lines_between_dara_isapd"),
    *_yes_no("D15", "dara_last_therapy"),
    *_code("D16", ("REFRACTORY", "SYMPTOMATIC", "BIOCHEMICAL"), "disease_status"),
    *_yes_no("D29", *(f"elig_e{number}" for number in range(1, 8))),
    *_yes_no("D29", "cohort_any_dose", "cohort_paper", "cohort_dara_r", "label_ok"),
    DerivedVariable("imwg_response", "D18", Shape.CODES, codes=_LEVELS),
    DerivedVariable("limiting_component", "D18", Shape.TEXTS),
    DerivedVariable("possible_underestimate", "D18", Shape.CODES, codes=_YES_NO),
    *_date("D21", "pd_date_analysis"),
    *_yes_no("D23", "pd_after_nat"),
    *_date("D22", "last_alive_date"),
    *_code("D20", _BEST, "bor_unconfirmed", "bor_confirmed"),
    *_count("D22", "os_days", unit="days"),
    *_number("D22", "months", "os_months"),
    *_count("D22", "os_event"),
    *_count("D23", "pfs_days", unit="days"),
    *_number("D23", "months", "pfs_months"),
    *_count("D23", "pfs_event"),
    *_code("D23", ("PD", "DEATH", "CENSORED"), "pfs_type"),
    *_count("D24", "ttnt_days", unit="days"),
    *_number("D24", "months", "ttnt_months"),
    *_count("D24", "ttnt_status"),
    *_code("D20", _BEST, "bor"),
    *_yes_no("D20", "responder"),
    *_count("D25", "time_to_response_days", "time_to_best_days", "dor_days", unit="days"),
    *_count("D25", "dor_event"),
    *_count("D25", "dor_imwg_days", unit="days"),
    *_count("D25", "dor_imwg_event"),
    *_number("D30", "mg", "isa_dose_mg"),
    *_number("D30", "mL", "isa_volume_ml"),
    DerivedVariable("isa_dates", "D30", Shape.DATES),
    DerivedVariable("pom_dates", "D30", Shape.DATES),
    *_count("D30", "dex_dose_by_age", unit="mg"),
    DerivedVariable("dex_dates", "D30", Shape.DATES),
    *_count("D31", "n_cycles"),
    DerivedVariable("cycle_delay_days", "D31", Shape.INTEGERS, "days"),
    *_count("D31", "cycles_delayed"),
    *(
        variable
        for drug in _DRUGS
        for variable in (
            *_number("D31", "mg", f"given_mg_{drug}", f"planned_mg_{drug}"),
            *_number("D31", "", f"rtd_{drug}", f"rdi_{drug}"),
        )
    ),
    *_count("D32", "charlson", "frailty_score"),
    *_code("D32", (NONFRAIL, FRAIL), "frailty_simplified"),
    *_yes_no("D33", "safety_population", "teae_any"),
    *_count("D33", "teae_n"),
    *_yes_no("D33", "teae_ge3"),
    *_count("D33", "teae_worst_grade"),
    DerivedVariable(
        "teae_worst_grades",
        "D33",
        Shape.BY_CODE,
        codes=(*ADVERSE_EVENT.variable("ae_grade").codes, "NE"),
        keys=ADVERSE_EVENT.variable("ae_term").codes,
    ),
    *_yes_no("D33", "irr_any"),
    *_count("D33", "irr_max_grade"),
    *_yes_no("D33", "irr_first_infusion", "infection_ge3", "covid_any", "ae_led_to_stop"),
)

DERIVED: Mapping[str, DerivedVariable] = {variable.name: variable for variable in _ALL}
"""Name → derived variable, in the order in which a case's answers come."""
