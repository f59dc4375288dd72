"""Texts as a file may hold them that somebody opens in a spreadsheet."""

import re

_RUNS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it when a spreadsheet would take it for a formula; numbers stay."""
    cell = cell.replace("\0", "")
    return "'" + cell if _RUNS.match(cell) and not _NUMBER.fullmatch(cell) else cell
