"""A table as data: what HTML, CSV, XLSX and DOCX renderings all read."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.statistics.result import JSON, jsonable


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        What is shown.
    value : int, float, str or None
        The unrounded number behind it, for files; None for plain text.
    n : int or None
        Patients behind the number.
    method : str or None
        How it was computed, where it differs from the table's method.
    """

    text: str
    value: int | float | str | None = None
    n: int | None = None
    method: str | None = None


EMPTY = Cell("")


@dataclass(frozen=True)
class Column:
    """One column; numbers are set flush right."""

    key: str
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """One row; a heading introduces the indented rows below it."""

    cells: tuple[Cell, ...]
    heading: bool = False
    indent: int = 0


@dataclass(frozen=True)
class Table:
    """A table with everything its reader must know.

    Attributes
    ----------
    key : str
        Unique within its section.
    n : int
        Patients the table is about.
    events : int or None
        Events behind it; None where the table is not about events.
    method : str
        The methods used, named.
    data_version : int
        Number of the last change the numbers contain.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...]
    n: int
    events: int | None
    method: str
    data_version: int

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.key}: a row and the columns differ in length")

    def to_json(self) -> JSON:
        """Return the table as plain JSON values."""
        return jsonable(self)
