"""Workbooks of whole cases, as a center would bring them."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.dictionary.catalog import CASE_FORMS
from registry.imports.columns import OWN_REFERENCE, PATIENT_CODE, SEQ, columns
from tests import factories


def workbook(cases: Mapping[str, Mapping[str, Any]], key: str = OWN_REFERENCE) -> bytes:
    """One sheet per form; `cases` maps what the rows are known by to records in the JSON entry format."""
    sheets: dict[str, list[dict[str, Any]]] = {}
    for name, record in cases.items():
        for form, content in record.items():
            rows = content if isinstance(content, list) else [content]
            sheets.setdefault(form, []).extend({key: name} | row for row in rows)
    return sheets_to_bytes(sheets)


def sheets_to_bytes(sheets: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """A workbook of rows, form by form; only columns that are used."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    for form, content in sheets.items():
        rows = list(content)
        used = {name for row in rows for name in row}
        names = [each.name for each in columns(CASE_FORMS[form]) if each.name in used | {PATIENT_CODE, SEQ}]
        sheet = book.add_worksheet(form)
        sheet.write_row(0, 0, names)
        for line, row in enumerate(rows, start=1):
            for place, name in enumerate(names):
                sheet.write_string(line, place, _cell(row.get(name)))
    book.close()
    return stream.getvalue()


def fixtures(count: int, **forms: Any) -> dict[str, dict[str, Any]]:
    """As many copies of the fixture case, each under a reference of its own."""
    return {f"chart {number}": factories.record(**forms) for number in range(1, count + 1)}


def _cell(raw: Any) -> str:
    if isinstance(raw, list):
        return "; ".join(raw)
    return "" if raw is None else str(raw)
