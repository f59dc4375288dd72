"""What happens to each variable on its way into a release; it follows from the variable's declaration."""

from __future__ import annotations

from enum import StrEnum

from registry.dictionary.variable import Form, Identifying, Kind, Variable
from registry.terminology.text import gettext_noop as _


class Rule(StrEnum):
    """How a variable is published."""

    KEPT = "KEPT"
    SHIFTED = "SHIFTED"
    PATIENT_CODE = "PATIENT_CODE"
    CENTER_CODE = "CENTER_CODE"
    AGE = "AGE"
    WITHHELD = "WITHHELD"

    @property
    def label(self) -> str:
        """What it means, for the codebook."""
        return LABELS[self]


LABELS = {
    Rule.KEPT: _("as recorded"),
    Rule.SHIFTED: _("date moved by a number of days of the patient's own; intervals exact"),
    Rule.PATIENT_CODE: _("replaced by a code of this release"),
    Rule.CENTER_CODE: _("replaced by a code of this release"),
    Rule.AGE: _("replaced by the age at the start of IsaPd in completed years"),
    Rule.WITHHELD: _("not in the release"),
}

CODES = {"patient_code": Rule.PATIENT_CODE, "center_code": Rule.CENTER_CODE, "birth_date": Rule.AGE}
DATES = (Kind.DATE, Kind.PARTIAL_DATE)
CENTER_FORMS = ("center", "center_labref")


def rule(form: Form, variable: Variable) -> Rule:
    """The rule for a variable.

    Free text is withheld wherever it stands: nobody has read it for names. So are dates of centers, which
    belong to no patient and would, unmoved, tell which center it is.
    """
    if variable.identifying is Identifying.DIRECT:
        return Rule.WITHHELD
    if variable.name in CODES:
        return CODES[variable.name]
    if variable.kind is Kind.TEXT:
        return Rule.WITHHELD
    if variable.kind in DATES:
        return Rule.WITHHELD if form.name in CENTER_FORMS else Rule.SHIFTED
    return Rule.KEPT
