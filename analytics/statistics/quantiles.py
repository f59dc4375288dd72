"""Median, quartiles and range of a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import floats
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

QuantileType = Literal[6, 7]
METHODS = {
    6: _("quantiles of type 6, at (n + 1)p (SPSS, Minitab)"),
    7: _("quantiles of type 7, at (n − 1)p + 1 (R, Excel)"),
}
_NUMPY_NAMES: dict[int, Literal["weibull", "linear"]] = {6: "weibull", 7: "linear"}


@dataclass(frozen=True)
class Quantiles(Result):
    """Five numbers that describe a sample; all None when it is empty."""

    method: str
    n: int
    minimum: float | None
    q1: float | None
    median: float | None
    q3: float | None
    maximum: float | None


def quantiles(values: npt.ArrayLike, kind: QuantileType = 7) -> Quantiles:
    """Return minimum, quartiles, median and maximum.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Known values only: missing ones are counted by the caller.
    kind : {7, 6}
        Numbering of Hyndman and Fan.

    References
    ----------
    Hyndman RJ, Fan Y. Am Stat 1996;50:361–365.
    """
    sample = floats("values", values).ravel()
    if sample.size == 0:
        return Quantiles(METHODS[kind], 0, None, None, None, None, None)
    five = np.quantile(sample, (0.0, 0.25, 0.5, 0.75, 1.0), method=_NUMPY_NAMES[kind])
    return Quantiles(METHODS[kind], int(sample.size), *map(float, five))
