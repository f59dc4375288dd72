"""The columns of a model as R makes and names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd


def frame(args: Mapping[str, Any], data: pd.DataFrame) -> pd.DataFrame:
    """Return the data of a case, which stand in its arguments when it is inline."""
    import pandas as pd

    return pd.DataFrame(args["data"]) if data.empty else data


def covariates(args: Mapping[str, Any]) -> list[str]:
    """Return the names of the covariates; R may have written a single one without a list."""
    return [args["covariates"]] if isinstance(args["covariates"], str) else list(args["covariates"])


def columns(name: str, values: pd.Series[Any]) -> dict[str, FloatArray]:
    """Return a number as it is, and an indicator for each category of a text but the first.

    A file of text has lost the order of R's factors: two categories come by alphabet, more as they appear.
    """
    if values.dtype.kind in "biuf":
        return {name: values.to_numpy(dtype=np.float64)}
    categories = list(dict.fromkeys(values))
    if len(categories) == 2:
        categories.sort()
    return {
        f"{name}{category}": (values == category).to_numpy(dtype=np.float64) for category in categories[1:]
    }
