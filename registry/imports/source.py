"""A file as sheets of lines, whatever its format."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from registry.imports.cells import Cell

MAX_COLUMNS = 500


class Line(NamedTuple):
    """One line of a sheet.

    Attributes
    ----------
    number : as the spreadsheet shows it.
    cells : position, counted from 0 → cell; empty cells are left out.
    width : number of cells where the format says so; None where empty ones at the end have no place.
    """

    number: int
    cells: Mapping[int, Cell]
    width: int | None = None


class Sheet(Protocol):
    """One sheet of a file. Its lines can be asked for again; each time they are read from the file."""

    title: str
    size: int
    position: int

    def lines(self) -> Iterator[Line]:
        """The lines that hold anything; raises ImportRefused where the file turns out damaged."""


def letters(position: int) -> str:
    """How a spreadsheet calls a column: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
