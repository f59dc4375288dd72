"""How many are at risk, have the event or are censored at each distinct time, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, distinct, distinct_times

Counts = npt.NDArray[Any]  # whole numbers, or sums of weights


@dataclass(frozen=True, slots=True)
class EventTable:
    """One column per distinct time of each stratum, sorted by stratum and time.

    Attributes
    ----------
    times : ndarray of float, shape (m,)
    starts : ndarray of int, shape (strata,)
        The column where each stratum begins.
    at_risk : ndarray, shape (groups, m)
        Under observation and event-free just before each time. An event precedes a censoring at its time.
    events, censored : ndarray, shape (groups, m)
        Whole numbers, or sums of weights where there are any.
    """

    times: FloatArray
    starts: IntArray
    at_risk: Counts
    events: Counts
    censored: Counts


def event_table(
    times: FloatArray,
    events: BoolArray,
    *,
    entry: FloatArray | None = None,
    groups: IntArray | None = None,
    strata: IntArray | None = None,
    weights: FloatArray | None = None,
) -> EventTable:
    """Count the rows.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Times that differ only by floating-point noise count as equal.
    events : ndarray of bool, shape (n,)
    entry : ndarray of float, shape (n,), optional
        A row is at risk in (entry, time].
    groups, strata : ndarray of int, shape (n,), optional
        Codes 0, 1, 2 …
    weights : ndarray of float, shape (n,), optional
        What each row counts instead of 1. A row of weight 0 is left out.
    """
    rows = 1 if groups is None else int(groups.max(initial=-1)) + 1
    if weights is not None and not weights.all():
        kept = weights > 0
        times, events, weights = times[kept], events[kept], weights[kept]
        entry = None if entry is None else entry[kept]
        groups = None if groups is None else groups[kept]
        strata = None if strata is None else strata[kept]
    timeline, column = distinct_times(times)
    starts = np.zeros(1, dtype=np.intp)
    cells = None
    if strata is not None:
        cells, column = distinct(strata * timeline.size + column)
        starts = np.flatnonzero(np.diff(cells // max(timeline.size, 1), prepend=-1))
    columns = timeline.size if cells is None else cells.size

    kind = events if groups is None else 2 * groups + events
    counts = np.bincount(columns * kind + column, weights, minlength=2 * rows * columns)
    censored, failing = counts.reshape(rows, 2, columns).swapaxes(0, 1)
    at_risk = _from_the_end(censored + failing, starts)
    if entry is not None:
        # A row is not yet at risk at the last time before its entry, nor at the earlier ones of its stratum.
        last = np.searchsorted(timeline, entry, side="right") - 1
        first: IntArray | int = 0
        if cells is not None and strata is not None:
            last = np.searchsorted(cells, strata * timeline.size + last, side="right") - 1
            first = np.searchsorted(cells, strata * timeline.size)
        late = last >= first
        cell = last if groups is None else columns * groups + last
        waiting = np.bincount(cell[late], None if weights is None else weights[late], rows * columns)
        at_risk = at_risk - _from_the_end(waiting.reshape(rows, columns), starts)
    return EventTable(
        times=timeline if cells is None else timeline[cells % timeline.size],
        starts=starts,
        at_risk=at_risk,
        events=failing,
        censored=censored,
    )


def _from_the_end(counts: Counts, starts: IntArray) -> Counts:
    """Sum each row of `counts` from every column to the end of its stratum."""
    total: Counts = np.ascontiguousarray(counts[:, ::-1].cumsum(axis=1)[:, ::-1])
    if starts.size <= 1:
        return total
    ends = np.append(starts[1:], counts.shape[1])
    beyond = np.column_stack((total, np.zeros_like(total[:, :1])))[:, ends]
    within: Counts = total - np.repeat(beyond, ends - starts, axis=1)
    return within
