"""Importing what was previewed: made ready first, then written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions.deferred import Deferred
from registry.actions.import_lease import Lease
from registry.actions.import_plan import Ground, Plan, plan
from registry.actions.import_preview import PATIENTS_AT_ONCE, no_rows
from registry.actions.import_writing import TRIES, actor_of, named, settle, writing
from registry.audit.log import data_version
from registry.exceptions import NotPermitted, StaleVersion
from registry.models import Case, CaseRow, DerivedCase, ImportRow, ImportWork, OwnReference
from registry.models.import_batch import BatchState, Outcome
from registry.selectors import imports
from registry.selectors.facts import rows_of_all
from registry.selectors.patient_codes import code_of, last_number

WRITTEN = (Outcome.CREATED, Outcome.CHANGED)


class _Outdated(Exception):
    """The data are not those of the preview any more; `rows` are those it concerns."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        super().__init__()
        self.rows = rows


def commit_rows(lease: Lease) -> None:
    """Write every previewed row, or say why not."""
    try:
        for _attempt in range(TRIES):
            try:
                _Commit(lease).carry_out()
            except StaleVersion:
                continue
            return
        settle(lease, BatchState.OUTDATED, _("Others were working on these patients."))
    except NotPermitted as refused:
        settle(lease, BatchState.FAILED, str(refused))
    except _Outdated as outdated:
        why = _("Somebody changed these patients since the preview: %(rows)s.")
        settle(lease, BatchState.OUTDATED, why % {"rows": named(outdated.rows)})


class _Commit:
    """One attempt."""

    def __init__(self, lease: Lease) -> None:
        self.lease, self.batch = lease, lease.batch
        actor = actor_of(self.batch, self.batch.committed_by_id, self.batch.committed_by)
        self.work = Deferred(actor, self.batch.center, self.batch.reason)
        self.since = data_version()
        self.ground = Ground.of(self.batch)
        self.issued = last_number(self.batch.center)
        self.numbers = count(self.issued + 1)
        self.cases: set[UUID] = set()
        self.references: set[str] = set()

    def carry_out(self) -> None:
        """Raise StaleVersion, _Outdated, LeaseLost where it cannot."""
        self._check_preview()
        done, total = 0, imports.rows(self.batch).filter(outcome__in=WRITTEN).count()
        for portion in imports.portions(self.batch, WRITTEN, PATIENTS_AT_ONCE):
            self._prepare(portion)
            done += sum(len(these) for these in portion.values())
            self.lease.say(done, total)
        self._write()

    def _check_preview(self) -> None:
        """Raise _Outdated where a patient of the file was changed since the preview."""
        changed = imports.changed_since(self.batch.center, self.batch.preview_version or 0)
        known = imports.own_references(self.batch.center) if changed else {}
        if not changed:
            return
        rows = imports.rows(self.batch).filter(outcome__in=WRITTEN).iterator()
        outdated = [row for row in rows if str(row.case_id) in changed or _is_known_now(row, known)]
        if outdated:
            raise _Outdated(outdated)

    def _prepare(self, portion: Mapping[int, Sequence[ImportRow]]) -> None:
        ids = [these[0].case_id for these in portion.values() if these[0].case_id]
        cases = imports.cases_of(self.batch.center, ids)
        stored, made = rows_of_all(list(cases.values())), imports.rows_made(list(cases.values()))
        self.work.derived = set(DerivedCase.objects.filter(pk__in=ids).scoped().values_list("pk", flat=True))
        self.cases |= set(cases)
        for these in portion.values():
            for row in these:
                # A new row gets the number it had in the preview again.
                row.seq = None if row.outcome == Outcome.CREATED else row.seq
            case_id = these[0].case_id
            case = cases[case_id] if case_id else self._enroll(these[0])
            planned = plan(
                case, stored.get(case.pk) or no_rows(), these, made.get(case.pk) or {}, self.ground
            )
            if any(row.outcome == Outcome.REFUSED for row in these):
                raise _Outdated([row for row in these if row.outcome == Outcome.REFUSED])
            self._note(planned)
        self.work.pack()

    def _enroll(self, row: ImportRow) -> Case:
        code = code_of(self.batch.center, next(self.numbers))
        case = Case(center=self.batch.center, patient_code=code, created_at=self.work.at)
        self.work.create(case)
        self.work.create(OwnReference(case=case, center=self.batch.center, text=row.own_reference))
        self.references.add(row.own_reference)
        return case

    def _note(self, planned: Plan) -> None:
        new: dict[type[CaseRow], list[CaseRow]] = {}
        for each in planned.written:
            if each.before is None:
                new.setdefault(type(each.row), []).append(each.row)
            else:
                self.work.update(each.row, each.before)
        for rows in new.values():
            self.work.create_all(rows)
        self.work.derive(planned.whole)

    def _write(self) -> None:
        with writing(self.lease, self.work, self.cases, self.since, self._check_new) as batch:
            batch.state, batch.committed_at = BatchState.COMMITTED, self.work.at
            batch.committed_by = self.work.actor.name
            batch.last_event = self.work.data_version
            batch.first_event = self.work.data_version - self.work.events + 1
            batch.last_number = next(self.numbers) - 1 if self.references else None
            ImportWork.objects.filter(batch=batch).update(content=None)

    def _check_new(self) -> None:
        """Raise StaleVersion where somebody enrolled a patient since: codes, or the patient, are taken."""
        if self.references and (
            last_number(self.batch.center) != self.issued
            or self.references & set(imports.own_references(self.batch.center))
        ):
            raise StaleVersion("patients were enrolled while the import was made ready")


def _is_known_now(row: ImportRow, known: Mapping[str, UUID]) -> bool:
    return row.case_id is None and row.own_reference in known
