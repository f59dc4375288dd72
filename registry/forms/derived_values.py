"""The derived values of a case as a person reads them, in groups; a value that is not evaluable says why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from registry.derivations.months import half_up, in_months
from registry.derivations.parameters import DEFAULT
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.choices import DRUGS, RESPONSES
from registry.forms.wording import day_text, number_text
from registry.terminology.text import gettext_noop

Stored = Mapping[str, Mapping[str, Any]]
OK = "OK"


@dataclass(frozen=True)
class Shown:
    """One derived value: its text, what more is to be said, and whether it could be evaluated."""

    name: str
    label: str
    text: str
    detail: str
    is_evaluable: bool


@dataclass(frozen=True)
class Group:
    """Values under one heading; `further` are those few people look at."""

    heading: str
    values: tuple[Shown, ...]
    further: tuple[Shown, ...]

    @property
    def open_count(self) -> int:
        return sum(not value.is_evaluable for value in (*self.values, *self.further))


def groups(stored: Stored) -> list[Group]:
    """Derived values in the order of the course of the disease."""
    return [
        Group(_(heading), tuple(_shown(names, stored)), tuple(_shown(further, stored)))
        for heading, names, further in _GROUPS
    ]


def shown(stored: Stored) -> dict[str, Shown]:
    """Every derived value that has a label, by its name."""
    labels = {name: label for _heading, *both in _GROUPS for names in both for name, label in names.items()}
    return {value.name: value for value in _shown(labels, stored)}


def response_text(code: str) -> str:
    """An IMWG response by its letters and its name."""
    return _(_WORDS[code]) if code == "NE" else _response(code)


def _shown(names: Mapping[str, str], stored: Stored) -> Iterator[Shown]:
    for name, label in names.items():
        found = stored.get(name)
        if found is None:
            continue
        if found["status"] != OK:
            yield Shown(name, _(label), _("Not evaluable"), _(found["reason"]), is_evaluable=False)
            continue
        text = _FORMATS.get(name, _plain)(found["value"])
        yield Shown(name, _(label), text, _detail(name, found, stored), is_evaluable=True)


def _detail(name: str, found: Mapping[str, Any], stored: Stored) -> str:
    """What stands beside the value: how the time ended, or how the rule came to its answer."""
    if name == "drug_refractory":
        return _provenance(found["reason"])
    if name in _REASONS_THAT_TELL:
        return _(found["reason"]) if found["reason"] else ""
    companion = stored.get(_BESIDE.get(name, ""))
    return _plain(companion["value"]) if companion and companion["status"] == OK else ""


def _provenance(reason: str) -> str:
    """Of the verdicts "DRUG YES ASSERTED; …" those that do not rest on dates and responses alone."""
    notes = []
    for verdict in filter(None, reason.split("; ")):
        drug, _word, provenance = verdict.split(" ", 2)
        if provenance in _PROVENANCE:
            notes.append(f"{_drug(drug)}: {_(_PROVENANCE[provenance])}")
    return "; ".join(notes)


_PROVENANCE = {
    "ASSERTED": gettext_noop("as the source says"),
    "INFERRED": gettext_noop("progression dated by the end of the line"),
}


def _rounded(value: float, places: int) -> str:
    # What the float prints as, not its binary neighbor: half up is decided on the digits a reader would see.
    return number_text(half_up(Fraction(repr(value)), places))


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return _rounded(value, 2)
    return _(_WORDS[value]) if value in _WORDS else str(value)


def _day(value: str) -> str:
    return day_text(date.fromisoformat(value))


def _months(value: float) -> str:
    return _("%(months)s months") % {"months": _rounded(value, 1)}


def _days(value: int) -> str:
    return _("%(days)s days, %(months)s months") % {
        "days": value,
        "months": number_text(half_up(in_months(value, DEFAULT), 1)),
    }


def _response(value: str) -> str:
    return f"{'sCR' if value == 'SCR' else value} · {_(_RESPONSES[value])}" if value in _RESPONSES else value


def _drug(code: str) -> str:
    """Name of a drug without its class."""
    return _(_DRUGS[code]).split(" [")[0] if code in _DRUGS else code


def _percent(value: float) -> str:
    return f"{_rounded(value * 100, 1)} %"


def _mg(value: float) -> str:
    return f"{_plain(_whole(value))} mg"


def _whole(value: float) -> float | int:
    """A dose of whole milligrams without its decimals."""
    return int(value) if value == int(value) else value


def _list(values: Sequence[Any]) -> str:
    return ", ".join(number_text(str(value)) for value in values) or "–"


def _dates(values: Sequence[str]) -> str:
    return _list([_day(value) for value in values])


def _grades(value: Mapping[str, str]) -> str:
    return (
        ", ".join(
            f"{_(_TERMS[term])}: {grade if grade != 'NE' else _('Not evaluable').lower()}"
            for term, grade in value.items()
        )
        or "–"
    )


def _verdicts(value: Mapping[str, str]) -> str:
    return ", ".join(f"{_drug(code)} {_plain(word).lower()}" for code, word in value.items()) or "–"


_RESPONSES = {choice.code: choice.label for choice in RESPONSES}
_TERMS = {choice.code: choice.label for choice in CASE_FORMS["adverse_event"].variable("ae_term").choices}
_DRUGS = {choice.code: choice.label for choice in DRUGS}

_WORDS: dict[object, str] = {
    "YES": gettext_noop("Yes"),
    "NO": gettext_noop("No"),
    "NE": gettext_noop("Not evaluable"),
    "NOT_EXPOSED": gettext_noop("Never given"),
    "HIGH": gettext_noop("High"),
    "STANDARD": gettext_noop("Standard"),
    "NORMAL": gettext_noop("Normal"),
    "REFRACTORY": gettext_noop("Refractory to last treatment"),
    "SYMPTOMATIC": gettext_noop("Symptomatic relapse"),
    "BIOCHEMICAL": gettext_noop("Biochemical relapse"),
    "SERUM": gettext_noop("Serum M-protein"),
    "URINE": gettext_noop("Urine M-protein"),
    "FLC": gettext_noop("Free light chains"),
    "MARROW": gettext_noop("Marrow"),
    "NONE": gettext_noop("None"),
    "K": gettext_noop("Kappa"),
    "L": gettext_noop("Lambda"),
    "Light chain only": gettext_noop("Light chain only"),
    "Other": gettext_noop("Other"),
    "FRAIL": gettext_noop("Frail"),
    "NONFRAIL": gettext_noop("Not frail"),
}

_ISAPD = ("isatuximab", "pomalidomide", "dexamethasone")

_FORMATS: dict[str, Callable[[Any], str]] = (
    dict.fromkeys(("index_start_date", "pd_date_analysis", "last_alive_date"), _day)
    | dict.fromkeys(
        (
            "os_months",
            "pfs_months",
            "ttnt_months",
            "dara_isapd_interval_months",
            "dara_pd_isapd_months",
        ),
        _months,
    )
    | dict.fromkeys(("time_to_response_days", "time_to_best_days", "dor_days", "dor_imwg_days"), _days)
    | dict.fromkeys(("crcl_cg", "egfr_ckdepi2021"), lambda value: f"{_rounded(value, 0)} mL/min")
    | dict.fromkeys(("bor", "bor_confirmed", "bor_unconfirmed"), _response)
    | dict.fromkeys(tuple(f"{share}_{drug}" for share in ("rtd", "rdi") for drug in _ISAPD), _percent)
    | dict.fromkeys(tuple(f"{which}_mg_{drug}" for which in ("given", "planned") for drug in _ISAPD), _mg)
    | dict.fromkeys(("isa_dose_mg", "dex_dose_by_age"), _mg)
    | dict.fromkeys(("isa_dates", "pom_dates", "dex_dates"), _dates)
    | {
        "drug_refractory": _verdicts,
        "dflc": lambda value: f"{_rounded(value, 1)} mg/L",
        "isa_volume_ml": lambda value: f"{_plain(_whole(value))} mL",
        "cycle_delay_days": _list,
        "teae_worst_grades": _grades,
    }
)
# A value that another one explains.
_BESIDE = {"age_at_start": "age_group", "crcl_cg": "crcl_group"}
# How a time ended, and by which rule a status was given, is part of the answer.
_REASONS_THAT_TELL = frozenset(
    {"os_months", "pfs_months", "ttnt_months", "dor_days", "dor_imwg_days", "disease_status", "cyto_risk"}
)

_GROUPS: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    (
        gettext_noop("Eligibility and cohorts"),
        {
            "cohort_paper": gettext_noop("In the paper's cohort"),
            "cohort_dara_r": gettext_noop("In the daratumumab-refractory cohort"),
            "cohort_any_dose": gettext_noop("Any dose of IsaPd"),
            "label_ok": gettext_noop("Within the label of IsaPd"),
        },
        {
            "elig_e1": gettext_noop("E1 Myeloma confirmed"),
            "elig_e2": gettext_noop("E2 Relapsed or refractory, a prior line"),
            "elig_e3": gettext_noop("E3 IsaPd within accrual"),
            "elig_e4": gettext_noop("E4 One cycle given"),
            "elig_e5": gettext_noop("E5 Adult"),
            "elig_e6": gettext_noop("E6 Consent"),
            "elig_e7": gettext_noop("E7 Outside a trial"),
        },
    ),
    (
        gettext_noop("Patient and disease"),
        {
            "age_at_start": gettext_noop("Age at IsaPd start"),
            "isotype_group": gettext_noop("Isotype"),
            "iss": gettext_noop("ISS at IsaPd start"),
            "r_iss": gettext_noop("R-ISS"),
            "r2_iss": gettext_noop("R2-ISS"),
            "cyto_risk": gettext_noop("Cytogenetic risk"),
            "crcl_cg": gettext_noop("Creatinine clearance"),
            "ldh_status": gettext_noop("LDH"),
            "disease_status": gettext_noop("Disease status"),
            "measurable_disease": gettext_noop("Measurable disease"),
        },
        {
            "age_ambiguous": gettext_noop("Age ambiguous"),
            "iss_dx": gettext_noop("ISS at diagnosis"),
            "egfr_ckdepi2021": gettext_noop("eGFR, CKD-EPI 2021"),
            "cyto_risk_lenient": gettext_noop("Cytogenetic risk, lenient"),
            "cyto_panel_complete": gettext_noop("FISH panel complete"),
            "hb_lt_11_8": gettext_noop("Hb below 11.8 g/dL"),
            "hb_lt_11_0": gettext_noop("Hb below 11.0 g/dL"),
            "flc_ratio": gettext_noop("Free light-chain ratio"),
            "involved_chain": gettext_noop("Involved chain"),
            "dflc": gettext_noop("Involved minus uninvolved chain"),
            "frailty_simplified": gettext_noop("Frailty, simplified"),
            "frailty_score": gettext_noop("Frailty score"),
            "charlson": gettext_noop("Charlson index"),
        },
    ),
    (
        gettext_noop("Prior therapy and refractoriness"),
        {
            "n_prior_lines": gettext_noop("Prior lines"),
            "prior_asct": gettext_noop("Autologous transplant"),
            "dara_refractory": gettext_noop("Daratumumab-refractory"),
            "tcr": gettext_noop("Triple-class refractory"),
            "penta_refractory": gettext_noop("Penta-refractory"),
            "dara_isapd_interval_months": gettext_noop("Last daratumumab to IsaPd"),
        },
        {
            "drug_refractory": gettext_noop("By drug"),
            "cd38_refractory": gettext_noop("CD38-refractory"),
            "pi_refractory": gettext_noop("PI-refractory"),
            "imid_refractory": gettext_noop("IMiD-refractory"),
            "len_refractory": gettext_noop("Lenalidomide-refractory"),
            "dara_line_last": gettext_noop("Last line with daratumumab"),
            "dara_regimen": gettext_noop("Regimen of that line"),
            "dara_cycles": gettext_noop("Cycles with daratumumab"),
            "dara_int_ge6": gettext_noop("Interval 6 months or more"),
            "dara_int_ge12": gettext_noop("Interval 12 months or more"),
            "dara_pd_isapd_months": gettext_noop("Progression on daratumumab to IsaPd"),
            "lines_between_dara_isapd": gettext_noop("Lines between daratumumab and IsaPd"),
            "dara_last_therapy": gettext_noop("Daratumumab in the last line"),
        },
    ),
    (
        gettext_noop("Doses"),
        {
            "n_cycles": gettext_noop("Cycles started"),
            "rdi_isatuximab": gettext_noop("Isatuximab, relative dose intensity"),
            "rdi_pomalidomide": gettext_noop("Pomalidomide, relative dose intensity"),
            "rdi_dexamethasone": gettext_noop("Dexamethasone, relative dose intensity"),
        },
        {
            "isa_dose_mg": gettext_noop("Isatuximab due per infusion"),
            "isa_volume_ml": gettext_noop("Volume of that dose"),
            "isa_dates": gettext_noop("Isatuximab due in cycle 1"),
            "pom_dates": gettext_noop("Pomalidomide due in cycle 1, first and last day"),
            "dex_dose_by_age": gettext_noop("Dexamethasone due per week"),
            "dex_dates": gettext_noop("Dexamethasone due in cycle 1"),
            "cycle_delay_days": gettext_noop("Days each next cycle was late"),
            "cycles_delayed": gettext_noop("Cycles more than 3 days late"),
            "given_mg_isatuximab": gettext_noop("Isatuximab given"),
            "planned_mg_isatuximab": gettext_noop("Isatuximab planned"),
            "rtd_isatuximab": gettext_noop("Isatuximab, given of planned"),
            "given_mg_pomalidomide": gettext_noop("Pomalidomide given"),
            "planned_mg_pomalidomide": gettext_noop("Pomalidomide planned"),
            "rtd_pomalidomide": gettext_noop("Pomalidomide, given of planned"),
            "given_mg_dexamethasone": gettext_noop("Dexamethasone given"),
            "planned_mg_dexamethasone": gettext_noop("Dexamethasone planned"),
            "rtd_dexamethasone": gettext_noop("Dexamethasone, given of planned"),
        },
    ),
    (
        gettext_noop("Safety"),
        {
            "teae_ge3": gettext_noop("Adverse event of grade 3 or more"),
            "irr_any": gettext_noop("Infusion reaction"),
            "infection_ge3": gettext_noop("Infection of grade 3 or more"),
            "ae_led_to_stop": gettext_noop("Drug stopped for an adverse event"),
        },
        {
            "safety_population": gettext_noop("At least one dose"),
            "teae_any": gettext_noop("Treatment-emergent adverse event"),
            "teae_n": gettext_noop("Treatment-emergent adverse events"),
            "teae_worst_grade": gettext_noop("Worst grade"),
            "teae_worst_grades": gettext_noop("Worst grade by term"),
            "irr_max_grade": gettext_noop("Infusion reaction, worst grade"),
            "irr_first_infusion": gettext_noop("Infusion reaction at the first infusion"),
            "covid_any": gettext_noop("COVID-19"),
        },
    ),
    (
        gettext_noop("Response"),
        {
            "bor": gettext_noop("Best response"),
            "responder": gettext_noop("Responder (PR or better)"),
            "time_to_response_days": gettext_noop("Time to response"),
            "dor_days": gettext_noop("Duration of response"),
        },
        {
            "bor_unconfirmed": gettext_noop("Best response, unconfirmed"),
            "bor_confirmed": gettext_noop("Best response, confirmed"),
            "time_to_best_days": gettext_noop("Time to best response"),
            "dor_imwg_days": gettext_noop("Duration of response, IMWG"),
        },
    ),
    (
        gettext_noop("Survival"),
        {
            "pfs_months": gettext_noop("Progression-free survival"),
            "os_months": gettext_noop("Overall survival"),
            "ttnt_months": gettext_noop("Time to next treatment"),
        },
        {
            "index_start_date": gettext_noop("Counted from"),
            "pd_date_analysis": gettext_noop("Date of progression"),
            "pd_after_nat": gettext_noop("Progression after new therapy"),
            "last_alive_date": gettext_noop("Last known alive"),
        },
    ),
)
