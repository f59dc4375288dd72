"""Sums over risk sets are what one gets by looking at each event time in turn."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.risk_sets import risk_sets

rows = st.lists(
    st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 8), st.integers(0, 2), st.integers(0, 5)),
    min_size=1,
    max_size=25,
)


def columns(drawn):
    table = np.array([(*row, 1) for row in drawn] + [(5, 1, 0, 0, 1, 1)], dtype=float)  # one event at least
    times, events, entry, strata, values = table[:, :5].T
    return times, events == 1, np.minimum(entry, times - 1), strata.astype(np.intp), values


def at_risk(times, entry, strata, time, stratum):
    return (strata == stratum) & (entry < time) & (time <= times)


@settings(max_examples=25, deadline=None)
@given(rows)
def test_sums_over_risk_sets_deaths_and_histories(drawn):
    times, events, entry, strata, values = columns(drawn)
    sets = risk_sets(times, events, entry, strata)
    moments = list(zip(sets.times, sets.stratum, strict=True))
    present = sorted({int(stratum) for stratum in strata[events]})
    wanted = sorted({(present.index(s), -t) for t, s in zip(times[events], strata[events], strict=True)})
    assert [(stratum, -time) for time, stratum in moments] == wanted
    members = np.array([at_risk(times, entry, strata, time, present[stratum]) for time, stratum in moments])
    dying = members & events & (times == np.array([[time] for time, _ in moments]))
    ordered = values[sets.order]
    np.testing.assert_allclose(sets.sums(ordered), members @ values)
    np.testing.assert_allclose(sets.death_sums(ordered), dying @ values)
    np.testing.assert_array_equal(sets.death_counts, dying.sum(axis=1))
    np.testing.assert_array_equal(sets.death_groups, np.repeat(np.arange(sets.groups), sets.death_counts))
    increments = np.arange(1.0, sets.groups + 1)
    np.testing.assert_allclose(sets.accumulated(increments), (increments @ members)[sets.order])
    assert set(sets.order) == set(np.flatnonzero(members.any(axis=0)))


def test_events_are_the_end_of_each_run():
    sets = risk_sets(np.array([3.0, 3.0, 3.0, 1.0, 2.0]), np.array([True, False, True, True, False]))
    assert sets.times.tolist() == [3.0, 1.0]
    assert sets.deaths.tolist() == [1, 2, 4]
    assert sets.order[sets.deaths].tolist() == [2, 0, 3]
