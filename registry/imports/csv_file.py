"""Reading a CSV file: comma, semicolon or tab, UTF-8 or UTF-16, a line at a time."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from registry.exceptions import ImportRefused
from registry.imports.cells import Cell, Nature
from registry.imports.header import most_recognized
from registry.imports.source import MAX_COLUMNS, Line

DELIMITERS = (";", ",", "\t")
MAX_LINE = 100_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class CsvSheet:
    """The one sheet of a CSV file; raises ImportRefused when its first line cannot be read."""

    def __init__(self, stream: BinaryIO, name: str, size: int) -> None:
        self.title = PurePath(name).stem
        self.size = size
        self.position = 0
        self._stream = stream
        stream.seek(0)
        start = stream.read(4)
        self._encoding = next((encoding for bom, encoding in _BOMS if start.startswith(bom)), "utf-8")
        self._delimiter, self._skipped = self._sniffed()

    def _sniffed(self) -> tuple[str, int]:
        """The delimiter, and the number of lines before the header.

        Excel understands a first line "sep=;". Without it: what finds most known columns in the header.
        """
        for line in self._text():
            if (said := line.rstrip("\r\n").removeprefix("sep=")) in DELIMITERS:
                return said, 1
            if line.strip():
                return max(DELIMITERS, key=lambda one: _parts(line, one)), 0
        return DELIMITERS[0], 0

    def _text(self) -> Iterator[str]:
        """The physical lines of the file, none longer than a line can be."""
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding=self._encoding, newline="")
        number = 0
        try:
            while line := text.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    raise ImportRefused(_("Line %(line)s is too long.") % {"line": number})
                if "\x00" in line:
                    raise ImportRefused(_("Line %(line)s holds a NUL character.") % {"line": number})
                self.position = self._stream.tell()
                yield line
        except UnicodeError as error:
            raise ImportRefused(
                _(
                    "The file is not in UTF-8 (after line %(line)s). "
                    "In Excel, save it as “CSV UTF-8” or as a workbook (.xlsx)."
                )
                % {"line": number}
            ) from error
        finally:
            # The stream is the caller's: it must not be closed with its wrapper.
            text.detach()

    def lines(self) -> Iterator[Line]:
        """The lines that hold anything; raises ImportRefused where the file cannot be read on.

        Numbered as a spreadsheet numbers its rows: a quoted line break begins no new one.
        """
        number = 0
        try:
            for number, row in enumerate(csv.reader(self._text(), delimiter=self._delimiter, strict=True), 1):
                if number <= self._skipped:
                    continue
                if len(row) > MAX_COLUMNS:
                    raise ImportRefused(_("Line %(line)s is too long.") % {"line": number})
                cells = {position: _cell(text) for position, text in enumerate(row) if text.strip()}
                if cells:
                    yield Line(number, cells, len(row))
        except csv.Error as error:
            raise ImportRefused(
                _("Row %(line)s cannot be read: a quotation mark is not closed, or text follows it.")
                % {"line": number + 1}
            ) from error


def _cell(text: str) -> Cell:
    return Cell(text, Nature.FORMULA) if text.startswith("=") else Cell(text)


def _parts(line: str, delimiter: str) -> tuple[int, int]:
    """Number of known columns, then of all columns, that a delimiter parts a header line into."""
    titles = next(csv.reader([line], delimiter=delimiter))
    return most_recognized(titles), len(titles)
