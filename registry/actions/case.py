"""Enrolling a patient, and entering a whole case at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from registry.actions.change import Change, change
from registry.actions.complete import check_complete
from registry.actions.entries import put, read_entries
from registry.actions.idempotency import AlreadySubmitted, digest, earlier, remember
from registry.actions.permitted import check_actor_can
from registry.actions.queries import Confirmations
from registry.audit.actor import Actor
from registry.dictionary.entry import Raw
from registry.edit_checks.finding import Severity
from registry.exceptions import InvalidEntries, NotFound
from registry.models import CASE_ROWS, Case, CaseRow, Center, State
from registry.permissions.verbs import Verb
from registry.selectors.patient_codes import code_of, last_number
from registry.selectors.whole_case import WholeCase
from registry.today import today

Entries = Mapping[str, Raw]


def enroll(
    actor: Actor,
    center: Center,
    entries: Entries,
    *,
    complete: bool = False,
    confirmations: Mapping[str, str] | None = None,
    token: str = "",
) -> Case:
    """Make a case with its enrolment form; the registry issues the patient code.

    `confirmations` as of `record.save`.

    Raises
    ------
    InvalidEntries, Incomplete, Unconfirmed, TokenReused, NotPermitted
    """
    record = {"enrolment": dict(entries)}
    return enter(actor, center, record, complete=complete, confirm=confirmations or {}, token=token)


def enter(
    actor: Actor,
    center: Center,
    record: Mapping[str, Any],
    *,
    complete: bool = False,
    confirm: str | Mapping[str, str] = "",
    token: str = "",
    synthetic: bool = False,
    reason: str = "",
) -> Case:
    """Make a case with any of its forms, all in one transaction.

    Parameters
    ----------
    record : form name → entries, or list of entries for a form that repeats (the JSON entry format).
    complete : call every row complete.
    confirm : why every warning is correct, or key of a warning → why that one is.

    Raises
    ------
    InvalidEntries, Incomplete, Unconfirmed, TokenReused, NotPermitted, NotFound
    """
    check_actor_can(actor, Verb.ENROLL, center)
    body = digest(str(center.pk), record, complete, confirm or "")
    if case_id := earlier(token, body):
        return _by_id(case_id)
    try:
        with change(actor, center=center, reason=reason) as work:
            case = _create(work, center, synthetic)
            rows = _rows(case, record)
            if complete:
                whole, completing = WholeCase(case, rows), [row for these in rows.values() for row in these]
                work.confirmations = _confirmed(whole, confirm)
                check_complete(whole, completing, work.confirmations)
            for these in rows.values():
                for row in these:
                    row.state = State.COMPLETE if complete else State.DRAFT
                    row.completed_once = complete
                work.create_all(these)
            remember(token, body, case.pk, work.at)
    except AlreadySubmitted:
        return _by_id(earlier(token, body) or "")
    return case


def _create(work: Change, center: Center, synthetic: bool) -> Case:
    # The center's row is the lock under which its next code is issued.
    Center.objects.select_for_update().get(pk=center.pk)
    code = code_of(center, last_number(center) + 1)
    case = Case(center=center, patient_code=code, created_at=work.at, synthetic=synthetic)
    work.create(case)
    work.case = case
    return case


def _rows(case: Case, record: Mapping[str, Any]) -> dict[str, list[CaseRow]]:
    """Unsaved rows of every form; raises InvalidEntries with the errors of all of them."""
    unknown = set(record) - set(CASE_ROWS) - {"patient_code", "center_labref"}
    if unknown:
        raise NotFound(_("There is no form “%(name)s”.") % {"name": min(unknown)[:40]})
    errors: dict[tuple[str, int, str], Sequence[str]] = {}
    rows: dict[str, list[CaseRow]] = {}
    for form, model in CASE_ROWS.items():
        content = record.get(form) or []
        given = content if isinstance(content, list | tuple) else [content]
        if len(given) > 1 and not model.form.repeating:
            raise InvalidEntries({(form, 2, ""): [_("This form has one row only.")]})
        rows[form] = []
        for seq, entries in enumerate(given, start=1):
            row = model(case=case, seq=seq)
            try:
                put(row, read_entries(model, entries, seq, today()))
            except InvalidEntries as invalid:
                errors |= invalid.errors
            rows[form].append(row)
    if errors:
        raise InvalidEntries(errors)
    return rows


def _confirmed(whole: WholeCase, confirm: str | Mapping[str, str]) -> Confirmations:
    """The reasons given for the warnings of the case."""
    places = [
        (row.form.name, row.seq, finding)
        for these in whole.rows.values()
        for row in these
        for finding in whole.findings_at(row)
    ]
    reasons = {
        (form, seq, finding.key): confirm if isinstance(confirm, str) else confirm.get(finding.key, "")
        for form, seq, finding in places
        if finding.severity is Severity.WARNING
    }
    return {place: reason for place, reason in reasons.items() if reason}


def _by_id(case_id: str) -> Case:
    return Case.objects.filter(pk=case_id).scoped().get()  # type: ignore[no-any-return]
