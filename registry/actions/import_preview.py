"""Previewing a file: its rows are kept, then each patient's are planned; no patient's data change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext as _

from registry.actions import bulk
from registry.actions.import_lease import Lease
from registry.actions.import_plan import Ground, plan, refuse
from registry.actions.import_writing import settle
from registry.models import CASE_ROWS, Case, CaseRow, ImportBatch, ImportRow
from registry.models.guard import writes_allowed
from registry.models.import_batch import BatchState, Outcome
from registry.selectors import imports
from registry.selectors.facts import rows_of_all

PATIENTS_AT_ONCE = 50

_JUDGED = ("seq", "outcome", "completes", "changes", "problems", "findings", "owed")


def no_rows() -> dict[str, list[CaseRow]]:
    """Rows of a new case."""
    return {form: [] for form in CASE_ROWS}


def forget_rows(batch: ImportBatch) -> None:
    """Remove the rows of a preview."""
    with writes_allowed():
        ImportRow.objects.filter(batch=batch).delete()


def keep_rows(lease: Lease, rows: Sequence[ImportRow], *, done: int, total: int) -> None:
    """Store rows as they were read."""
    with lease.storing(done=done, total=total):
        if rows:
            bulk.insertion(rows).send()


def judge_rows(lease: Lease) -> None:
    """Say of every row that was read what would become of it."""
    batch = lease.batch
    done, total = 0, imports.rows(batch).filter(outcome=Outcome.READ).count()
    ground = Ground.of(batch)
    for portion in imports.portions(batch, [Outcome.READ], PATIENTS_AT_ONCE):
        _judge(batch, portion, ground)
        rows = [row for these in portion.values() for row in these]
        done += len(rows)
        with lease.storing(done=done, total=total):
            bulk.correction(rows, _JUDGED).send()


def finish(lease: Lease, version: int) -> None:
    """Show the preview, made of the data as they were at `version`."""
    rows = imports.rows(lease.batch)
    counts = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    touched = rows.filter(outcome__in=(Outcome.CREATED, Outcome.CHANGED)).order_by()
    known = touched.exclude(case_id=None)
    columns = {
        "preview_version": version,
        "rows_created": counts.get(Outcome.CREATED, 0),
        "rows_changed": counts.get(Outcome.CHANGED, 0),
        "rows_unchanged": counts.get(Outcome.UNCHANGED, 0),
        "rows_refused": counts.get(Outcome.REFUSED, 0),
        "cases_created": touched.filter(case_id=None).values("patient").distinct().count(),
        "cases_changed": known.values("patient").distinct().count(),
    }
    if counts.get(Outcome.REFUSED):
        settle(lease, BatchState.REFUSED, _("Nothing is imported while a row is refused."), **columns)
    elif not counts:
        settle(lease, BatchState.REFUSED, _("There is no row in this file."), **columns)
    else:
        settle(lease, BatchState.PREVIEWED, "", **columns)


def refuse_file(lease: Lease, why: str) -> None:
    """Say why the file as a whole cannot be read."""
    forget_rows(lease.batch)
    settle(lease, BatchState.REFUSED, why)


def give_up(lease: Lease) -> None:
    """Leave a batch to the person, after whoever worked on it died several times."""
    batch = lease.batch
    back = BatchState.COMMITTED if batch.state == BatchState.UNDOING else BatchState.FAILED
    settle(lease, back, _("This went wrong several times; the server's log says why."))


def _judge(batch: ImportBatch, portion: Mapping[int, Sequence[ImportRow]], ground: Ground) -> None:
    ids = [row.case_id for these in portion.values() for row in these[:1] if row.case_id]
    cases = imports.cases_of(batch.center, ids)
    stored = rows_of_all(list(cases.values()))
    made = imports.rows_made(list(cases.values()))
    for these in portion.values():
        case_id = these[0].case_id
        if case_id is None and not any(row.form == "enrolment" for row in these):
            _refuse_all(these, _("No patient has this own reference; a new patient comes with an enrolment."))
            continue
        case = Case(center=batch.center) if case_id is None else cases[case_id]
        plan(case, stored.get(case.pk) or no_rows(), these, made.get(case.pk) or {}, ground)


def _refuse_all(rows: Iterable[ImportRow], message: str) -> None:
    for row in rows:
        refuse(row, "", message)
