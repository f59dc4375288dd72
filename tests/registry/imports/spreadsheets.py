"""Files as people make them, cell by cell."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from registry.imports.reading import Reading, read_file
from registry.imports.rows import ParsedRow

Rows = Sequence[Sequence[Any]]


def xlsx(sheets: Mapping[str, Rows], **options: Any) -> bytes:
    """A workbook; a cell is a text, a number, a boolean, a date, or (value, number format)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False, **options}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(line, place, value, day)
                    elif isinstance(value, tuple):
                        sheet.write(line, place, value[0], book.add_format({"num_format": value[1]}))
                    else:
                        sheet.write(line, place, value)
    return stream.getvalue()


def reading(content: bytes, name: str = "file.xlsx", form: str = "") -> Reading:
    """The file, read as an upload is."""
    return read_file(io.BytesIO(content), name, form)


def rows_of(content: bytes, name: str = "file.xlsx", form: str = "") -> list[ParsedRow]:
    """All rows of a file in which every sheet and column is known."""
    found = reading(content, name, form)
    assert found.problems == ()
    return list(found)


def csv_rows(text: str, name: str = "file.csv", encoding: str = "utf-8") -> list[ParsedRow]:
    """All rows of a CSV file."""
    return rows_of(text.encode(encoding), name)


def messages(row: ParsedRow) -> list[tuple[str, str, str]]:
    """The problems of a row: column, value, message."""
    return [(problem.column, problem.value, problem.message) for problem in row.problems]


def rezipped(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The workbook with some parts replaced, added, or (None) left out."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()
