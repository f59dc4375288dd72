"""Check of LDH: C14."""

from collections.abc import Iterator

from registry.derivations.ldh import NO_LIMIT, ldh_status
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def upper_limit(context: Context) -> Iterator[Hit]:
    """C14: an LDH that cannot be called normal or high."""
    if ldh_status(context.facts.one("baseline"), context.facts.labrefs).reason == NO_LIMIT:
        yield Hit("baseline", 0, "ldh_uln_sample")


CHECKS = (
    Check(
        "C14",
        (Severity.ERROR,),
        _("LDH without an upper limit, neither of the sample nor of the center on that day."),
        _("LDH needs the laboratory's upper limit."),
        upper_limit,
    ),
)
