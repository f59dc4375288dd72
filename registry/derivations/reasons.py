"""Sentences that name what is missing; one place, so that they are translated once."""

from registry.terminology.text import gettext_noop as _

MISSING = {
    "isapd_start_date": _("The first dose of IsaPd is missing"),
    "birth_date": _("The date of birth is missing"),
    "sex": _("The sex is missing"),
    "heavy_chain": _("The heavy chain is missing"),
    "light_chain": _("The light chain is missing"),
    "weight_kg": _("The body weight is missing"),
    "creatinine": _("Creatinine is missing"),
    "hb": _("Hemoglobin is missing"),
    "ldh": _("LDH is missing"),
    "b2m": _("β2-microglobulin is missing"),
    "albumin": _("Albumin is missing"),
    "dx_b2m": _("β2-microglobulin at diagnosis is missing"),
    "dx_albumin": _("Albumin at diagnosis is missing"),
    "calcium_total": _("Calcium is missing"),
    "flc_kappa": _("Kappa free light chains are missing"),
    "flc_lambda": _("Lambda free light chains are missing"),
    "serum_m_protein": _("The serum M-protein is missing"),
    "line_cycles": _("The number of cycles of a daratumumab line is missing"),
    "drug_last_dose": _("The last dose of daratumumab is missing"),
    "line_progression_date": _("The progression on daratumumab is not dated"),
    "elig_mm_confirmed": _("It is not recorded whether myeloma was confirmed"),
    "elig_rrmm": _("It is not recorded whether the disease was relapsed or refractory"),
    "index_regimen": _("The index regimen is missing"),
    "consent_status": _("The consent status is missing"),
    "consent_date": _("The date of the consent that was withdrawn is missing"),
    "comorbidities": _("The comorbidities are missing"),
    "ecog": _("The ECOG performance status is missing"),
    "in_interventional_trial": _("It is not known whether the patient was in an interventional trial"),
}


def missing(name: str) -> str:
    """The sentence for a variable that is blank or has a missing reason."""
    return MISSING[name]
