"""Reading an XLSX workbook: sheet by sheet, line by line, values only.

Read from its XML, of which only a few parts are looked at. A library made for editing workbooks loads all
their styles, trusts the size a sheet claims for itself and lets DTDs pass; for files of unknown origin less
is safer.
"""

from collections.abc import Iterator
from functools import cached_property

from registry.imports.archive import Archive, damaged, not_a_workbook, refusing_damage
from registry.imports.number_formats import Shown
from registry.imports.source import Line
from registry.imports.workbook_parts import Contents, Relationships, Rows, SharedStrings, Styles
from registry.imports.xml_parts import parse, read


class Workbook:
    """The sheets of a workbook, in its order; raises ImportRefused when the archive holds none."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        book = self._relationships("", "_rels/.rels").first("officeDocument")
        if not book.endswith(".xml"):
            # The binary format, .xlsb, in the same wrapping.
            raise not_a_workbook()
        folder, _slash, name = book.rpartition("/")
        self._parts = self._relationships(folder, f"{folder}/_rels/{name}.rels")
        contents = Contents()
        read(archive.open(book), contents)
        self.from_1904 = contents.from_1904
        worksheets = self._parts.by_type.get("worksheet", [])
        self.sheets = [
            WorkbookSheet(self, title, self._parts.by_id[key])
            for title, key in contents.sheets
            if self._parts.by_id.get(key) in worksheets
        ]

    def _relationships(self, folder: str, name: str) -> Relationships:
        found = Relationships(folder)
        read(self.archive.open(name.removeprefix("/")), found)
        return found

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        part = SharedStrings()
        for name in self._parts.by_type.get("sharedStrings", []):
            read(self.archive.open(name), part)
        return part.found

    @cached_property
    def formats(self) -> list[Shown]:
        """What each style of a cell shows numbers as."""
        part = Styles()
        for name in self._parts.by_type.get("styles", []):
            read(self.archive.open(name), part)
        return part.shown()


class WorkbookSheet:
    """One worksheet."""

    def __init__(self, workbook: Workbook, title: str, part: str) -> None:
        self.title = title
        self.position = 0
        self._workbook = workbook
        self._part = part
        if part not in workbook.archive:
            raise damaged()
        self.size = workbook.archive.size(part)

    def lines(self) -> Iterator[Line]:
        """The lines that hold anything; raises ImportRefused where the file turns out damaged."""
        book = self._workbook
        rows = Rows(book.strings, book.formats, from_1904=book.from_1904)
        self.position = 0
        with refusing_damage():
            for fed in parse(book.archive.open(self._part), rows):
                self.position += fed
                yield from rows.taken()
