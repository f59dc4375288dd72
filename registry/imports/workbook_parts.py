"""What is taken from each part of a workbook."""

import re

from django.utils.translation import gettext as _

from registry.exceptions import ImportRefused
from registry.imports.archive import damaged, target
from registry.imports.cells import MAX_CELL, Cell, Nature
from registry.imports.number_formats import Shown, day, percent, plain, shown_as
from registry.imports.source import MAX_COLUMNS, Line
from registry.imports.xml_parts import Part

MAX_ROWS = 1_048_576
MAX_STRINGS = 500_000
MAX_CHARACTERS = 32_000_000


class Relationships(Part):
    """Which part is what: by its key, and by the last word of its type."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.by_id: dict[str, str] = {}
        self.by_type: dict[str, list[str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            path = target(self._folder, attributes["Target"])
            self.by_id[attributes["Id"]] = path
            self.by_type.setdefault(attributes["Type"].rpartition("/")[2], []).append(path)

    def first(self, kind: str) -> str:
        """The part of a type of which there is one."""
        found = self.by_type.get(kind)
        if not found:
            raise damaged()
        return found[0]


class Contents(Part):
    """The names of the sheets with their keys, and how days are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            keys = [value for name, value in attributes.items() if name.endswith(":id")]
            self.sheets.append((attributes["name"], keys[0]))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class Styles(Part):
    """Number formats of the styles that cells name."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._used: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._used.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def shown(self) -> list[Shown]:
        """What each style shows a number as."""
        return [shown_as(number, self._codes.get(number, "")) for number in self._used]


class _Texts(Part):
    """Gathers the text of elements, up to just beyond what a cell may hold."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._gathers = False
        # Readings of East Asian texts stand beside them.
        self._phonetic = False

    def text(self, data: str) -> None:
        if self._gathers and self._length <= MAX_CELL:
            self._pieces.append(data[: MAX_CELL + 1])
            self._length += len(data)

    def gathered(self) -> str:
        """The text since the last one."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return text


class SharedStrings(_Texts):
    """The texts of a workbook, each stored once."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._characters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._phonetic = True
        elif name == "t":
            self._gathers = not self._phonetic

    def end(self, name: str) -> None:
        if name == "t":
            self._gathers = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = unescaped(self.gathered())
            self.found.append(text)
            self._characters += len(text)
            if len(self.found) > MAX_STRINGS or self._characters > MAX_CHARACTERS:
                raise damaged()


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text of a workbook, in which control characters stand as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Rows(_Texts):
    """The lines of a worksheet."""

    def __init__(self, strings: list[str], formats: list[Shown], *, from_1904: bool) -> None:
        super().__init__()
        self._strings = strings
        self._formats = formats
        self._from_1904 = from_1904
        self._done: list[Line] = []
        self._line = 0
        self._position = -1
        self._cells: dict[int, Cell] = {}
        self._type = ""
        self._style = 0
        self._formula = False

    def taken(self) -> list[Line]:
        """The lines that are complete since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "c":
                self._cell(attributes)
            case "v" | "t":
                self._gathers = not self._phonetic
            case "row":
                self._next_line(int(attributes.get("r", self._line + 1)))
            case "f":
                self._formula = True
            case "rPh":
                self._phonetic = True

    def _next_line(self, number: int) -> None:
        # A row that came before, or beyond all rows, would be told from no other by its number.
        if not self._line < number <= MAX_ROWS:
            raise damaged()
        self._line = number
        self._position = -1

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._position = _position(reference) if reference else self._position + 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._formula = False

    def end(self, name: str) -> None:
        match name:
            case "v" | "t":
                self._gathers = False
            case "c":
                self._add(self.gathered())
            case "row":
                if self._cells:
                    self._done.append(Line(self._line, self._cells))
                    self._cells = {}
            case "rPh":
                self._phonetic = False

    def _add(self, text: str) -> None:
        cell = Cell(text, Nature.FORMULA) if self._formula else self._value(text)
        if not cell.text and cell.nature is Nature.PLAIN:
            return
        if self._position >= MAX_COLUMNS:
            raise ImportRefused(_("Line %(line)s is too long.") % {"line": self._line})
        self._cells[self._position] = cell

    def _value(self, text: str) -> Cell:
        match self._type:
            case "s":
                return Cell(self._strings[int(text)]) if text else Cell("")
            case "n":
                return self._number(text)
            case "b":
                return Cell("TRUE" if text == "1" else "FALSE", Nature.BOOLEAN)
            case "e":
                return Cell(text, Nature.ERROR)
            case "d":
                return Cell(text.partition("T")[0], Nature.DATE)
            case _:
                return Cell(unescaped(text))

    def _number(self, text: str) -> Cell:
        shown = self._formats[self._style] if self._style < len(self._formats) else Shown.NUMBER
        if not text or shown is Shown.NUMBER:
            return Cell(plain(text))
        if shown is Shown.PERCENT:
            return Cell(percent(text))
        found = day(text, shown, from_1904=self._from_1904)
        return Cell(found, Nature.DATE) if found else Cell(plain(text))


_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


def _position(reference: str) -> int:
    """Position of a cell in its row: A1 is 0, AA1 is 26."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise damaged()
    position = 0
    for letter in match[1]:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1
