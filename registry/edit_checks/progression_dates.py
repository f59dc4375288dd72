"""Check of the progression form against the assessments: C35."""

from collections.abc import Iterator

from registry.derivations.dates import days_between
from registry.derivations.reading import code, day
from registry.derivations.visits import investigator_visits
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _


def two_dates(context: Context) -> Iterator[Hit]:
    """C35: progression at an assessment, and none or another one on the form of its own."""
    visits = investigator_visits(context.facts, context.start, context.observation)
    seen = min((visit.day for visit in visits if visit.response is Response.PD), default=None)
    form = context.facts.one("progression")
    occurred, reported = code(form, "pd_occurred"), day(form, "pd_date")
    if seen is None:
        return
    if occurred == "N":
        yield Hit("progression", 0, "pd_occurred")
    elif reported and abs(days_between(seen, reported)) > context.rules.pd_dates_days:
        yield Hit("progression", 0, "pd_date")


CHECKS = (
    Check(
        "C35",
        (Severity.QUERY,),
        _(
            "An assessment shows PD but progression is answered no, or the two dates are more than 14 days "
            "apart."
        ),
        _("Two progression dates."),
        two_dates,
    ),
)
