"""Imports as a test gives them: the worker's tick runs at once."""

from typing import Any

from registry.actions import import_batch
from registry.imports.work import work_on_imports
from registry.models import CASE_ROWS, Case, CaseRow, Center, ImportBatch, ImportRow
from tests import factories
from tests.registry.imports.workbooks import sheets_to_bytes


def uploaded(
    content: bytes, at: Center, *, name: str = "patients.xlsx", completing: bool = False
) -> ImportBatch:
    """A file, previewed."""
    batch = import_batch.upload(factories.SYSTEM, at, name, content, completing=completing)
    return worked(batch)


def sheet(at: Center, form: str, *rows: dict[str, Any], completing: bool = False) -> ImportBatch:
    """A workbook with one sheet, previewed."""
    return uploaded(sheets_to_bytes({form: rows}), at, completing=completing)


def committed(batch: ImportBatch) -> ImportBatch:
    """The import, carried out or refused."""
    return worked(import_batch.commit(factories.SYSTEM, batch, "from our spreadsheet"))


def undone(batch: ImportBatch) -> ImportBatch:
    """The import, taken back or not."""
    return worked(import_batch.undo(factories.SYSTEM, batch, "the wrong file"))


def worked(batch: ImportBatch) -> ImportBatch:
    """The batch after the worker's tick."""
    work_on_imports()
    return ImportBatch.objects.select_related("center").get(pk=batch.pk)  # type: ignore[no-any-return]


def rows_of(batch: ImportBatch) -> list[ImportRow]:
    return list(ImportRow.objects.filter(batch=batch).order_by("position").scoped())


def only(case: Case, form: str) -> CaseRow:
    """The only row of a form."""
    return CASE_ROWS[form].objects.filter(case=case).scoped().get()
