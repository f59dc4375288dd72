"""Taking an import back while its rows are as it left them: made ready first, then written at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.actions.deferred import Deferred
from registry.actions.import_lease import Lease
from registry.actions.import_preview import PATIENTS_AT_ONCE
from registry.actions.import_writing import NAMED, TRIES, actor_of, settle, writing
from registry.audit.canonical import image, restore
from registry.audit.log import data_version
from registry.audit.replay import Change, with_payloads
from registry.exceptions import NotPermitted, StaleVersion
from registry.models import CASE_ROWS, Case, CaseRow, DataQuery, DerivedCase, Event, OwnReference
from registry.models.import_batch import BatchState
from registry.selectors import imports
from registry.selectors.facts import rows_of_all
from registry.selectors.whole_case import WholeCase


class _Touched(Exception):
    """Rows of the import were changed since; `names` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names


def undo_rows(lease: Lease) -> None:
    """Take back every row of an import, or say why not."""
    try:
        for _attempt in range(TRIES):
            try:
                _Undo(lease).carry_out()
            except StaleVersion:
                continue
            return
        _stay(lease, _("Others were working on these patients."))
    except NotPermitted as refused:
        _stay(lease, str(refused))
    except _Touched as touched:
        names = ", ".join(touched.names[:NAMED]) + (" …" if len(touched.names) > NAMED else "")
        _stay(
            lease, _("Not undone, because these were changed since the import: %(rows)s.") % {"rows": names}
        )


def _stay(lease: Lease, why: str) -> None:
    nobody = {"undo_reason": "", "undone_by": "", "undone_by_id": ""}
    settle(lease, BatchState.COMMITTED, why, **nobody)


class _Undo:
    """One attempt."""

    def __init__(self, lease: Lease) -> None:
        self.lease, self.batch = lease, lease.batch
        actor = actor_of(self.batch, self.batch.undone_by_id, self.batch.undone_by)
        self.work = Deferred(actor, self.batch.center, self.batch.undo_reason)
        self.since = data_version()
        self.touched: list[str] = []

    def carry_out(self) -> None:
        """Raise StaleVersion, _Touched, LeaseLost where it cannot."""
        ids = [UUID(case_id) for case_id in self._events().values_list("case_id", flat=True).distinct()]
        for start in range(0, len(ids), PATIENTS_AT_ONCE):
            self._prepare(ids[start : start + PATIENTS_AT_ONCE])
            self.lease.say(min(start + PATIENTS_AT_ONCE, len(ids)), len(ids))
        if self.touched:
            raise _Touched(self.touched)
        with writing(self.lease, self.work, set(ids), self.since, lambda: None) as batch:
            batch.state, batch.undone_at = BatchState.UNDONE, self.work.at
            batch.undone_by = self.work.actor.name

    def _events(self) -> QuerySet[Event]:
        numbers = (self.batch.first_event, self.batch.last_event)
        return Event.objects.filter(number__range=numbers, table__in=imports.FACTS).order_by()

    def _prepare(self, ids: Sequence[UUID]) -> None:
        cases = imports.cases_of(self.batch.center, ids)
        stored = rows_of_all(list(cases.values()))
        names = [str(pk) for pk in ids]
        done: dict[str, list[Change]] = {name: [] for name in names}
        for change in with_payloads(list(self._events().filter(case_id__in=names).order_by("number"))):
            done[change.event.case_id].append(change)
        self.work.derived = set(DerivedCase.objects.filter(pk__in=ids).scoped().values_list("pk", flat=True))
        later = self._later(names)
        for case in cases.values():
            changes = done[str(case.pk)]
            if self._is_touched(case, changes, later):
                continue
            if any(change.event.table == Case._meta.db_table for change in changes):
                self._remove(case, stored[case.pk])
            else:
                self._restore(case, stored[case.pk], changes)
        self.work.pack()

    def _later(self, names: Sequence[str]) -> dict[tuple[str, str], set[str]]:
        """(case id, table) → ids of rows that were changed after the import."""
        later: dict[tuple[str, str], set[str]] = {}
        events = Event.objects.filter(
            case_id__in=names, table__in=imports.FACTS, number__gt=self.batch.last_event
        )
        for case_id, table, row_id in events.values_list("case_id", "table", "row_id"):
            later.setdefault((case_id, table), set()).add(row_id)
        return later

    def _is_touched(
        self, case: Case, changes: Sequence[Change], later: dict[tuple[str, str], set[str]]
    ) -> bool:
        """Whether what the import wrote of this case was changed since; of a new case, anything at all."""
        written: dict[str, set[str]] = {}
        for change in changes:
            written.setdefault(change.event.table, set()).add(change.event.row_id)
        is_new = Case._meta.db_table in written
        before = len(self.touched)
        for (case_id, table), rows in later.items():
            if case_id == str(case.pk) and (is_new or rows & written.get(table, set())):
                self.touched.append(f"{case.patient_code} {_label(table)}".strip())
        return len(self.touched) > before

    def _remove(self, case: Case, rows: dict[str, list[CaseRow]]) -> None:
        """Remove a case that the import made, with all that hangs on it."""
        for query in DataQuery.objects.filter(case=case).scoped():
            self.work.delete(query)
        for these in rows.values():
            for row in these:
                self.work.delete(row)
        for reference in OwnReference.objects.filter(case=case).scoped():
            self.work.delete(reference)
        for derived in DerivedCase.objects.filter(case=case).scoped():
            self.work.forget_derived(derived)
        self.work.delete(case)

    def _restore(self, case: Case, rows: dict[str, list[CaseRow]], changes: Sequence[Change]) -> None:
        """Bring the rows of a case back to what they were before the import."""
        stored = {str(row.pk): row for these in rows.values() for row in these}
        for change in changes:
            row = stored[change.event.row_id]
            earlier = change.before_image()
            if earlier is None:
                rows[row.form.name].remove(row)
                self.work.delete(row)
            else:
                now = image(row)
                restore(row, earlier)
                self.work.update(row, now)
        self.work.derive(WholeCase(case, rows))


def _label(table: str) -> str:
    return next((_(model.form.label) for model in CASE_ROWS.values() if model._meta.db_table == table), "")
