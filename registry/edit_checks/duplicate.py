"""Whether another record looks like the same patient."""

from collections.abc import Iterator

from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def possible_duplicate(context: Context) -> Iterator[Hit]:
    """C41: said of the record as a whole, at its enrolment; the other one is not shown."""
    if context.has_twin:
        yield Hit("enrolment", 0, "")


CHECKS = (
    Check(
        "C41",
        (Severity.QUERY,),
        _("Same sex, month of birth, month of diagnosis and start of IsaPd within 7 days in another record."),
        _("Possible duplicate (other record not shown)."),
        possible_duplicate,
    ),
)
