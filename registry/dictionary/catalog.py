"""All forms of the dictionary, in clinical order."""

from registry.dictionary import (
    adverse_event,
    baseline,
    center,
    center_labref,
    demographics,
    diagnosis,
    enrolment,
    fish,
    follow_up,
    isapd_cycle,
    isapd_treatment,
    prior_line,
    prior_line_drug,
    progression,
    response,
    subsequent_therapy,
)
from registry.dictionary.variable import Form

FORMS: dict[str, Form] = {
    module.FORM.name: module.FORM
    for module in (
        center,
        center_labref,
        enrolment,
        demographics,
        diagnosis,
        prior_line,
        prior_line_drug,
        baseline,
        fish,
        isapd_treatment,
        isapd_cycle,
        response,
        progression,
        adverse_event,
        subsequent_therapy,
        follow_up,
    )
}

CENTER_FORMS = ("center", "center_labref")
CASE_FORMS: dict[str, Form] = {name: form for name, form in FORMS.items() if name not in CENTER_FORMS}
