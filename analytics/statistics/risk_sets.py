"""Who is at risk when an event happens: rows sorted and grouped once, summed many times.

Rows are sorted by stratum and, within it, by falling time, events after censored rows of their time. A risk
set is then a run from the stratum's start: every sum over a risk set is a running sum over tie groups,
and the events of a group are the end of its run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, ascending


@dataclass(frozen=True, slots=True)
class RiskSets:
    """The distinct event times of each stratum (the groups) and the rows at risk at them.

    Attributes
    ----------
    order : ndarray of int, shape (m,)
        The rows that are at risk at one event time at least, sorted by stratum and falling time.
    starts, lengths : ndarray of int, shape (groups,)
        Where in `order` the rows begin that join the risk set with each group, and how many they are.
    deaths : ndarray of int, shape (d,)
        Positions in `order` of the rows with an event, sorted by group.
    death_starts, death_counts : ndarray of int, shape (groups,)
        Where in `deaths` each group begins, and its number of events (rows, whatever their weight).
    times : ndarray of float, shape (groups,)
    strata : tuple of (int, int)
        First group and one past the last of each stratum.
    stratum : ndarray of int, shape (groups,)
        Number of each group's stratum.
    late : ndarray of int, shape (l,)
        Positions in `order` of the rows that were not yet under observation at their stratum's first event
        time, sorted by the group at which they leave, looking backwards in time (left truncation).
    late_starts, late_groups : ndarray of int
        Where in `late` each run of equal leaving groups begins, and that group.
    leaves : ndarray of int, shape (m,)
        For each row of `order` one past the last group it belongs to.
    """

    order: IntArray
    starts: IntArray
    lengths: IntArray
    deaths: IntArray
    death_starts: IntArray
    death_counts: IntArray
    times: FloatArray
    strata: tuple[tuple[int, int], ...]
    stratum: IntArray
    late: IntArray
    late_starts: IntArray
    late_groups: IntArray
    leaves: IntArray

    @property
    def groups(self) -> int:
        """Number of distinct event times, counted in each stratum."""
        return int(self.starts.size)

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum `values`, shape (…, m) in the order of `order`, over each risk set; shape (…, groups)."""
        return self.running_sums(np.add.reduceat(values, self.starts, axis=-1), values)

    def death_sums(self, values: FloatArray) -> FloatArray:
        """Sum `values`, shape (…, m), over the events of each group; shape (…, groups)."""
        return np.add.reduceat(values[..., self.deaths], self.death_starts, axis=-1)

    def running_sums(self, joined: FloatArray, values: FloatArray) -> FloatArray:
        """Turn the sums of `values` over the rows that join with each group into `sums`, in place."""
        if self.late.size:
            joined[..., self.late_groups] -= np.add.reduceat(
                values[..., self.late], self.late_starts, axis=-1
            )
        if len(self.strata) == 1:
            return np.add.accumulate(joined, axis=-1, out=joined)
        for first, last in self.strata:
            np.add.accumulate(joined[..., first:last], axis=-1, out=joined[..., first:last])
        return joined

    def accumulated(self, increments: FloatArray) -> FloatArray:
        """Sum the `increments` of the groups each row belongs to; shape (groups,) becomes (m,)."""
        cumulative = np.zeros(self.groups + 1)
        for first, last in self.strata:
            np.add.accumulate(increments[first:last][::-1], out=cumulative[first:last][::-1])
        rows = cumulative[:-1].repeat(self.lengths)
        if self.late.size:
            until = self.leaves[self.late]
            rows[self.late] -= cumulative[until]
        return rows

    @property
    def death_groups(self) -> IntArray:
        """The group of each of `deaths`."""
        return np.repeat(np.arange(self.groups), self.death_counts)


