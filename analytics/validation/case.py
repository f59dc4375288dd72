"""Cases of the reference format: what to compute, on which data, and what other software found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INLINE = "INLINE"


@dataclass(frozen=True)
class Case:
    """One computation and its known result.

    Attributes
    ----------
    id, operation : str
    dataset : str
        `INLINE` (everything is in `args`), ``lifelines:<name>``, or the name of a CSV file.
    drop_na : tuple of str
        Rows with a missing value in these columns are removed first.
    filters : tuple of str
        ``name = expression`` adds a column, any other expression keeps the rows for which it holds.
    args, expected : mapping
    rtol : float
        How exact the known result itself is.
    oracle, note : str
        Where the result comes from.
    """

    id: str
    operation: str
    dataset: str
    drop_na: tuple[str, ...]
    filters: tuple[str, ...]
    args: Mapping[str, Any]
    expected: Mapping[str, Any]
    rtol: float
    oracle: str
    note: str


def read_cases(file: Path) -> tuple[Case, ...]:
    """Read a file of cases.

    Raises
    ------
    ValueError
        When it is not JSON or a case lacks what it needs; the message names file and case.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{file} is not JSON: {error}") from None
    records = content.get("cases") if isinstance(content, dict) else None
    if not isinstance(records, list):
        raise ValueError(f"{file} has no list of cases")
    return tuple(_case(record, f"{file.name}, case {number}") for number, record in enumerate(records, 1))


def _case(record: Mapping[str, Any], where: str) -> Case:
    try:
        if not record["rtol"] > 0:
            raise ValueError(f"{where}: rtol must be above 0")
        return Case(
            id=str(record["id"]),
            operation=record["op"],
            dataset=record["dataset"],
            drop_na=_names(record.get("drop_na")),
            filters=_names(record.get("filter")),
            args=record["args"],
            expected=record["result"],
            rtol=float(record["rtol"]),
            oracle=record.get("oracle") or "",
            note=record.get("note") or "",
        )
    except KeyError as missing:
        raise ValueError(f"{where}: {missing} is missing") from None


def _names(value: Any) -> tuple[str, ...]:
    """Return a list that R may have written as a single text, or as null."""
    return (value,) if isinstance(value, str) else tuple(value or ())
