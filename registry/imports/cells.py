"""A cell of a spreadsheet → the raw entry that `registry.dictionary.entry.read` understands, and back.

What a value may be is decided by that one reader, here as on every page; here only what a spreadsheet does to
values is undone: labels for codes, units beside numbers, dates it made of numbers.
"""

import re
from datetime import date
from enum import Enum
from typing import NamedTuple

from django.utils.translation import gettext

from registry.dictionary.entry import EntryError, Raw
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Kind, Variable
from registry.forms.wording import choice_text, day_text
from registry.imports import spelling
from registry.imports.columns import SEPARATOR
from registry.terminology.missing import LABELS, Missing
from registry.terminology.text import gettext_noop as _

MAX_CELL = 2_000


class Nature(Enum):
    """What a spreadsheet takes a cell for, where that matters."""

    PLAIN = "plain"
    DATE = "date"
    BOOLEAN = "boolean"
    FORMULA = "formula"
    ERROR = "error"


class Cell(NamedTuple):
    """What a cell shows: numbers with a decimal point, dates in ISO form, TRUE and FALSE."""

    text: str
    nature: Nature = Nature.PLAIN


BLANK = Cell("")


def shown(cell: Cell) -> str:
    """The cell as a person sees it."""
    return "/".join(reversed(cell.text.split("-"))) if cell.nature is Nature.DATE else cell.text


def check(cell: Cell) -> None:
    """Refuse a cell that holds no value, whatever it is asked for.

    Raises
    ------
    EntryError
        When it is a formula, an error of the spreadsheet, or longer than any value.
    """
    if cell.nature is Nature.FORMULA:
        raise EntryError(_("Formulas are not read: copy the cell and paste it as a value."))
    if cell.nature is Nature.ERROR:
        raise EntryError(_("The spreadsheet shows an error here: enter the value, or leave the cell empty."))
    if len(cell.text) > MAX_CELL:
        raise EntryError(_("At most %(limit)s characters."), limit=MAX_CELL)


class CellReader:
    """Reads the cells of one column; `unit` is the UCUM code its header states, or "".

    Codes and labels are understood in English and in the language that is active when it is made.
    """

    def __init__(self, variable: Variable, unit: str = "") -> None:
        self._kind = variable.kind
        self._unit = unit
        self._answers = spelling.answers(variable)
        self._units = spelling.units(variable) if variable.unit else {}
        self._missing = {} if variable.kind is Kind.TEXT else _missing(variable)

    def raw(self, cell: Cell, unit: Cell = BLANK) -> Raw:
        """The raw entry of a cell and of the cell beside it that states its unit.

        Raises
        ------
        EntryError
            When the cell holds no value, or one that means two things.
        """
        check(cell)
        check(unit)
        text = cell.text.strip()
        if not text:
            return None
        if cell.nature is Nature.DATE:
            return self._date(text)
        if self._answers:
            return self._choice(text)
        if text[0].isalpha() and (reason := self._missing.get(spelling.answer(text))):
            return {"missing": reason}
        match self._kind:
            case Kind.DECIMAL | Kind.INTEGER:
                return self._number(text, unit.text.strip())
            case Kind.DATE | Kind.PARTIAL_DATE:
                return _day(text)
            case _:
                return unguarded(text)

    def _date(self, text: str) -> Raw:
        if self._kind not in (Kind.DATE, Kind.PARTIAL_DATE):
            raise EntryError(
                _("The spreadsheet made a date of this value: format the cell as text and enter it again.")
            )
        return text

    def _choice(self, text: str) -> Raw:
        code = self._answers.get(spelling.answer(text))
        if code is None and (reason := self._missing.get(spelling.answer(text))):
            return {"missing": reason}
        if self._kind is not Kind.MULTICHOICE:
            return code or text
        return [code] if code else self._several(text)

    def _several(self, text: str) -> list[str]:
        """Codes of answers that are joined; a comma joins them only where no label has one."""
        codes = []
        for part in filter(None, (part.strip() for part in re.split(r"[;|\n]", text))):
            code = self._answers.get(spelling.answer(part))
            smaller = [part] if code else [one.strip() for one in part.split(",") if one.strip()]
            codes += [self._answers.get(spelling.answer(one), one) for one in smaller]
        return codes

    def _number(self, text: str, unit_cell: str) -> Raw:
        number, unit = text, ""
        if match := _WITH_UNIT.fullmatch(text):
            number, unit = match.groups()
        stated = {self._units.get(spelling.unit(one), one) for one in (unit, unit_cell) if one}
        stated |= {self._unit} - {""}
        if len(stated) > 1:
            raise EntryError(_("Two units are given: %(units)s."), units=", ".join(sorted(stated))[:60])
        if not stated:
            return number
        if self._kind is Kind.INTEGER:
            # Counts have one unit, and the reader asks for none.
            return number if stated <= set(self._units.values()) else text
        return {"value": number, "unit": stated.pop()}


# A number, thousands parted by spaces or not, and what stands behind it. A unit that begins with a power of
# ten needs a space before it.
_WITH_UNIT = re.compile(
    r"(?![+-]?[\d.,]+[eE][+-]?\d+$)"
    r"([+-]?(?:\d{1,3}(?:[ \u00a0]\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?)(?<=\d)"
    r"(?:\s+(?=10\D)|\s*(?=[^\d\s.,+-]))(\S.{0,30})",
    re.ASCII,
)
_DASHED = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)
_TIME = re.compile(r"(?<=\d)(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$", re.ASCII)
_RUNS = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """A text as it is written into a file: with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def _missing(variable: Variable) -> dict[str, str]:
    """Spelling → code of the missing reasons: every code, so that the reader says which are allowed."""
    found = {spelling.answer(reason.value): reason.value for reason in Missing}
    for reason in variable.missing:
        for label in (LABELS[reason], gettext(LABELS[reason])):
            found.setdefault(spelling.answer(label), reason.value)
    return found


def _day(text: str) -> str:
    """A date as typed, without the time some exports give it, and without dashes day first."""
    text = _TIME.sub("", text)
    return _DASHED.sub(r"\1/\2/\3", text) if _DASHED.fullmatch(text) else text


def written(variable: Variable, value: Value, *, labels: bool = False) -> tuple[str, str]:
    """What the cell of `value`, and the cell of its unit, show: the inverse of reading.

    Parameters
    ----------
    labels : write the labels of choices in the active language, not their codes.
    """
    match value:
        case None:
            return "", ""
        case Missing():
            return value.value, ""
        case Measurement():
            canonical = variable.unit is None or value.unit == variable.unit.ucum
            return value.entered, "" if canonical else value.unit
        case PartialDate() | date():
            return day_text(value), ""
        case tuple():
            return SEPARATOR.join(_spoken(variable, code, labels=labels) for code in value), ""
        case str() if variable.choices:
            return _spoken(variable, value, labels=labels), ""
        case _:
            return guarded(str(value)) if variable.kind is Kind.TEXT else str(value), ""


def _spoken(variable: Variable, code: str, *, labels: bool) -> str:
    return choice_text(variable, code) if labels else code
