"""Why a patient is not eligible, said while the enrolment form is typed and on the case's page.

The record is kept all the same: a screening log shows who was not included, and why.
"""

import json

from django.utils.translation import gettext as _

from registry.dictionary.conditions import parse_condition
from registry.dictionary.facts import Record
from registry.forms.branching import as_json
from registry.terminology.text import gettext_noop

# (variable, condition, sentence); the condition is of the dictionary's own grammar.
_REASONS = (
    (
        "elig_mm_confirmed",
        "elig_mm_confirmed = N",
        gettext_noop("Not eligible: multiple myeloma is not confirmed in the source."),
    ),
    (
        "elig_rrmm",
        "elig_rrmm = N",
        gettext_noop("Not eligible: the disease was neither relapsed nor refractory."),
    ),
    (
        "consent_status",
        "consent_status = REFUSED",
        gettext_noop("Not eligible: consent was refused. No other form may be filled in."),
    ),
    (
        "in_interventional_trial",
        "in_interventional_trial = Y",
        gettext_noop("Not eligible for the study's cohort: treated inside an interventional trial."),
    ),
    (
        "index_regimen",
        "index_regimen != ISAPD",
        gettext_noop("Not eligible: the index regimen is not IsaPd."),
    ),
)


def why_ineligible(enrolment: Record) -> list[str]:
    """Sentences for the criteria that the enrolment form does not meet; none while they are met or open."""
    return [
        _(sentence)
        for _name, condition, sentence in _REASONS
        if parse_condition(condition).holds(enrolment.__getitem__)
    ]


def notes(variable: str) -> list[tuple[str, str]]:
    """(condition as JSON, sentence) of what stands beside a question while the condition holds."""
    return [
        (json.dumps(as_json(parse_condition(condition))), _(sentence))
        for name, condition, sentence in _REASONS
        if name == variable
    ]
