"""Fisher's exact test for tables of any shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.contingency import DEGENERATE, ContingencyTest, Counts, observed_counts
from registry.terminology.text import gettext_noop as _

METHOD = _("Fisher's exact test, two-sided")
TOO_MANY_TABLES = _("too many tables have these margins for an exact test")

# A table counts as no more likely than the observed one up to this relative difference, as in R.
_TOLERANCE = 1e-7
# Sums of log factorials closer than this are the same sum.
_SAME_WEIGHT = 1e-10
_MOST_PARTIAL_TABLES = 5e6
_MOST_STEPS = 2e9


def fisher_exact(table: npt.ArrayLike) -> ContingencyTest:
    """Test H0: rows and columns are independent, given the margins of the table.

    The two-sided p sums the probabilities of all tables that are no more likely than the observed one,
    exactly and not by simulation as SciPy beyond 2×2. Lines are filled in from both ends, partial tables of
    equal margins and weight being one. What can only end in less likely tables, or only in more likely ones,
    is settled at once; the rest is matched in the middle.

    Parameters
    ----------
    table : array_like of int, shape (r, c)
        Counts. Empty rows and columns are left out.

    Returns
    -------
    ContingencyTest
        Without `p` when more partial tables would be needed than memory should hold: so large a sample is for
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


class _Line(NamedTuple):
    """Every way to spread the total of one line over the columns.

    Attributes
    ----------
    cells : ndarray of int, shape (k, c)
    log_weight : ndarray of float, shape (k,)
        Minus the sum of the log factorials of the cells: all that tells tables of equal margins apart.
    """

    cells: IntArray
    log_weight: FloatArray


class _Partial(NamedTuple):
    """Some of the lines filled in, in every way; those of equal column sums and weight share a row.

    Attributes
    ----------
    sums : ndarray of int, shape (k, c)
        Of each column.
    log_weight : ndarray of float, shape (k,)
    ways : ndarray of float, shape (k,)
        How many partial tables a row stands for.
    """

    sums: IntArray
    log_weight: FloatArray
    ways: FloatArray

    def only(self, rows: BoolArray | IntArray) -> _Partial:
        return _Partial(self.sums[rows], self.log_weight[rows], self.ways[rows])


class _Bounds(NamedTuple):
    """Largest and smallest log weight of the lines to come, by what remains of each column but the first."""

    most: FloatArray
    least: FloatArray


def _sum_of_probabilities(counts: Counts) -> float:
    counts = counts[:, np.argsort(-counts.sum(axis=0))]  # what remains of the widest follows from the others
    columns, totals = counts.sum(axis=0), -np.sort(-counts.sum(axis=1))
    fillings = [_how_many_fillings(int(total), columns) for total in totals]
    if max(fillings) > _MOST_PARTIAL_TABLES or sum(fillings) * np.prod(columns[1:] + 1.0) > _MOST_STEPS:
        raise _TooManyTablesError
    lines = [_line(int(total), columns) for total in totals]
    bounds = _bounds(lines, columns[1:])
    limit = _TOLERANCE - _log_factorials(counts)
    scale = _log_factorials(columns) + _log_factorials(totals) - _log_factorials(counts.sum())

    p, depth, front = 0.0, 0, _nothing_filled(columns)
    ways_to_finish = np.cumprod(fillings[::-1])[::-1]
    while 0 < len(front.ways) * fillings[depth] < ways_to_finish[depth]:
        front = _with_line(front, lines[depth], columns)
        depth += 1
        remaining = columns - front.sums
        ahead = tuple(remaining[:, 1:].T)
        counted = front.log_weight + bounds[depth].most[ahead] <= limit
        passed = front.log_weight + bounds[depth].least[ahead] > limit
        finish = (
            _log_factorials(totals[depth:].sum())
            - _log_factorials(totals[depth:])
            - gammaln(remaining[counted] + 1.0).sum(axis=1)
        )
        p += float(front.ways[counted] @ np.exp(front.log_weight[counted] + finish + scale))
        front = _merged(front.only(~counted & ~passed), columns)
    if not front.ways.size:
        return min(p, 1.0)
    back = _nothing_filled(columns)
    for line in reversed(lines[depth:]):
        back = _merged(_with_line(back, line, columns), columns)
    return min(p + _matched(front, back, columns, limit, scale), 1.0)


