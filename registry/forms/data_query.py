"""Data queries as a page shows them: what is asked where, since when, what was said, what can be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.audit.history import Entry
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form
from registry.edit_checks.finding import Severity
from registry.forms.row_table import row_name
from registry.forms.wording import label_of, message_of, text_of
from registry.models import DataQuery, QueryState
from registry.policies.data_query import Step
from registry.selectors.whole_case import WholeCase
from registry.terminology.text import gettext_noop
from registry.today import today


@dataclass(frozen=True)
class Said:
    """One event of a query: what happened, by whom, when, with which words."""

    what: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Shown:
    """One query.

    Attributes
    ----------
    label : the question it is about; "" for the row as a whole.
    answer : what stands there now.
    row : which row of a form that repeats; "" where the form has one, None once the row is gone.
    days : since when it is open.
    can : what the reader may do with it.
    typed, error : what was typed and refused, and why.
    """

    query: DataQuery
    form: Form
    label: str
    answer: str
    row: str | None
    message: str
    days: int
    can: frozenset[Step]
    said: tuple[Said, ...] = ()
    typed: str = ""
    error: str = ""

    @property
    def is_error(self) -> bool:
        return self.query.severity == Severity.ERROR

    @property
    def severity(self) -> Severity:
        return Severity(self.query.severity)

    @property
    def says(self) -> Step | None:
        """The step that comes with words of its own: confirm, answer or ask again."""
        wordy = (Step.CONFIRM, Step.ANSWER, Step.REOPEN)
        return next((step for step in wordy if step in self.can), None)


def shown(
    whole: WholeCase,
    queries: Iterable[DataQuery],
    can: Mapping[object, frozenset[Step]],
    said: Mapping[str, Sequence[Said]] | None = None,
) -> list[Shown]:
    """Queries of one case in words; `can` and `said` by id of the query."""
    return [
        _show(whole, query, can.get(query.pk, frozenset()), (said or {}).get(str(query.pk), ()))
        for query in queries
    ]


def said_of(entries: Iterable[Entry]) -> dict[str, list[Said]]:
    """Id of a query → what happened with it, the oldest first; `entries` come the newest first."""
    found: dict[str, list[Said]] = {}
    for entry in reversed(list(entries)):
        state = str((entry.after or {}).get("state", ""))
        if any(change.name == "state" for change in entry.fields):
            before = str((entry.before or {}).get("state", ""))
            event = entry.event
            # A save's reason belongs to the row; it says no more than that a query opened or closed by it.
            by_hand = (before, state) in _BY_HAND
            found.setdefault(event.row_id, []).append(
                Said(_what(entry, before, state), event.actor_name, event.at, event.reason if by_hand else "")
            )
    return found


_BY_HAND = {
    (QueryState.OPEN, QueryState.CONFIRMED),
    (QueryState.OPEN, QueryState.ANSWERED),
    (QueryState.ANSWERED, QueryState.OPEN),
    (QueryState.CLOSED, QueryState.OPEN),
}


def _what(entry: Entry, before: str, state: str) -> str:
    is_question = not (entry.after or {}).get("check_id")
    if is_question:
        word = _OF_A_QUESTION.get((before, state), gettext_noop("closed"))
    else:
        word = _OF_A_FINDING.get((before, state), gettext_noop("closed, because it is gone"))
    return _(word)


_OF_A_QUESTION = {
    ("", QueryState.OPEN): gettext_noop("asked"),
    (QueryState.OPEN, QueryState.ANSWERED): gettext_noop("answered"),
    (QueryState.ANSWERED, QueryState.OPEN): gettext_noop("asked again"),
    (QueryState.CLOSED, QueryState.OPEN): gettext_noop("asked again"),
}
_OF_A_FINDING = {
    ("", QueryState.OPEN): gettext_noop("found"),
    ("", QueryState.CONFIRMED): gettext_noop("confirmed as correct with the save"),
    (QueryState.OPEN, QueryState.CONFIRMED): gettext_noop("confirmed as correct"),
    (QueryState.CLOSED, QueryState.OPEN): gettext_noop("found again"),
    (QueryState.CLOSED, QueryState.CONFIRMED): gettext_noop("found again, and settled before"),
}


def _show(whole: WholeCase, query: DataQuery, can: frozenset[Step], said: Sequence[Said]) -> Shown:
    form = CASE_FORMS[query.form]
    row = next((row for row in whole.rows[query.form] if row.seq == query.seq), None)
    variable = next((each for each in form if each.name == query.variable), None)
    stored = row.record() if row is not None else None
    return Shown(
        query=query,
        form=form,
        label=label_of(variable) if variable else "",
        answer=text_of(variable, stored[variable.name]) if variable and stored is not None else "",
        row=None if row is None else row_name(row) if form.repeating else "",
        message=message_of(query),
        days=(today() - timezone.localdate(query.opened_at)).days,
        can=can,
        said=tuple(said),
    )
