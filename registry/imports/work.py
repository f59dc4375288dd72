"""What the worker does with the imports people have asked for: read, write, take back."""

from __future__ import annotations

from io import BytesIO

import structlog
from django.utils import translation

from registry.actions import import_preview
from registry.actions.import_commit import commit_rows
from registry.actions.import_lease import Lease, LeaseLost, holding, waiting
from registry.actions.import_undo import undo_rows
from registry.audit.log import data_version
from registry.exceptions import ImportRefused
from registry.imports.patients import Patients
from registry.imports.problem import Problem
from registry.imports.reading import read_file
from registry.imports.rows import ParsedRow
from registry.models import BatchState, ImportRow, ImportWork, Outcome

logger = structlog.get_logger(__name__)

ROWS_AT_ONCE = 500
SHOWN_PROBLEMS = 5


def work_on_imports() -> None:
    """Do what waits; one query when nothing does."""
    for batch in waiting().select_related("center"):
        with holding(batch) as lease:
            if lease is not None:
                _work(lease)


def _work(lease: Lease) -> None:
    work = ImportWork.objects.get(batch=lease.batch)
    # Another worker may have finished between the look and the lease.
    lease.batch.refresh_from_db()
    try:
        with translation.override(work.language):
            if lease.is_given_up:
                import_preview.give_up(lease)
            elif lease.batch.state == BatchState.UPLOADED:
                _preview(lease, bytes(work.content or b""))
            elif lease.batch.state == BatchState.COMMITTING:
                commit_rows(lease)
            elif lease.batch.state == BatchState.UNDOING:
                undo_rows(lease)
    except LeaseLost:
        logger.warning("import_abandoned", batch=str(lease.batch.pk), why="the lease was lost")


def _preview(lease: Lease, content: bytes) -> None:
    import_preview.forget_rows(lease.batch)
    # Before anything is read: what is changed from here on outdates the preview.
    version = data_version()
    try:
        _read(lease, content)
    except ImportRefused as refused:
        import_preview.refuse_file(lease, str(refused))
        return
    import_preview.judge_rows(lease)
    import_preview.finish(lease, version)


def _read(lease: Lease, content: bytes) -> None:
    """Keep the rows of the file, with what its reading says of them."""
    reading = read_file(BytesIO(content), lease.batch.name)
    if reading.problems:
        raise ImportRefused(_said(reading.problems))
    patients = Patients(lease.batch.center)
    rows: list[ImportRow] = []
    for position, parsed in enumerate(reading, start=1):
        rows.append(_row(lease, patients, position, parsed))
        if len(rows) == ROWS_AT_ONCE:
            import_preview.keep_rows(lease, rows, done=reading.position, total=reading.size)
            rows = []
    import_preview.keep_rows(lease, rows, done=reading.size, total=reading.size)


def _row(lease: Lease, patients: Patients, position: int, parsed: ParsedRow) -> ImportRow:
    patient = patients.of(parsed)
    problems = [[each.column, each.value, each.message] for each in parsed.problems]
    if patient.problem:
        problems.append(["", "", patient.problem])
    return ImportRow(
        batch=lease.batch,
        position=position,
        form=parsed.form,
        line=parsed.line,
        patient_code=parsed.patient_code[:40],
        own_reference=patient.reference or parsed.own_reference[:60],
        patient=patient.number,
        case_id=patient.case_id,
        seq=parsed.seq,
        outcome=Outcome.READ if patient.number else Outcome.REFUSED,
        entries={name: raw for name, raw in parsed.entries.items() if raw is not None},
        problems=problems,
    )


def _said(problems: tuple[Problem, ...]) -> str:
    return " ".join(each.message for each in problems[:SHOWN_PROBLEMS])
