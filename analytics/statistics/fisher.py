"""Fisher's exact test for tables of any shape."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.contingency import DEGENERATE, ContingencyTest, Counts, observed_counts
from registry.terminology.text import gettext_noop as _

METHOD = _("Fisher's exact test, two-sided")
TOO_MANY_TABLES = _("too many tables have these margins for an exact test")

# A table counts as no more likely than the observed one up to this relative difference, as in R.
_TOLERANCE = 1e-7
# Sums of log factorials closer than this are the same sum.
_SAME_WEIGHT = 1e-10
# Some seconds and a gigabyte; keys are integers of 64 bits.
_MOST_HALVES = 6e6
_MOST_MATCHES = 3e7
_MOST_KEYS = 2.0**62


def fisher_exact(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: rows and columns are independent, given the margins of the table.

    The two-sided p sums the probabilities of all tables that are no more likely than the observed one,
    exactly and not by simulation as SciPy beyond 2×2. Tables are cut in half, by the column sums of the upper
    half. Where all tables of a cut are less likely, or all more, the cut is settled at once; elsewhere the
    halves are listed, those of equal weight as one and once for all orders of the columns, and matched.

    Parameters
    ----------
    table : array_like of int, shape (r, c)
        Counts. Empty rows and columns are left out.

    Returns
    -------
    ContingencyTest
        Without `p` when more half tables would be needed than memory should hold: so large a sample is for
        Pearson's test.

    Raises
    ------
    ValueError
        Unless `table` holds counts in rows and columns.

    References
    ----------
    Fisher RA. J R Stat Soc 1935;98:39–82. Freeman GH, Halton JH. Biometrika 1951;38:141–149.
    Mehta CR, Patel NR. J Am Stat Assoc 1983;78:427–434.
    """
    counts = observed_counts(table)
    total = int(counts.sum())
    if min(counts.shape) < 2:
        return ContingencyTest(METHOD, total, None, None, None, DEGENERATE)
    try:
        p = _sum_of_probabilities(counts if counts.shape[0] >= counts.shape[1] else counts.T)
    except _TooManyTablesError:
        return ContingencyTest(METHOD, total, None, None, None, TOO_MANY_TABLES)
    return ContingencyTest(METHOD, total, None, None, p, None)


class _TooManyTablesError(Exception):
    pass


class _Tables(NamedTuple):
    """All tables of some row totals, for one set of column sums after the other.

    Attributes
    ----------
    starts : ndarray of int, shape (m + 1,)
        First row of each set of column sums, and the number of rows.
    log_weight : ndarray of float, shape (k,)
        Minus the sum of the log factorials of the cells: all that tells tables of equal margins apart.
    ways : ndarray of float, shape (k,)
        How many tables a row stands for.
    """

    starts: IntArray
    log_weight: FloatArray
    ways: FloatArray

    def of(self, margins: IntArray) -> tuple[IntArray, IntArray]:
        """Rows of each of the column sums asked for, and for which of them."""
        return _ranges(self.starts[margins], self.starts[margins + 1])


def _sum_of_probabilities(counts: Counts) -> float:
    columns, totals = np.sort(counts.sum(axis=0)), -np.sort(-counts.sum(axis=1))
    if counts.sum() > _MOST_HALVES or np.prod(columns[:-1] + 1.0) > _MOST_KEYS:
        raise _TooManyTablesError
    half, log_factorial = totals.size // 2, gammaln(np.arange(counts.sum() + 1) + 1.0)
    limit = _TOLERANCE - log_factorial[counts].sum()
    scale = log_factorial[columns].sum() + log_factorial[totals].sum() - log_factorial[-1]

    above = _fillings(int(totals[:half].sum()), columns[:, None])[1]
    top, bottom = (totals[:half], above), (totals[half:], columns[:, None] - above)
    counted = _heaviest(*top) + _heaviest(*bottom) <= limit
    passed = _lightest(*top, log_factorial) + _lightest(*bottom, log_factorial) > limit
    together = _all_together(*top, log_factorial) + _all_together(*bottom, log_factorial)
    p = np.exp(scale + together[counted]).sum()

    cut = ~(counted | passed)
    upper, up = _tables(totals[:half], top[1][:, cut], log_factorial)
    lower, low = _tables(totals[half:], bottom[1][:, cut], log_factorial)
    pairs, times = np.unique(low * upper.starts.size + up, return_counts=True)
    low, up = np.divmod(pairs, upper.starts.size)
    if np.sum(np.diff(upper.starts)[up]) > _MOST_MATCHES:
        raise _TooManyTablesError
    different, first = np.unique(low, return_index=True)
    for margins, mine in zip(different, np.split(np.arange(low.size), first[1:]), strict=True):
        which, rows = upper.of(up[mine])
        below = slice(*lower.starts[margins : margins + 2])
        log_weight = lower.log_weight[below]
        cumulative = np.cumsum(np.append(0.0, lower.ways[below] * np.exp(log_weight - log_weight[-1])))
        light_enough = np.searchsorted(log_weight, limit - upper.log_weight[rows], side="right")
        ways = times[mine][which] * upper.ways[rows] * cumulative[light_enough]
        p += ways @ np.exp(upper.log_weight[rows] + log_weight[-1] + scale)
    return min(float(p), 1.0)


