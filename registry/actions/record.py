"""Entering and correcting rows of a case: save, complete, remove; one row, or several at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4, uuid5

from django.utils.translation import gettext as _

from registry.actions.change import Change, change
from registry.actions.complete import check_complete
from registry.actions.entries import Entries, RowEntries, put, read_entries
from registry.actions.idempotency import AlreadySubmitted, digest, earlier, remember
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.dictionary.values import Value
from registry.exceptions import Incomplete, InvalidEntries, NotFound, StaleVersion, Unconfirmed
from registry.models import CASE_ROWS, Action, Case, CaseRow, Event, State
from registry.permissions.verbs import Verb
from registry.policies.row import check_reason, check_version
from registry.today import today

# (form, position among the rows of the form that were sent, from 1)
Sent = Mapping[tuple[str, int], RowEntries]


def save(
    actor: Actor,
    case: Case,
    form: str,
    entries: Entries,
    *,
    seq: int | None = None,
    version: int | None = None,
    complete: bool = False,
    confirmations: Mapping[str, str] | None = None,
    reason: str = "",
    token: str = "",
) -> CaseRow:
    """Save one row: a new one when `seq` is None, else row `seq`; parameters as of `RowEntries`.

    Raises
    ------
    InvalidEntries, StaleVersion, ReasonRequired, Incomplete, Unconfirmed, TokenReused, NotPermitted, NotFound
    """
    sent = RowEntries(entries, seq, version, complete, confirmations or {})
    return save_all(actor, case, form, [sent], reason=reason, token=token)[0]


def save_all(
    actor: Actor, case: Case, form: str, rows: Sequence[RowEntries], *, reason: str = "", token: str = ""
) -> list[CaseRow]:
    """Save several rows of one form, all or none; see `save_forms`. The rows that are left, as sent."""
    return save_forms(actor, case, {form: rows}, reason=reason, token=token)[form]


def save_forms(
    actor: Actor,
    case: Case,
    forms: Mapping[str, Sequence[RowEntries]],
    *,
    reason: str = "",
    token: str = "",
) -> dict[str, list[CaseRow]]:
    """Save rows of several forms of a case, all or none.

    Parameters
    ----------
    forms : form name → rows to make, change or remove; one is complete as far as all of them together allow.
    reason : why rows that were complete before change.
    token : idempotency token; the same token and body answer with the same rows.

    Returns
    -------
    Form name → the rows that are left, in the order sent.

    Raises
    ------
    InvalidEntries, StaleVersion, ReasonRequired, Incomplete, Unconfirmed, TokenReused, NotPermitted, NotFound
    """
    check_actor_can(actor, Verb.RECORD, case.center)
    for form in forms:
        model_of(form)
    sent = {(form, number): row for form, rows in forms.items() for number, row in enumerate(rows, start=1)}
    body = digest(str(case.pk), [[*place, vars(row)] for place, row in sent.items()], reason)
    if batch := earlier(token, body):
        return _saved_before(case, forms, sent, batch)
    values = _read(sent)
    ids = uuid4()
    try:
        with change(actor, case=case, reason=reason) as work:
            saved = {}
            for place, row in sent.items():
                if row.is_removed:
                    _remove(work, case, place[0], row)
                else:
                    saved[place] = _save(work, case, place[0], row, values[place], _id(ids, place))
            work.confirmations = {
                (place[0], row.seq, key): why
                for place, row in saved.items()
                for key, why in sent[place].confirmations.items()
            }
            _check_complete(work, case, {place: row for place, row in saved.items() if sent[place].complete})
            remember(token, body, ids, work.at)
    except AlreadySubmitted:
        return _saved_before(case, forms, sent, earlier(token, body) or "")
    return _by_form(forms, saved)


def remove(
    actor: Actor, case: Case, form: str, seq: int, *, version: int, reason: str = "", token: str = ""
) -> None:
    """Remove one row; its history stays. Raises as `save`."""
    save_all(actor, case, form, [RowEntries({}, seq, version, is_removed=True)], reason=reason, token=token)


def model_of(form: str) -> type[CaseRow]:
    """The model of a case form; raises NotFound for any other name."""
    try:
        return CASE_ROWS[form]
    except KeyError:
        raise NotFound(_("There is no such form.")) from None


def _read(sent: Sent) -> dict[tuple[str, int], dict[str, Value]]:
    """The values of every row; raises InvalidEntries with the errors of all of them."""
    values: dict[tuple[str, int], dict[str, Value]] = {}
    errors: dict[tuple[str, int, str], Sequence[str]] = {}
    for place, row in sent.items():
        form, number = place
        try:
            values[place] = read_entries(model_of(form), row.entries, number, today())
        except InvalidEntries as invalid:
            errors |= invalid.errors
    if errors:
        raise InvalidEntries(errors)
    return values


def _save(
    work: Change, case: Case, form: str, sent: RowEntries, values: Mapping[str, Value], new_id: UUID
) -> CaseRow:
    state = State.COMPLETE if sent.complete else State.DRAFT
    if sent.seq is None:
        row = _new(work, case, form, new_id)
        _apply(row, values, state)
        work.create(row)
        return row
    row = _stored(work, case, form, sent)
    before = image(row)
    _apply(row, values, state)
    if image(row) != before:
        check_reason(completed_once=before["completed_once"], reason=work.reason)
    work.update(row, before)
    return row


def _remove(work: Change, case: Case, form: str, sent: RowEntries) -> None:
    row = _stored(work, case, form, sent)
    check_reason(completed_once=row.completed_once, reason=work.reason)
    work.delete(row)


def _apply(row: CaseRow, values: Mapping[str, Value], state: State) -> None:
    put(row, values)
    row.state = state
    row.completed_once = row.completed_once or state is State.COMPLETE


def _new(work: Change, case: Case, form: str, new_id: UUID) -> CaseRow:
    model = model_of(form)
    if model.form.repeating:
        # Every row ever made left one event, so a removed row's number is not given out again.
        table = model._meta.db_table
        made = Event.objects.filter(case_id=str(case.pk), table=table, action=Action.CREATE).count()
        made += sum((draft.table, draft.action) == (table, Action.CREATE) for draft in work.drafts)
        return model(id=new_id, case=case, seq=made + 1)
    if stored := work.whole(case).rows[form]:
        message = _("Somebody else has entered this form in the meantime.")
        raise StaleVersion(message, stored[0], (form, stored[0].seq))
    return model(id=new_id, case=case, seq=1)


def _stored(work: Change, case: Case, form: str, sent: RowEntries) -> CaseRow:
    """The stored row that was sent, if it is still as the person saw it."""
    for row in work.whole(case).rows[form]:
        if row.seq == sent.seq:
            check_version(row, sent.version)
            return row
    raise StaleVersion(_("This row was removed by somebody else."), place=(form, sent.seq or 0))


def _check_complete(work: Change, case: Case, completing: Mapping[tuple[str, int], CaseRow]) -> None:
    """Raise, with the position of each finding's row, unless all of `completing` can be called complete."""
    if not completing:
        return
    whole = work.whole(case)
    try:
        check_complete(whole, list(completing.values()), work.confirmations)
    except (Incomplete, Unconfirmed) as refused:
        numbers = {(form, whole.rows[form].index(row)): number for (form, number), row in completing.items()}
        refused.positions = [numbers[found.form, found.index] for found in refused.findings]
        raise


def _id(batch: UUID, place: tuple[str, int]) -> UUID:
    """Id of a new row: it follows from its batch's, so that a second submit finds the rows of the first."""
    return uuid5(batch, f"{place[0]}.{place[1]}")


def _saved_before(
    case: Case, forms: Mapping[str, Sequence[RowEntries]], sent: Sent, batch: str
) -> dict[str, list[CaseRow]]:
    """The rows of an earlier command of the same body, as they are stored now."""
    saved = {}
    for place, row in sent.items():
        if row.is_removed:
            continue
        rows = model_of(place[0]).objects.filter(case=case).scoped()
        is_new = row.seq is None
        stored = (rows.filter(pk=_id(UUID(batch), place)) if is_new else rows.filter(seq=row.seq)).first()
        if stored is None:
            raise StaleVersion(_("This row was removed by somebody else."))
        saved[place] = stored
    return _by_form(forms, saved)


def _by_form(
    forms: Mapping[str, Sequence[RowEntries]], saved: Mapping[tuple[str, int], CaseRow]
) -> dict[str, list[CaseRow]]:
    return {form: [row for (name, _number), row in saved.items() if name == form] for form in forms}
