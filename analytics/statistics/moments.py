"""Mean and standard deviation of a sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import floats
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("mean and standard deviation (n − 1)")


@dataclass(frozen=True)
class Moments(Result):
    """Mean of a sample, None when it is empty; standard deviation, None for fewer than two values."""

    method: str
    n: int
    mean: float | None
    std_dev: float | None


def moments(values: npt.ArrayLike) -> Moments:
    """Return mean and standard deviation.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Known values only: missing ones are counted by the caller.

    Raises
    ------
    ValueError
        For missing or infinite values.
    """
    sample = floats("values", values).ravel()
    mean = float(sample.mean()) if sample.size else None
    std_dev = float(np.std(sample, ddof=1)) if sample.size > 1 else None
    return Moments(METHOD, int(sample.size), mean, std_dev)
