"""The panel beside a form: what follows from the case as typed, what is of interest first, changes marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.derivations.derived import Derived
from registry.derivations.index_start import index_start
from registry.derivations.observation import observe
from registry.derivations.reading import day
from registry.dictionary.facts import Facts, Record
from registry.forms.derived_values import Shown, response_text, shown
from registry.terminology.text import gettext_noop

# What each form is about, among the derived values.
ABOUT: Mapping[str, tuple[str, ...]] = {
    "enrolment": ("elig_e1", "elig_e2", "elig_e6", "elig_e7", "cohort_paper"),
    "demographics": ("age_at_start", "age_ambiguous", "crcl_cg", "dex_dose_by_age", "elig_e5"),
    "diagnosis": ("isotype_group", "involved_chain", "iss_dx", "measurable_disease"),
    "prior_line": (
        "n_prior_lines",
        "prior_asct",
        "disease_status",
        "dara_line_last",
        "lines_between_dara_isapd",
    ),
    "prior_line_drug": (
        "drug_refractory",
        "cd38_refractory",
        "pi_refractory",
        "imid_refractory",
        "tcr",
        "penta_refractory",
        "dara_isapd_interval_months",
    ),
    "baseline": (
        "iss",
        "r_iss",
        "r2_iss",
        "crcl_cg",
        "ldh_status",
        "measurable_disease",
        "flc_ratio",
        "dflc",
        "frailty_simplified",
        "label_ok",
    ),
    "fish": ("cyto_risk", "cyto_panel_complete", "r_iss", "r2_iss"),
    "isapd_treatment": ("index_start_date", "age_at_start", "isa_dose_mg", "dex_dose_by_age", "isa_dates"),
    "isapd_cycle": (
        "n_cycles",
        "cycle_delay_days",
        "isa_dose_mg",
        "rdi_isatuximab",
        "rdi_pomalidomide",
        "rdi_dexamethasone",
    ),
    "response": ("bor", "responder", "time_to_response_days", "dor_days", "pd_date_analysis"),
    "progression": ("pd_date_analysis", "pfs_months", "dor_days", "disease_status"),
    "adverse_event": ("teae_n", "teae_worst_grade", "irr_max_grade", "infection_ge3", "ae_led_to_stop"),
    "subsequent_therapy": ("ttnt_months", "pd_after_nat", "pfs_months"),
    "follow_up": ("last_alive_date", "os_months", "pfs_months", "ttnt_months"),
}
# Of every patient, whatever form is open.
ALWAYS = (
    "age_at_start",
    "iss",
    "r_iss",
    "r2_iss",
    "cyto_risk",
    "crcl_cg",
    "n_prior_lines",
    "cd38_refractory",
    "pi_refractory",
    "imid_refractory",
    "tcr",
    "disease_status",
    "bor",
    "pfs_months",
    "os_months",
)


@dataclass(frozen=True)
class LiveValue:
    """A derived value, and what it was before the typing; None when that is the same."""

    now: Shown
    was: Shown | None

    @property
    def is_changed(self) -> bool:
        return self.was is not None


@dataclass(frozen=True)
class VisitResponse:
    """The computed response of the visit on the page beside the investigator's."""

    computed: str
    investigator: str
    limited_by: str
    may_be_better: bool

    @property
    def differ(self) -> bool:
        return bool(self.computed and self.investigator and self.computed != self.investigator)


@dataclass(frozen=True)
class Panel:
    """What stands beside the form.

    Attributes
    ----------
    about : values the form is about; those that the typing changed elsewhere follow them.
    others : what else one wants to know of every patient.
    """

    visit: VisitResponse | None
    about: Sequence[LiveValue]
    others: Sequence[LiveValue]


def panel(
    record: Record, facts: Facts, derived: Mapping[str, Derived], stored: Mapping[str, Derived]
) -> Panel:
    """The panel of one row.

    Parameters
    ----------
    record : the row as typed.
    facts, derived : the case with it.
    stored : what followed from the case before.
    """
    now, before = (shown({name: one.to_json() for name, one in each.items()}) for each in (derived, stored))
    values = {name: LiveValue(value, _earlier(before.get(name), value)) for name, value in now.items()}
    about = [name for name in ABOUT[record.form.name] if name in values]
    others = [name for name in ALWAYS if name in values and name not in about]
    changed = [n for n, value in values.items() if value.is_changed and n not in about and n not in others]
    return Panel(
        visit=_visit(record, facts, derived) if record.form.name == "response" else None,
        about=[values[name] for name in (*about, *changed)],
        others=[values[name] for name in others],
    )


def _earlier(before: Shown | None, now: Shown) -> Shown | None:
    return (
        None
        if before is None or (before.text, before.is_evaluable) == (now.text, now.is_evaluable)
        else before
    )


def _visit(record: Record, facts: Facts, derived: Mapping[str, Derived]) -> VisitResponse | None:
    position = _position(record, facts)
    if position is None:
        return None
    computed, limits, hidden = (
        _at(derived[name], position)
        for name in ("imwg_response", "limiting_component", "possible_underestimate")
    )
    said = record.known("resp_investigator")
    return VisitResponse(
        computed=response_text(computed),
        investigator=response_text(said) if isinstance(said, str) else "",
        limited_by=", ".join(_(_COMPONENTS[part]) for part in limits.split("+") if part),
        may_be_better=hidden == "YES",
    )


def _at(answer: Derived, position: int) -> str:
    if not isinstance(answer.value, tuple) or position >= len(answer.value):
        return ""
    return str(answer.value[position] or "")


def _position(record: Record, facts: Facts) -> int | None:
    """Which of the assessments after the start this one is, in order of date."""
    start, this = index_start(facts), day(record, "resp_date")
    if start is None or this is None:
        return None
    seen = observe(facts, start, None)
    days = [when for row in facts.rows("response") if (when := day(row, "resp_date")) is not None]
    counted = sorted(when for when in days if when > start and seen.includes(when))
    return counted.index(this) if this in counted else None


_COMPONENTS = {
    "serum": gettext_noop("serum M-protein"),
    "urine": gettext_noop("urine M-protein"),
    "serum_ife": gettext_noop("serum immunofixation"),
    "urine_ife": gettext_noop("urine immunofixation"),
    "flc": gettext_noop("free light chains"),
    "flc_ratio": gettext_noop("free light-chain ratio"),
    "marrow": gettext_noop("marrow"),
    "clonality": gettext_noop("clonality of the marrow"),
    "plasmacytoma": gettext_noop("plasmacytoma"),
}
