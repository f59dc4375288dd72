"""Tests of independence in a contingency table: Pearson's χ², with Yates' correction, and McNemar's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from analytics.statistics.arrays import FloatArray
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

PEARSON = _("Pearson χ² without continuity correction")
YATES = _("Pearson χ² with Yates' continuity correction")
MCNEMAR = _("McNemar's χ² with continuity correction")
DEGENERATE = _("fewer than two groups or outcomes observed")
NO_DISCORDANT_PAIRS = _("no discordant pairs")

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ContingencyTest(Result):
    """A test of independence; `statistic`, `df` and `p` are None when `reason` says why.

    Attributes
    ----------
    n : int
        Total count of the table.
    statistic : float or None
        χ²; None for Fisher's test, which has none.
    expected : tuple of tuple of float
        Counts to be expected under independence, where the test uses them.
    """

    method: str
    n: int
    statistic: float | None
    df: int | None
    p: float | None
    reason: str | None
    expected: tuple[tuple[float, ...], ...] = ()

    @property
    def smallest_expected(self) -> float | None:
        """The smallest expected count: below 5 the χ² approximation is in doubt."""
        return min(map(min, self.expected), default=None)


def pearson_chi_square(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: rows and columns are independent, by Pearson's χ² without Yates' correction.

    Parameters
    ----------
    table : array_like of int, shape (r, c)
        Counts. Empty rows and columns are left out.

    Raises
    ------
    ValueError
        Unless `table` holds counts in rows and columns.

    References
    ----------
    Pearson K. Philos Mag 1900;50:157–175.
    """
    return _chi_square(PEARSON, observed_counts(table), most=0.0)


def yates_chi_square(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: rows and columns of a 2×2 table are independent, by χ² with Yates' correction.

    No count is moved past its expectation, as in R.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)

    Raises
    ------
    ValueError
        For a larger table, and unless `table` holds counts in rows and columns.

    References
    ----------
    Yates F. Suppl J R Stat Soc 1934;1:217–235.
    """
    counts = observed_counts(table)
    if max(counts.shape) > 2:
        raise ValueError("table must be 2×2: Yates' correction is defined for no other")
    return _chi_square(YATES, counts, most=0.5)


def mcnemar(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: a paired yes/no measurement changes as often one way as the other.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)
        Pairs by their first (rows) and second (columns) measurement.

    Raises
    ------
    ValueError
        Unless `table` holds counts, two by two.

    References
    ----------
    McNemar Q. Psychometrika 1947;12:153–157. Edwards AL. Psychometrika 1948;13:185–187.
    """
    counts = _counts(table)
    if counts.shape != (2, 2):
        raise ValueError("table must be 2×2: pairs by their first and second measurement")
    total, there, back = int(counts.sum()), int(counts[0, 1]), int(counts[1, 0])
    if there + back == 0:
        return ContingencyTest(MCNEMAR, total, None, None, None, NO_DISCORDANT_PAIRS)
    statistic = max(abs(there - back) - 1, 0) ** 2 / (there + back)
    return ContingencyTest(MCNEMAR, total, statistic, 1, float(chdtrc(1, statistic)), None)


def expected_counts(counts: Counts) -> FloatArray:
    """Return the counts that independent rows and columns with these margins would have, shape (r, c)."""
    expected: FloatArray = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return expected


def observed_counts(table: npt.ArrayLike) -> Counts:
    """Return the table without its empty rows and columns, refusing what is not a table of counts."""
    counts = _counts(table)
    trimmed: Counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return trimmed


def _counts(table: npt.ArrayLike) -> Counts:
    values = np.asarray(table, dtype=np.float64)
    if values.size == 0:
        return np.zeros((0, 0), dtype=np.int64)
    if values.ndim != 2 or not np.all(np.isfinite(values)) or np.any(values != np.rint(values)):
        raise ValueError("table must hold counts in rows and columns")
    if np.any(values < 0):
        raise ValueError("table must hold counts, none below 0")
    return values.astype(np.int64)


def _chi_square(method: str, counts: Counts, most: float) -> ContingencyTest:
    """χ² after every count was moved towards its expectation, by `most` at most."""
    total = int(counts.sum())
    if min(counts.shape) < 2:
        return ContingencyTest(method, total, None, None, None, DEGENERATE)
    expected = expected_counts(counts)
    distance = np.abs(counts - expected)
    correction = min(most, float(distance.min()))
    statistic = float(np.sum((distance - correction) ** 2 / expected))
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return ContingencyTest(
        method, total, statistic, df, float(chdtrc(df, statistic)), None, tuple(map(tuple, expected.tolist()))
    )
