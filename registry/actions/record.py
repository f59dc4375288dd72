"""Entering and correcting rows of a case: save, complete, remove."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from registry.actions.change import change
from registry.actions.complete import check_complete
from registry.actions.entries import put, read_entries
from registry.actions.idempotency import AlreadySubmitted, digest, earlier, remember
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.dictionary.entry import Raw
from registry.dictionary.values import Value
from registry.exceptions import NotFound, StaleVersion
from registry.models import CASE_ROWS, Action, Case, CaseRow, Event, State
from registry.permissions.verbs import Verb
from registry.policies.row import check_reason, check_version
from registry.today import today

Entries = Mapping[str, Raw]


def save(
    actor: Actor,
    case: Case,
    form: str,
    entries: Entries,
    *,
    seq: int | None = None,
    version: int | None = None,
    complete: bool = False,
    reason: str = "",
    token: str = "",
) -> CaseRow:
    """Save one row: a new one when `seq` is None, else row `seq`.

    Parameters
    ----------
    entries : variable name → raw entry; a variable that is not named keeps its value.
    version : the version the person saw; None only for a new row.
    complete : call the row complete. Otherwise it is a draft.
    token : idempotency token; the same token and body answer with the same row.

    Raises
    ------
    InvalidEntries, StaleVersion, ReasonRequired, Incomplete, TokenReused, NotPermitted, NotFound
    """
    check_actor_can(actor, Verb.RECORD, case.center)
    model = model_of(form)
    body = digest(str(case.pk), form, dict(entries), seq, version, complete, reason)
    if row_id := earlier(token, body):
        return _row_by_id(model, case, row_id)
    values = read_entries(model, entries, seq or 0, today())
    state = State.COMPLETE if complete else State.DRAFT
    try:
        with change(actor, case=case, reason=reason) as work:
            if seq is None:
                row = _new(model, case, work.rows(case)[form])
                _apply(row, values, state)
                work.create(row)
            else:
                row = _stored(work.rows(case)[form], seq)
                check_version(row, version)
                before = image(row)
                _apply(row, values, state)
                if image(row) != before:
                    check_reason(completed_once=before["completed_once"], reason=reason)
                work.update(row, before)
            if complete:
                check_complete(work.facts(case), work.rows(case), [row])
            remember(token, body, row.pk, work.at)
    except AlreadySubmitted:
        return _row_by_id(model, case, earlier(token, body) or "")
    return row


def remove(
    actor: Actor, case: Case, form: str, seq: int, *, version: int, reason: str = "", token: str = ""
) -> None:
    """Remove one row; its history stays. Raises as `save`."""
    check_actor_can(actor, Verb.RECORD, case.center)
    model_of(form)
    body = digest(str(case.pk), form, seq, version, "remove")
    if earlier(token, body):
        return
    try:
        with change(actor, case=case, reason=reason) as work:
            row = _stored(work.rows(case)[form], seq)
            check_version(row, version)
            check_reason(completed_once=row.completed_once, reason=reason)
            work.delete(row)
            remember(token, body, row.pk, work.at)
    except AlreadySubmitted:
        return


def model_of(form: str) -> type[CaseRow]:
    """The model of a case form; raises NotFound for any other name."""
    try:
        return CASE_ROWS[form]
    except KeyError:
        raise NotFound(_("There is no such form.")) from None


def _apply(row: CaseRow, values: Mapping[str, Value], state: State) -> None:
    put(row, values)
    row.state = state
    row.completed_once = row.completed_once or state is State.COMPLETE


def _new(model: type[CaseRow], case: Case, stored: Sequence[CaseRow]) -> CaseRow:
    if model.form.repeating:
        # Every row ever made left one event, so a removed row's number is not given out again.
        made = Event.objects.filter(case_id=str(case.pk), table=model._meta.db_table, action=Action.CREATE)
        return model(case=case, seq=made.count() + 1)
    if stored:
        raise StaleVersion(_("Somebody else has entered this form in the meantime."), stored[0])
    return model(case=case, seq=1)


def _stored(rows: Sequence[CaseRow], seq: int) -> CaseRow:
    for row in rows:
        if row.seq == seq:
            return row
    raise StaleVersion(_("This row was removed by somebody else."))


def _row_by_id(model: type[CaseRow], case: Case, row_id: str) -> CaseRow:
    row = model.objects.filter(case=case, pk=row_id).scoped().first()
    if row is None:
        raise StaleVersion(_("This row was removed by somebody else."))
    return row  # type: ignore[no-any-return]
