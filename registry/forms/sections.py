"""Headings within a form, so that a long one is read in parts.

Each heading names the first variable under it. A variable that is not named stands under the heading of
the one before it in the dictionary, so that a new one needs nothing here. Sections appear in the order
given here: eligibility and consent come before the rest of the enrolment.
"""

from collections.abc import Iterable, Iterator

from registry.dictionary.variable import Variable
from registry.terminology.text import gettext_noop as _

SECTIONS: dict[str, dict[str, str]] = {
    "enrolment": {
        "elig_mm_confirmed": _("Eligibility"),
        "consent_status": _("Consent"),
        "enrolment_date": _("Enrolment"),
    },
    "diagnosis": {
        "dx_date": _("Disease"),
        "iss_dx_reported": _("Stage at diagnosis"),
        "dx_associated": _("Associated conditions"),
    },
    "prior_line": {
        "line_no": _("Line"),
        "line_transplant": _("Transplant"),
        "line_best_response": _("Response and end of the line"),
    },
    "prior_line_drug": {
        "line_no_ref": _("Line and drug"),
        "drug_start": _("Dates"),
        "drug_phase": _("Phase and end"),
    },
    "baseline": {
        "baseline_lab_date": _("Patient"),
        "hb": _("Blood count"),
        "creatinine": _("Chemistry"),
        "serum_m_protein": _("M-protein and light chains"),
        "bmpc_pct": _("Marrow and imaging"),
        "relapse_biochemical": _("Reason for treatment"),
        "neuropathy_grade": _("Comorbidities"),
    },
    "fish": {
        "fish_done": _("Sample"),
        "fish_t4_14": _("Result"),
    },
    "isapd_treatment": {
        "isapd_start_date": _("Start"),
        "premedication": _("Supportive treatment"),
        "isapd_ongoing": _("End"),
    },
    "isapd_cycle": {
        "cycle_no": _("Cycle"),
        "isa_infusions_n": _("Doses"),
        "cycle_modification": _("Changes"),
    },
    "response": {
        "resp_date": _("Assessment"),
        "resp_serum_m": _("M-protein and light chains"),
        "resp_bm_done": _("Marrow"),
        "resp_imaging_done": _("Imaging"),
        "resp_calcium": _("Calcium"),
        "mrd_result": _("Minimal residual disease"),
    },
    "adverse_event": {
        "ae_term": _("Event"),
        "ae_serious": _("Seriousness"),
        "ae_related": _("Relation and action"),
        "irr_infusion_no": _("More about this event"),
    },
    "follow_up": {
        "contact_date": _("Contact"),
        "death_date": _("Death"),
        "spm_occurred": _("Second primary malignancy"),
    },
}


def sections(form: str, variables: Iterable[Variable]) -> Iterator[tuple[str, list[Variable]]]:
    """(heading, variables) in order of reading; one section without a heading where a form has none."""
    headings = SECTIONS.get(form, {})
    found: dict[str, list[Variable]] = {heading: [] for heading in headings.values()}
    heading = next(iter(headings.values()), "")
    for variable in variables:
        heading = headings.get(variable.name, heading)
        found.setdefault(heading, []).append(variable)
    return ((heading, these) for heading, these in found.items() if these)
