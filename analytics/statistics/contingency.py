"""Tests of independence in a contingency table: Pearson's χ² and Fisher's exact test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

PEARSON = _("Pearson χ² without continuity correction")
FISHER = _("Fisher's exact test, two-sided")
DEGENERATE = _("fewer than two groups or outcomes observed")
ONLY_2X2 = _("Fisher's exact test is given for 2×2 tables only")


@dataclass(frozen=True)
class ContingencyTest(Result):
    """A test of independence; `statistic`, `df` and `p` are None when `reason` says why.

    Attributes
    ----------
    n : int
        Total count of the table.
    statistic : float or None
        χ² for Pearson's test; None for Fisher's, which has none.
    """

    method: str
    n: int
    statistic: float | None
    df: int | None
    p: float | None
    reason: str | None


def pearson_chi_square(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: rows and columns are independent, by Pearson's χ² without Yates' correction.

    Parameters
    ----------
    table : array_like of int, shape (r, c)
        Counts. Empty rows and columns are left out.

    References
    ----------
    Pearson K. Philos Mag 1900;50:157–175.
    """
    counts = _counts(table)
    if min(counts.shape) < 2:
        return ContingencyTest(PEARSON, int(counts.sum()), None, None, None, DEGENERATE)
    test = stats.chi2_contingency(counts, correction=False)
    return ContingencyTest(
        PEARSON, int(counts.sum()), float(test.statistic), int(test.dof), float(test.pvalue), None
    )


def fisher_exact(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: rows and columns of a 2×2 table are independent, given its margins.

    The two-sided p sums the probabilities of all tables that are no more likely than the one observed.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)

    References
    ----------
    Fisher RA. J R Stat Soc 1935;98:39–82.
    """
    counts = _counts(table)
    total = int(counts.sum())
    if min(counts.shape) < 2:
        return ContingencyTest(FISHER, total, None, None, None, DEGENERATE)
    if counts.shape != (2, 2):
        return ContingencyTest(FISHER, total, None, None, None, ONLY_2X2)
    return ContingencyTest(FISHER, total, None, None, float(stats.fisher_exact(counts).pvalue), None)


def _counts(table: npt.ArrayLike) -> npt.NDArray[np.int64]:
    values = np.asarray(table)
    if values.size == 0:
        return np.zeros((0, 0), dtype=np.int64)
    counts = values.astype(np.int64)
    if counts.ndim != 2 or np.any(counts != values) or np.any(counts < 0):
        raise ValueError("table must hold counts in rows and columns")
    trimmed: npt.NDArray[np.int64] = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return trimmed
