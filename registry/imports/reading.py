"""A spreadsheet as rows of raw entries: what stands in it, or what must be mended. Nothing is stored.

Usage::

    reading = read_file(stream, "baseline.xlsx")  # raises ImportRefused
    reading.problems                              # unknown columns and sheets, a column twice …
    for row in reading:                           # raises ImportRefused where the file turns out damaged
        row.entries                               # variable → raw entry, for `registry.dictionary.entry.read`

The rows come form by form in clinical order, and in the order of the file within a form; a sheet is never in
memory as a whole. `Reading` can be gone through again: the stream has to stay open, and is read from its
start.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from registry.dictionary.catalog import CASE_FORMS
from registry.exceptions import ImportRefused
from registry.imports.archive import Archive, is_old_office, is_zip, not_a_workbook
from registry.imports.csv_file import CsvSheet
from registry.imports.header import form_of_header, form_of_title, read_header, unknown_sheet
from registry.imports.problem import Problem, short
from registry.imports.rows import ParsedRow, RowReader
from registry.imports.source import Sheet
from registry.imports.workbook import Workbook

MAX_FILE = 32_000_000
CODEBOOK = "codebook"
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers")


def read_file(stream: BinaryIO, name: str, form: str = "") -> "Reading":
    """Look into a file: which sheets it has, and whether their columns are known.

    Parameters
    ----------
    stream : the file, seekable; it has to stay open as long as the reading is used.
    name : name of the file, for its ending, and for a CSV file what it is about.
    form : name of the form that the person said the file is for; used where its one sheet is named otherwise.

    Raises
    ------
    ImportRefused
        When it cannot be read at all; the text says what to do.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    start = stream.read(8)
    if not size:
        raise ImportRefused(_("The file is empty."))
    if size > MAX_FILE:
        limit = MAX_FILE // 1_000_000
        raise ImportRefused(_("The file is larger than %(limit)s MB: split it.") % {"limit": limit})
    if is_old_office(start):
        raise ImportRefused(
            _(
                "This is an old Excel file (.xls), or one with a password. "
                "Save it as .xlsx without a password."
            )
        )
    if is_zip(start):
        return Reading(Workbook(Archive(stream, size)).sheets, form)
    if PurePath(name).suffix.casefold() in _WORKBOOKS:
        raise not_a_workbook()
    return Reading([CsvSheet(stream, name, size)], form)


class Reading:
    """A file that can be read.

    Attributes
    ----------
    problems : what is wrong with the file as a whole or with a sheet's header. The rows of such a sheet are
        not read; with any problem here nothing of the file may be stored.
    forms : names of the forms whose rows are read, in clinical order.
    """

    def __init__(self, sheets: Iterable[Sheet], form: str = "") -> None:
        found = [(sheet, line) for sheet in sheets if _is_data(sheet) and (line := next(sheet.lines(), None))]
        if not found:
            raise ImportRefused(_("There is nothing in the file."))
        problems: list[Problem] = []
        readers: dict[str, RowReader] = {}
        for sheet, line in found:
            meant = form_of_title(sheet.title)
            if meant is None and len(found) == 1:
                meant = CASE_FORMS.get(form) or form_of_header(cell.text for cell in line.cells.values())
            if meant is None:
                problems.append(Problem("", 0, "", short(sheet.title), unknown_sheet(sheet.title)))
            elif meant.name in readers:
                message = _("Two sheets are of the form %(form)s: put their rows into one.")
                message %= {"form": _(meant.label)}
                problems.append(Problem(meant.name, 0, "", short(sheet.title), message))
            else:
                header = read_header(meant, line)
                problems += header.problems
                readers[meant.name] = RowReader(sheet, header)
        self.problems = tuple(problems)
        self._readers = [
            readers[name] for name in CASE_FORMS if name in readers and not readers[name].header.problems
        ]
        self.forms = tuple(reader.form.name for reader in self._readers)

    def __iter__(self) -> Iterator[ParsedRow]:
        """The rows, from the beginning of the file; raises ImportRefused where the file is damaged."""
        for reader in self._readers:
            reader.sheet.position = 0
        for reader in self._readers:
            yield from reader.rows()

    @property
    def position(self) -> int:
        """How far reading has come, from 0 to `size`, for a progress bar."""
        return sum(reader.sheet.position for reader in self._readers)

    @property
    def size(self) -> int:
        """All there is to read, in bytes."""
        return sum(reader.sheet.size for reader in self._readers)


def _is_data(sheet: Sheet) -> bool:
    title = sheet.title.casefold()
    return not title.startswith("_") and title not in (CODEBOOK, _("Codebook").casefold())
