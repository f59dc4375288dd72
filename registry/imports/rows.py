"""The lines of a form's sheet as rows: whose they are, and each cell as an entry or a problem."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.entry import EntryError, Raw, read
from registry.dictionary.values import Value
from registry.dictionary.variable import Variable
from registry.imports.cells import BLANK, Cell, CellReader, Nature, check, shown, unguarded
from registry.imports.columns import OWN_REFERENCE, PATIENT_CODE, SEQ, UNIT
from registry.imports.header import Header
from registry.imports.problem import Problem, short
from registry.imports.source import Line, Sheet, letters

MAX_KEY = 40
_SEQ = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_KEY = CASE_FORMS["enrolment"].variable(PATIENT_CODE)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of a sheet.

    Attributes
    ----------
    form : name of the form.
    line : row number as the spreadsheet shows it.
    patient_code, own_reference : who it is; one of them at least, unless a problem says so.
    seq : the row of a repeating form that is meant; None for a new one, and for a form that does not repeat.
    entries : variable → raw entry. A cell left empty is there with None; a variable without a column, or with
        a problem, is not there at all.
    values : the same entries as values.
    problems : what was wrong; a row with a problem must not be stored.
    typed : variable → the cell as it stands in the file.
    titles : variable → header of its column.
    """

    form: str
    line: int
    patient_code: str = field(repr=False)
    own_reference: str = field(repr=False)
    seq: int | None
    entries: Mapping[str, Raw] = field(repr=False)
    values: Mapping[str, Value] = field(repr=False)
    problems: tuple[Problem, ...]
    typed: Mapping[str, str] = field(repr=False)
    titles: Mapping[str, str] = field(repr=False)

    def problem(self, variable: str, message: str) -> Problem:
        """What something further down found wrong with a variable of this row; "" for the row as a whole."""
        title = self.titles.get(variable, variable)
        return Problem(self.form, self.line, title, short(self.typed.get(variable, "")), message)


class _Place(NamedTuple):
    """Where a variable stands in the lines of a sheet."""

    variable: Variable
    position: int
    unit_position: int
    reader: CellReader


class _Draft:
    """A row while it is put together."""

    def __init__(self, header: Header, line: Line) -> None:
        self.header = header
        self.line = line
        self.entries: dict[str, Raw] = {}
        self.values: dict[str, Value] = {}
        self.typed: dict[str, str] = {}
        self.problems: list[Problem] = []

    def refuse(self, column: str, text: str, message: str) -> None:
        problem = Problem(self.header.form.name, self.line.number, column, short(text), message)
        self.problems.append(problem)


