"""How the columns of the analysis frames are documented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

DTYPES = {"text": "object", "number": "float64", "integer": "Int64", "date": "datetime64[ns]"}


@dataclass(frozen=True)
class Column:
    """One column of an analysis frame.

    Attributes
    ----------
    name : str
        CDISC ADaM name, at most eight characters.
    label : str
        At most 40 characters, so that transport files can carry it.
    kind : str
        A key of `DTYPES`. Text columns hold "NE" for a value that is not evaluable; number, integer and
        date columns hold a missing value.
    source : str
        The variable or derivation the column comes from.
    """

    name: str
    label: str
    kind: str
    source: str


def frame(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a frame with exactly these columns and types, also when there are no rows."""
    return pd.DataFrame(
        {
            column.name: pd.Series([row[column.name] for row in rows], dtype=DTYPES[column.kind])
            for column in columns
        }
    )
