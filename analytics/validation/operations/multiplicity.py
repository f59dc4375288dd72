"""Adjusted p-values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.multiplicity import Adjustment, adjust

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def adjustment(name: str) -> Adjustment:
    """Return the adjustment that R calls `name`; "fdr" is its other name of "BH"."""
    return Adjustment.BENJAMINI_HOCHBERG if name == "fdr" else Adjustment(name)


def p_adjust(args: Mapping[str, Any], _data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """A family of p-values."""
    given = args["p"] if isinstance(args["p"], list) else [args["p"]]
    return {"adjusted": adjust(given, adjustment(args["method"])).adjusted}


OPERATIONS: dict[str, Operation] = {"p_adjust": p_adjust}
