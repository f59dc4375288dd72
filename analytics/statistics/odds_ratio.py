"""The odds ratio of a 2×2 table, with its confidence interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtri

from analytics.statistics.arrays import FloatArray
from analytics.statistics.contingency import DEGENERATE, observed_counts
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

CONDITIONAL = _("conditional maximum-likelihood odds ratio with exact confidence interval")
SAMPLE = _("sample odds ratio with Woolf's confidence interval")
INFINITE = _("a cell is 0: the odds ratio has no upper limit")
ZERO_CELL = _("a cell is 0: Woolf's interval does not exist")


@dataclass(frozen=True)
class OddsRatio(Result):
    """An odds ratio.

    Attributes
    ----------
    odds_ratio, lower, upper : float or None
        None where there is none, or where it has no upper limit: `reason` says which.
    """

    method: str
    conf_level: float
    n: int
    odds_ratio: float | None
    lower: float | None
    upper: float | None
    reason: str | None


class ConditionalTable:
    """The first cell of a 2×2 table given its margins: Fisher's noncentral hypergeometric distribution.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)

    Attributes
    ----------
    observed, smallest, largest : int
        The first cell, and the least and most it can be.
    """

    def __init__(self, table: npt.ArrayLike) -> None:
        (first, row_rest), (column_rest, other) = np.asarray(table, dtype=np.int64).tolist()
        self.observed: int = first
        self.smallest: int = max(0, first - other)
        self.largest: int = first + min(row_rest, column_rest)
        self._cell = np.arange(self.smallest, self.largest + 1)
        self._log_ways: FloatArray = -sum(
            gammaln(count + 1.0)
            for count in (
                self._cell,
                first + row_rest - self._cell,
                first + column_rest - self._cell,
                other - first + self._cell,
            )
        )

    def mean(self, log_odds_ratio: float) -> float:
        """The expected count."""
        return float(self._probabilities(log_odds_ratio) @ self._cell)

    def at_most_observed(self, log_odds_ratio: float) -> float:
        """The probability of a count not above the observed one."""
        return float(self._probabilities(log_odds_ratio)[self._cell <= self.observed].sum())

    def at_least_observed(self, log_odds_ratio: float) -> float:
        """The probability of a count not below the observed one."""
        return float(self._probabilities(log_odds_ratio)[self._cell >= self.observed].sum())

    def _probabilities(self, log_odds_ratio: float) -> FloatArray:
        log_weight = self._log_ways + log_odds_ratio * self._cell
        weight = np.exp(log_weight - log_weight.max())
        probabilities: FloatArray = weight / weight.sum()
        return probabilities


def conditional_odds_ratio(table: npt.ArrayLike, conf_level: float = 0.95) -> OddsRatio:
    """Estimate the odds ratio given the margins, with the interval that belongs to Fisher's exact test.

    R's ``fisher.test`` gives the same to three or four digits, where it stops its search for the limits.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)
    conf_level : float

    Raises
    ------
    ValueError
        For a larger table, and unless `table` holds counts.

    References
    ----------
    Cornfield J. Proc 3rd Berkeley Symp 1956;4:135–148.
    """
    total, reason = _check(table)
    if reason:
        return OddsRatio(CONDITIONAL, conf_level, total, None, None, None, reason)
    given = ConditionalTable(table)
    tail = (1 - conf_level) / 2
    lowest, highest = given.observed == given.smallest, given.observed == given.largest
    return OddsRatio(
        method=CONDITIONAL,
        conf_level=conf_level,
        n=total,
        odds_ratio=0.0 if lowest else None if highest else _solve(given.mean, given.observed),
        lower=0.0 if lowest else _solve(given.at_least_observed, tail),
        upper=None if highest else _solve(given.at_most_observed, tail),
        reason=INFINITE if highest else None,
    )


def sample_odds_ratio(table: npt.ArrayLike, conf_level: float = 0.95) -> OddsRatio:
    """Estimate the odds ratio by the cross product of the table, with Woolf's interval on the log scale.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)
    conf_level : float

    Raises
    ------
    ValueError
        For a larger table, and unless `table` holds counts.

    References
    ----------
    Woolf B. Ann Hum Genet 1955;19:251–253.
    """
    total, reason = _check(table)
    if reason:
        return OddsRatio(SAMPLE, conf_level, total, None, None, None, reason)
    (a, b), (c, d) = np.asarray(table, dtype=np.int64).tolist()
    if b * c == 0:
        return OddsRatio(SAMPLE, conf_level, total, None, None, None, INFINITE)
    ratio = a * d / (b * c)
    if ratio == 0:
        return OddsRatio(SAMPLE, conf_level, total, 0.0, None, None, ZERO_CELL)
    factor = float(np.exp(ndtri((1 + conf_level) / 2) * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)))
    return OddsRatio(SAMPLE, conf_level, total, ratio, ratio / factor, ratio * factor, None)


def _check(table: npt.ArrayLike) -> tuple[int, str | None]:
    counts = observed_counts(table)
    if max(np.shape(table), default=0) > 2:
        raise ValueError("table must be 2×2: a larger one has no single odds ratio")
    return int(counts.sum()), DEGENERATE if min(counts.shape) < 2 else None


def _solve(function: Callable[[float], float], value: float) -> float:
    """Find the odds ratio at which a monotone function of its logarithm takes a value."""
    from scipy.optimize import brentq

    reach = 1.0
    while (function(-reach) < value) == (function(reach) < value):
        reach *= 2
    return float(np.exp(brentq(lambda log_ratio: function(log_ratio) - value, -reach, reach, xtol=1e-14)))
