"""CSV as every file of a release has it: UTF-8, comma, LF, and no cell a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RUNS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One file: a header line and the rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it when a spreadsheet would take it for a formula; numbers stay."""
    cell = cell.replace("\0", "")
    return "'" + cell if _RUNS.match(cell) and not _NUMBER.fullmatch(cell) else cell
