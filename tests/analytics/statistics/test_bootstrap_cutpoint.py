"""The interval of a chosen cut-off comes from choosing it again."""

import numpy as np
import pytest
from lifelines.datasets import load_gbsg2

from analytics.statistics.bootstrap_cutpoint import NO_CUT, bootstrap_cutpoint
from analytics.statistics.cox_bootstrap import NO_REPLICATE, resampled_rows
from analytics.statistics.cutpoint import cutpoint


def test_each_replicate_chooses_as_the_patients_do() -> None:
    frame = load_gbsg2()
    found = bootstrap_cutpoint(frame.time, frame.cens, frame.pnodes, 20, 3)
    times, events, marker = (frame[name].to_numpy() for name in ("time", "cens", "pnodes"))
    # maxstat.test(Surv(time, cens) ~ pnodes, GBSG2, smethod = "LogRank")$estimate
    assert found.cutpoint == 3
    chosen = [
        cutpoint(times[rows], events[rows], marker[rows], resamples=1).cutpoint
        for rows in resampled_rows(686, 20, 3)
    ]
    assert np.repeat(found.chosen, found.times_chosen).tolist() == sorted(chosen)  # type: ignore[type-var]
    assert (found.replicates, found.estimated, found.reason) == (20, 20, None)


def test_the_limits_are_cut_offs_that_were_chosen() -> None:
    frame = load_gbsg2()
    found = bootstrap_cutpoint(frame.time, frame.cens, frame.pnodes, 100)
    assert found.lower in found.chosen
    assert found.upper in found.chosen
    assert found.lower <= found.cutpoint <= found.upper  # type: ignore[operator]
    again = bootstrap_cutpoint(frame.time, frame.cens, frame.pnodes, 100)
    assert found.times_chosen.tolist() == again.times_chosen.tolist()


def test_replicates_without_a_choice_are_counted() -> None:
    times, events, marker = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    rows = [[0, 1, 2, 3, 4, 5], [2, 2, 2, 4, 4, 4], [0, 0, 0, 0, 0, 0]]
    found = bootstrap_cutpoint(times, events, marker, resamples=rows)
    assert (found.replicates, found.estimated, found.seed) == (3, 1, None)
    assert found.lower == found.upper == found.cutpoint
    found = bootstrap_cutpoint(times, events, marker, resamples=rows[1:])
    assert (found.lower, found.reason) == (None, NO_REPLICATE)


def test_nothing_to_choose() -> None:
    found = bootstrap_cutpoint([1, 2, 3], [0, 0, 0], [1.0, 2.0, 3.0], 5)
    assert (found.cutpoint, found.lower, found.reason) == (None, None, NO_CUT)
    with pytest.raises(ValueError, match="marker"):
        bootstrap_cutpoint([1, 2], [1, 0], [np.nan, 1.0])
