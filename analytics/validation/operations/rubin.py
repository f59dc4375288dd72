"""Pooling multiply imputed estimates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.rubin import pool

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def rubin_pool(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Pool as R's ``mice::pool.scalar``; without `n` the sample counts as large."""
    n = args.get("n")
    pooled = pool(
        args["estimate"],
        args["variance"],
        n=None if n is None or math.isinf(float(n)) else int(n),
        parameters=args.get("k") or 1,
    )
    return {
        "qbar": pooled.estimate,
        "ubar": pooled.within,
        "b": pooled.between,
        "t": pooled.total,
        "df": pooled.df,
        "r": pooled.relative_increase,
        "fmi": pooled.fraction_missing,
    }


OPERATIONS: dict[str, Operation] = {"rubin_pool": rubin_pool}