def risk_sets(
    times: FloatArray, events: BoolArray, entry: FloatArray | None = None, strata: IntArray | None = None
) -> RiskSets:
    """Sort and group the rows.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Ties already merged.
    events : ndarray of bool, shape (n,)
        At least one is True.
    entry : ndarray of float, shape (n,), optional
        A row is at risk in (entry, time].
    strata : ndarray of int, shape (n,), optional
        Codes 0, 1, 2 …
    """
    events_first = np.concatenate((np.flatnonzero(events), np.flatnonzero(~events)))
    order = events_first[ascending(times[events_first])][::-1]
    if strata is not None:
        order = order[np.argsort(strata[order], kind="stable")]
    sorted_times, happened = times[order], events[order]

    # A group ends where the time or the stratum changes, if one of its rows has an event.
    changes = sorted_times[1:] != sorted_times[:-1]
    if strata is not None:
        stratum = strata[order]
        changes |= stratum[1:] != stratum[:-1]
    block_starts = np.concatenate(([0], changes.nonzero()[0] + 1))
    block_ends = np.append(block_starts[1:], order.size)
    has_event = np.add.reduceat(happened, block_starts, dtype=np.intp) > 0
    ends, group_times = block_ends[has_event], sorted_times[block_starts[has_event]]
    begins = np.concatenate(([0], ends[:-1]))

    # Rows before a stratum's first event time are in no risk set; they come after its last group.
    if strata is None:
        new_stratum = np.arange(ends.size) == 0
        lengths, kept = ends - begins, order[: ends[-1]]
    else:
        group_stratum = stratum[block_starts[has_event]]
        new_stratum = np.concatenate(([True], group_stratum[1:] != group_stratum[:-1]))
        begins[new_stratum] = np.searchsorted(stratum, group_stratum[new_stratum], side="left")
        lengths = ends - begins
        kept = order[_runs(begins, lengths)]
    groups = np.arange(ends.size)
    boundaries = np.concatenate((np.flatnonzero(new_stratum), [ends.size]))
    slices = tuple(zip(boundaries[:-1].tolist(), boundaries[1:].tolist(), strict=True))

    joins = np.repeat(groups, lengths)
    late = late_starts = late_groups = leaves = np.empty(0, dtype=np.intp)
    if entry is not None:
        stratum_end = np.repeat(boundaries[1:], np.diff(boundaries))[joins]
        leaves = _first_group_before(entry[kept], group_times, slices, joins, np.cumsum(new_stratum) - 1)
        seen = leaves > joins  # entered after the last event time of its own stay: at risk at none
        if not seen.all():
            # The run of a group may become empty only when nobody is at risk, which its own event forbids.
            kept, joins, leaves = kept[seen], joins[seen], leaves[seen]
            stratum_end = stratum_end[seen]
            lengths = np.bincount(joins, minlength=ends.size).astype(np.intp)
        late = np.flatnonzero(leaves < stratum_end)
        late = late[np.argsort(leaves[late], kind="stable")]
        late_groups, late_starts = np.unique(leaves[late], return_index=True)
    deaths = np.flatnonzero(events[kept])
    counts = np.bincount(joins[deaths], minlength=ends.size).astype(np.intp)
    return RiskSets(
        order=kept,
        starts=np.cumsum(lengths) - lengths,
        lengths=lengths,
        deaths=deaths,
        death_starts=np.cumsum(counts) - counts,
        death_counts=counts,
        times=group_times,
        strata=slices,
        stratum=(np.cumsum(new_stratum) - 1).astype(np.intp),
        late=late,
        late_starts=late_starts,
        late_groups=late_groups,
        leaves=leaves,
    )


def _runs(begins: IntArray, lengths: IntArray) -> IntArray:
    """Concatenate the ranges that begin at `begins` and are `lengths` long."""
    offsets = np.repeat(begins - (np.cumsum(lengths) - lengths), lengths)
    return offsets + np.arange(int(lengths.sum()))


def _first_group_before(
    entry: FloatArray,
    group_times: FloatArray,
    slices: tuple[tuple[int, int], ...],
    joins: IntArray,
    stratum_of_group: IntArray,
) -> IntArray:
    """Return for each row the first group of its stratum whose time is not after `entry`: there it leaves."""
    leaves = np.empty(entry.size, dtype=np.intp)
    own = stratum_of_group[joins]
    for number, (first, last) in enumerate(slices):
        rows = own == number
        leaves[rows] = first + np.searchsorted(-group_times[first:last], -entry[rows], side="left")
    return leaves