def _how_many_fillings(total: int, columns: Counts) -> float:
    """The coefficient of z^total in the product of 1 + z + … + z^column over the columns."""
    ways = np.ones(1)
    for column in columns:
        ways = np.convolve(ways, np.ones(column + 1))[: total + 1]
    return float(ways[total])


def _line(total: int, columns: Counts) -> _Line:
    cells, left = np.zeros((1, 0), dtype=np.intp), np.array([total])
    for column, room in enumerate(columns):
        fewest = np.maximum(left - columns[column + 1 :].sum(), 0)
        choices = np.minimum(left, room) - fewest + 1
        row = np.repeat(np.arange(left.size), choices)
        cell = fewest[row] + np.arange(row.size) - (np.cumsum(choices) - choices)[row]
        cells, left = np.column_stack((cells[row], cell)), left[row] - cell
    return _Line(cells, -gammaln(cells + 1.0).sum(axis=1))


def _bounds(lines: Sequence[_Line], columns: Counts) -> list[_Bounds]:
    """Bounds for all lines from the first, the second … on, and for none."""
    shape = tuple(columns + 1)
    most, least = np.full(shape, -np.inf), np.full(shape, np.inf)
    most.flat[0] = least.flat[0] = 0.0
    bounds = [_Bounds(most, least)]
    for line in reversed(lines):
        most, least = np.full(shape, -np.inf), np.full(shape, np.inf)
        for cells, log_weight in zip(line.cells[:, 1:], line.log_weight, strict=True):
            here = tuple(slice(cell, None) for cell in cells)
            there = tuple(slice(None, size - cell) for size, cell in zip(shape, cells, strict=True))
            np.maximum(most[here], bounds[0].most[there] + log_weight, out=most[here])
            np.minimum(least[here], bounds[0].least[there] + log_weight, out=least[here])
        bounds.insert(0, _Bounds(most, least))
    return bounds


def _nothing_filled(columns: Counts) -> _Partial:
    return _Partial(np.zeros((1, columns.size), dtype=np.intp), np.zeros(1), np.ones(1))


def _with_line(partial: _Partial, line: _Line, columns: Counts) -> _Partial:
    if len(partial.ways) * len(line.cells) > _MOST_PARTIAL_TABLES:
        raise _TooManyTablesError
    sums = (partial.sums[:, None, :] + line.cells).reshape(-1, columns.size)
    log_weight = (partial.log_weight[:, None] + line.log_weight).ravel()
    ways = np.repeat(partial.ways, len(line.cells))
    return _Partial(sums, log_weight, ways).only(np.all(sums <= columns, axis=1))


def _merged(partial: _Partial, columns: Counts) -> _Partial:
    """Sort by the column sums, then by weight, and let what is equal share a row."""
    key = _key(partial.sums, columns)
    order = np.lexsort((partial.log_weight, key))
    key, partial = key[order], partial.only(order)
    starts = np.flatnonzero(
        (np.diff(key, prepend=-1) != 0) | (np.diff(partial.log_weight, prepend=0.0) > _SAME_WEIGHT)
    )
    ways = np.add.reduceat(partial.ways, starts) if starts.size else partial.ways
    return _Partial(partial.sums[starts], partial.log_weight[starts], ways)


def _matched(front: _Partial, back: _Partial, columns: Counts, limit: float, scale: float) -> float:
    """Sum the probabilities of all pairs that fill the columns and weigh no more than the limit."""
    p = 0.0
    wanted, offered = _key(columns - front.sums, columns), _key(back.sums, columns)
    for key in np.unique(wanted):
        halves = front.only(wanted == key)
        others = back.only(np.arange(*np.searchsorted(offered, (key, key + 1))))
        heaviest = others.log_weight[-1]
        cumulative = np.cumsum(others.ways * np.exp(others.log_weight - heaviest))
        light_enough = np.searchsorted(others.log_weight, limit - halves.log_weight, side="right")
        some = light_enough > 0
        p += float(
            (halves.ways[some] * cumulative[light_enough[some] - 1])
            @ np.exp(halves.log_weight[some] + heaviest + scale)
        )
    return p


def _key(sums: IntArray, columns: Counts) -> IntArray:
    key: IntArray = np.ravel_multi_index(tuple(sums[:, 1:].T), tuple(columns[1:] + 1))
    return key


def _log_factorials(counts: npt.ArrayLike) -> float:
    return float(np.sum(gammaln(np.asarray(counts) + 1.0)))
