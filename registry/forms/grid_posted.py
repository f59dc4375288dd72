"""What a grid posts: rows of cells, each cell one text as in a spreadsheet; what was typed is kept as it was.

A stored row is called by its number ("s3"), a new one by its place on the page ("n1"); its cells are named
`<row>.<variable>`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict

from registry.dictionary.variable import Kind, Variable
from registry.forms.posted import CHOSEN, Posted, Typed, read
from registry.forms.wording import unit_text

_KEY = re.compile(r"[sn][1-9]\d{0,5}", re.ASCII)
# More rows than any patient has; a page that sends more of them was not made by us.
_MOST_ROWS = 500


@dataclass(frozen=True)
class PostedRow:
    """One row of a posted grid.

    Attributes
    ----------
    is_proposed : nobody has touched the row since it was proposed.
    is_removed : the person wants the row removed.
    """

    key: str
    posted: Posted
    is_proposed: bool = False
    is_removed: bool = False

    @property
    def seq(self) -> int | None:
        """Number of the stored row; None for a new one."""
        return int(self.key[1:]) if self.key.startswith("s") else None

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was typed."""
        return self.seq is None and all(answer == Typed() for answer in self.posted.typed.values())


def read_rows(post: QueryDict, variables: Iterable[Variable]) -> list[PostedRow]:
    """The rows of a posted grid, in its order."""
    variables = list(variables)
    keys = [key for key in dict.fromkeys(post.getlist("row")) if _KEY.fullmatch(key)]
    cells = _by_row(post)
    return [_row(key, cells.get(key, QueryDict()), variables) for key in keys[:_MOST_ROWS]]


def new_key(rows: Iterable[PostedRow]) -> str:
    """What the next new row is called."""
    numbers = [int(row.key[1:]) for row in rows if row.seq is None]
    return f"n{max(numbers, default=0) + 1}"


def in_cell(variable: Variable, text: str) -> Typed:
    """What was typed in one cell: a value, behind it the unit where it is not the usual one; or "NK"."""
    text = text.strip()
    if text.upper() in variable.missing:
        return Typed(missing=text.upper())
    if variable.kind is Kind.DECIMAL and (match := _WITH_UNIT.fullmatch(text)):
        number, unit = match.groups()
        known = {unit_text(variable, ucum).casefold(): ucum for ucum in variable.units}
        return Typed(text=number, unit=known.get(unit.casefold(), unit))
    return Typed(text=text)


_WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*([^\d.,\s].*)")


def cell_text(variable: Variable, typed: Typed) -> str:
    """How an answer stands in its cell; reads back as the same by `in_cell`."""
    if typed.missing and not typed.text:
        return typed.missing
    usual = variable.unit.ucum if variable.unit else ""
    return f"{typed.text} {unit_text(variable, typed.unit)}" if typed.unit not in ("", usual) else typed.text


def _by_row(post: QueryDict) -> dict[str, QueryDict]:
    found: dict[str, QueryDict] = {}
    for name, values in post.lists():
        key, dot, rest = name.partition(".")
        if dot and _KEY.fullmatch(key):
            found.setdefault(key, QueryDict(mutable=True)).setlist(rest, values)
    return found


def _row(key: str, cells: QueryDict, variables: list[Variable]) -> PostedRow:
    posted = read(cells, variables)
    answers = {
        variable.name: posted.typed[variable.name]
        if variable.kind in CHOSEN
        else in_cell(variable, posted.typed[variable.name].text)
        for variable in variables
        if variable.name in posted.typed
    }
    return PostedRow(
        key,
        replace(posted, typed=answers),
        is_proposed=cells.get("proposed") == "yes",
        is_removed=cells.get("remove") == "yes",
    )