class RowReader:
    """Reads the rows of one sheet; texts and labels in the language that is active when it is made."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self.sheet = sheet
        self.header = header
        self.form = header.form
        self._titles = header.titles
        at = {heading.column.name: place for place, heading in header.headings.items()}
        self._keys = {name: at[name] for name in (PATIENT_CODE, OWN_REFERENCE, SEQ) if name in at}
        # Whose row it is, and units, may be filled in beforehand; a row with nothing else says nothing.
        self._silent = header.ignored | {
            place
            for place, heading in header.headings.items()
            if heading.column.is_unit or heading.column.variable is None
        }
        self._places = [
            _Place(
                variable,
                place,
                at.get(variable.name + UNIT, -1),
                CellReader(variable, heading.unit),
            )
            for place, heading in header.headings.items()
            if (variable := heading.column.variable) and not heading.column.is_unit
        ]

    def rows(self) -> Iterator[ParsedRow]:
        """The rows in which anything is entered; raises ImportRefused where the file turns out damaged."""
        seen: dict[tuple[str, str, int | None], int] = {}
        for line in self.sheet.lines():
            if line.number <= self.header.line or not self._has_entries(line):
                continue
            row = _Draft(self.header, line)
            if line.width in (None, self.header.width):
                yield self._read(row, seen)
            else:
                yield self._ragged(row)

    def _has_entries(self, line: Line) -> bool:
        return any(position not in self._silent for position in line.cells)

    def _ragged(self, row: _Draft) -> ParsedRow:
        """A row of which nobody can say what belongs below which header."""
        message = _(
            "The row has %(cells)s cells, the header %(columns)s: "
            "a delimiter is missing or too many, or a decimal comma needs quotation marks."
        )
        row.refuse("", "", message % {"cells": row.line.width, "columns": self.header.width})
        return self._row(row, "", "", None)

    def _read(self, row: _Draft, seen: dict[tuple[str, str, int | None], int]) -> ParsedRow:
        code = self._key(row, PATIENT_CODE).upper()
        reference = self._key(row, OWN_REFERENCE)
        seq = self._seq(row)
        if not code and not reference and not row.problems:
            row.refuse("", "", _("Whose row is it? Fill in patient_code or own_reference."))
        for place in self._places:
            self._entry(row, place)
        for position, cell in row.line.cells.items():
            if position not in self.header.headings and position not in self.header.ignored:
                row.refuse(letters(position), cell.text, _("There is no header above this cell."))
        if (code or reference) and (seq is not None or not self.form.repeating):
            # By the code where there is one; which reference belongs to which code is known further down.
            self._once(row, (code, "" if code else reference, seq), seen)
        return self._row(row, code, reference, seq)

    def _row(self, row: _Draft, code: str, reference: str, seq: int | None) -> ParsedRow:
        return ParsedRow(
            form=self.form.name,
            line=row.line.number,
            patient_code=code,
            own_reference=reference,
            seq=seq,
            entries=row.entries,
            values=row.values,
            problems=tuple(row.problems),
            typed=row.typed,
            titles=self._titles,
        )

    def _cell(self, row: _Draft, name: str) -> Cell:
        return row.line.cells.get(self._keys.get(name, -1), BLANK)

    def _key(self, row: _Draft, name: str) -> str:
        cell = self._cell(row, name)
        try:
            check(cell)
            text = str(read(_KEY, unguarded(cell.text.strip())) or "")
        except EntryError as error:
            row.refuse(self._titles[name], cell.text, _(error.message) % error.params)
            return ""
        if len(text) > MAX_KEY:
            message = _("At most %(limit)s characters.") % {"limit": MAX_KEY}
            row.refuse(self._titles[name], text, message)
        return text[:MAX_KEY]

    def _seq(self, row: _Draft) -> int | None:
        cell = self._cell(row, SEQ)
        text = cell.text.strip()
        if not text and cell.nature is Nature.PLAIN:
            return None
        if cell.nature is Nature.PLAIN and _SEQ.fullmatch(text):
            return int(text)
        row.refuse(
            self._titles[SEQ],
            text,
            _("The row number is a whole number from 1; leave it empty for a new row."),
        )
        return None

    def _entry(self, row: _Draft, place: _Place) -> None:
        name = place.variable.name
        cell = row.line.cells.get(place.position)
        if cell is None:
            row.entries[name] = row.values[name] = None
            return
        unit = row.line.cells.get(place.unit_position, BLANK)
        row.typed[name] = shown(cell)
        try:
            raw = place.reader.raw(cell, unit)
            row.values[name] = read(place.variable, raw)
        except EntryError as error:
            row.refuse(self._titles[name], row.typed[name], _(error.message) % error.params)
            return
        row.entries[name] = raw

    def _once(
        self,
        row: _Draft,
        key: tuple[str, str, int | None],
        seen: dict[tuple[str, str, int | None], int],
    ) -> None:
        first = seen.setdefault(key, row.line.number)
        if first == row.line.number:
            return
        if self.form.repeating:
            message = _("Row %(first)s has the same patient and row number. Remove one of the two.")
        else:
            message = _("Row %(first)s is about the same patient. Remove one of the two.")
        row.refuse("", key[0] or key[1], message % {"first": first})