def _all_together(totals: Counts, sums: IntArray, log_factorial: FloatArray) -> FloatArray:
    """Log of the summed weights of all tables with these margins."""
    together: FloatArray = (
        log_factorial[totals.sum()] - log_factorial[totals].sum() - log_factorial[sums].sum(axis=0)
    )
    return together


def _heaviest(totals: Counts, sums: IntArray) -> FloatArray:
    """Upper bound of the log weights of tables with these margins.

    log x! falls short of Burnside's (x + ½) log(x + ½) − (x + ½) + ½ log 2π by most at x = 0; with that in
    its place, tables of real numbers weigh most where each x + ½ is the product of its margins.
    """
    rows, columns = totals + len(sums) / 2, sums + totals.size / 2
    products = xlogy(rows, rows).sum() + xlogy(columns, columns).sum(axis=0) - xlogy(rows.sum(), rows.sum())
    burnside = products - rows.sum() + len(sums) * totals.size * 0.5 * np.log(2 * np.pi)
    shortfall = len(sums) * totals.size * 0.5 * (np.log(np.pi) - 1.0)
    bound: FloatArray = shortfall - burnside
    return bound


def _lightest(totals: Counts, sums: IntArray, log_factorial: FloatArray) -> FloatArray:
    """Lower bound of the log weights of tables with these margins: each row or each column in one cell."""
    bound: FloatArray = np.maximum(-log_factorial[totals].sum(), -log_factorial[sums].sum(axis=0))
    return bound


def _tables(totals: Counts, sums: IntArray, log_factorial: FloatArray) -> tuple[_Tables, IntArray]:
    """All tables with these row totals and column sums, shape (c, m), and where those of each column are."""
    if totals.size == 1:
        each = np.arange(sums.shape[1] + 1)
        return _Tables(each, -log_factorial[sums].sum(axis=0), np.ones(each.size - 1)), each[:-1]
    sums, which = _up_to_order(sums)
    whose, cells = _fillings(int(totals[0]), sums)
    fewer, rest = _tables(totals[1:], sums[:, whose] - cells, log_factorial)
    if np.sum(np.diff(fewer.starts)[rest]) > _MOST_HALVES:
        raise _TooManyTablesError
    line, rows = fewer.of(rest)
    log_weight = fewer.log_weight[rows] - log_factorial[cells].sum(axis=0)[line]
    return _merged(whose[line], log_weight, fewer.ways[rows]), which


def _up_to_order(sums: IntArray) -> tuple[IntArray, IntArray]:
    """Column sums that are not the same in another order, and which of them each of those given is."""
    sums = np.sort(sums, axis=0)
    key = np.ravel_multi_index(tuple(sums[:-1]), tuple(sums[:-1].max(axis=1) + 1))
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return sums[:, first], which


def _fillings(total: int, sums: IntArray) -> tuple[IntArray, IntArray]:
    """Every way to spread a total within each of the column sums: within which, and cells, shape (c, k)."""
    whose, left = np.arange(sums.shape[1]), np.full(sums.shape[1], total)
    cells: list[IntArray] = []
    for column, room in enumerate(sums):
        fewest = np.maximum(left - sums[column + 1 :].sum(axis=0)[whose], 0)
        most = np.minimum(left, room[whose])
        if np.sum(most - fewest + 1) > _MOST_HALVES:
            raise _TooManyTablesError
        again, cell = _ranges(fewest, most + 1)
        whose, left, cells = whose[again], left[again] - cell, [*(done[again] for done in cells), cell]
    return whose, np.array(cells)


def _ranges(start: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """The integers from each start to before its stop, in one array, after whose they are."""
    size = stop - start
    whose = np.repeat(np.arange(size.size), size)
    return whose, np.arange(whose.size) + (start - np.cumsum(size) + size)[whose]


def _merged(whose: IntArray, log_weight: FloatArray, ways: FloatArray) -> _Tables:
    """Sort by weight within each of the column sums, and let what is equal share a row."""
    lowest, share = log_weight.min(), 2**62 // (int(whose[-1]) + 1)
    key = whose * share + ((log_weight - lowest) / (np.ptp(log_weight) + 1.0) * share).astype(np.int64)
    order = np.argsort(key)  # integers sort ten times faster than two keys
    whose, log_weight = whose[order], log_weight[order]
    first = np.diff(whose, prepend=-1) != 0
    rows = np.flatnonzero(first | (np.diff(log_weight, prepend=0.0) > _SAME_WEIGHT))
    starts = np.append(np.flatnonzero(first[rows]), rows.size)
    return _Tables(starts, log_weight[rows], np.add.reduceat(ways[order], rows))
