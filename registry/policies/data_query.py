"""What the state of a data query allows.

========= ========== ======================================================================
from      to         by
========= ========== ======================================================================
OPEN      CONFIRMED  a person, with a reason; a check's warning or query, never its error
OPEN      ANSWERED   a person, with a text; only another person's question
OPEN      CLOSED     the condition is gone, or the row; or who asked takes the question back
ANSWERED  CLOSED     who asked is content, or the row is gone
ANSWERED  OPEN       who asked asks again, with a text
CONFIRMED CLOSED     the condition is gone
CLOSED    OPEN       the same condition is back, or who asked asks again
CLOSED    CONFIRMED  the same condition is back, and was confirmed for this very answer
========= ========== ======================================================================

What follows from a condition is `registry.actions.queries`; a person's steps are in `STEPS`.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from registry.edit_checks.finding import Severity
from registry.exceptions import NotPermitted, ReasonRequired, StaleVersion
from registry.models import DataQuery, QueryState
from registry.terminology.text import gettext_noop

MAX_TEXT = 500


class Step(StrEnum):
    """What a person does with a query."""

    CONFIRM = "confirm"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Rule:
    """What a step leads from and to; `of_question`: a person's question, otherwise a check's finding.

    `wants` is said where the step needs a text and has none.
    """

    before: frozenset[QueryState]
    after: QueryState
    of_question: bool = True
    wants: str = ""


STEPS: dict[Step, Rule] = {
    Step.CONFIRM: Rule(
        frozenset({QueryState.OPEN}),
        QueryState.CONFIRMED,
        of_question=False,
        wants=gettext_noop("Please say why this is correct."),
    ),
    Step.ANSWER: Rule(
        frozenset({QueryState.OPEN}), QueryState.ANSWERED, wants=gettext_noop("Please write an answer.")
    ),
    Step.CLOSE: Rule(frozenset({QueryState.OPEN, QueryState.ANSWERED}), QueryState.CLOSED),
    Step.REOPEN: Rule(
        frozenset({QueryState.ANSWERED, QueryState.CLOSED}),
        QueryState.OPEN,
        wants=gettext_noop("Please say what is still open."),
    ),
}


def check_can(step: Step, query: DataQuery, text: str = "") -> None:
    """Raise unless the query's kind and state allow a step.

    Raises
    ------
    NotPermitted
        Never for this query: an error cannot be confirmed, a check's finding not be closed by hand.
    StaleVersion
        Not any more: somebody else was faster, or the condition is gone.
    ReasonRequired
        Only the text is missing.
    """
    rule = STEPS[step]
    if step is Step.CONFIRM and query.severity == Severity.ERROR:
        raise NotPermitted(_("An error cannot be confirmed as correct: please correct it."))
    if query.is_question is not rule.of_question:
        raise NotPermitted(_why_not_of_this_kind(query))
    if query.state not in rule.before:
        raise StaleVersion(_("In the meantime this query has changed: please look again."), query)
    if rule.wants and not text.strip():
        raise ReasonRequired(_(rule.wants))


def steps(query: DataQuery) -> set[Step]:
    """The steps the query's kind and state allow, whoever may take them."""
    return {
        step
        for step, rule in STEPS.items()
        if query.is_question is rule.of_question
        and query.state in rule.before
        and not (step is Step.CONFIRM and query.severity == Severity.ERROR)
    }


def _why_not_of_this_kind(query: DataQuery) -> str:
    if query.is_question:
        return _("A question is answered, not confirmed.")
    return _("What a check has found closes itself when it is corrected.")
