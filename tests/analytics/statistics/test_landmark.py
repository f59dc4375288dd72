"""Landmark analysis, against R, and its refusal of immortal time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_stanford_heart_transplants

from analytics.statistics.cox import cox
from analytics.statistics.landmark import AT_START, METHOD, ImmortalTimeError, landmark_analysis
from analytics.statistics.log_rank import log_rank


def heart():
    """One row for each patient: time, event, time of the transplant (infinite for none), age."""
    rows = load_stanford_heart_transplants()
    patients = rows.groupby("id")
    transplanted = rows[rows["transplant"] == 1].groupby("id")["start"].min()
    last = patients[["stop", "event"]].max()
    waiting = transplanted.reindex(last.index).fillna(np.inf)
    return (
        last["stop"].to_numpy(),
        last["event"].to_numpy(),
        waiting.to_numpy(),
        patients["age"].first().to_numpy(),
    )


# R: k <- d[d$time > L, ]; k$x <- !is.na(k$wait) & k$wait <= L
# survdiff(Surv(time - L, event) ~ x, k); coef(coxph(Surv(time - L, event) ~ x + age, k))
@pytest.mark.parametrize(
    ("landmark", "n", "events", "exposed", "excluded", "events_before", "chi_square", "p", "coef"),
    [
        (30, 79, 52, 33, 24, 23, 0.036124033707847, 0.84925957828344, [0.040370232008243, 0.036892783353528]),
        (60, 64, 39, 45, 39, 36, 0.37817261925414, 0.53858284570459, [-0.51825705860342, 0.071081921529355]),
    ],
)
def test_heart_transplants(landmark, n, events, exposed, excluded, events_before, chi_square, p, coef):
    durations, observed, waiting, age = heart()
    found = landmark_analysis(durations, observed, waiting, landmark)
    assert (found.n, found.events, found.exposed_n) == (n, events, exposed)
    assert (found.excluded, found.excluded_events) == (excluded, events_before)
    assert (found.log_rank.chi_square, found.log_rank.p) == pytest.approx((chi_square, p), rel=1e-10)
    covariates = np.column_stack((found.exposed, age[found.at_risk]))
    model = cox(found.durations, found.event_observed, covariates, ["transplant", "age"])
    assert model.coefficients == pytest.approx(coef, rel=1e-7)
    assert (found.method, found.reason) == (METHOD, None)


def test_the_naive_comparison_is_refused_though_it_looks_significant():
    durations, observed, waiting, _ = heart()
    assert log_rank(durations, observed, np.isfinite(waiting)).p < 1e-6
    with pytest.raises(ImmortalTimeError, match="69 patients were exposed after time 0"):
        landmark_analysis(durations, observed, waiting)


def test_what_is_known_at_time_0_needs_no_landmark():
    durations, observed, _, age = heart()
    found = landmark_analysis(durations, observed, np.where(age > 48, 0.0, np.inf))
    assert found.log_rank.p == pytest.approx(log_rank(durations, observed, age > 48).p)
    assert (found.n, found.excluded, found.method) == (103, 0, AT_START)


def test_who_leaves_at_the_landmark_is_not_at_risk_after_it():
    found = landmark_analysis([6, 6, 7, 8, 9], [1, 0, 1, 1, 0], [1, 2, 6, 7, np.inf], 6)
    assert found.at_risk.tolist() == [False, False, True, True, True]
    assert found.exposed.tolist() == [True, False, False]
    assert found.durations.tolist() == [1, 2, 3]


def test_nobody_left_or_nobody_exposed():
    assert landmark_analysis([1, 2], [1, 1], [0, 1], 5).n == 0
    found = landmark_analysis([6, 7, 8], [1, 1, 1], [np.inf, 7, 8], 5)
    assert (found.exposed_n, found.log_rank.p) == (0, None)
    assert found.reason == found.log_rank.reason is not None


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 20), st.booleans(), st.integers(1, 20)), min_size=1, max_size=15),
    st.sampled_from([0.25, 64.0]),
    st.randoms(use_true_random=False),
)
def test_neither_order_nor_unit_matter_nor_what_happens_after_the_landmark(rows, unit, random):
    random.shuffle(shuffled := list(rows))
    one, other = np.array(rows, dtype=float).T, unit * np.array(shuffled, dtype=float).T
    found = landmark_analysis(one[0], one[1], one[2], 8)
    later = np.where(other[2] > unit * 8, np.inf, other[2])
    same = landmark_analysis(other[0], other[1] / unit, later, unit * 8)
    assert (found.n, found.events, found.exposed_n) == (same.n, same.events, same.exposed_n)
    assert found.log_rank.p == (None if same.log_rank.p is None else pytest.approx(same.log_rank.p, rel=1e-9))
    assert found.to_json()


@pytest.mark.parametrize(
    ("exposure_times", "landmark", "message"),
    [
        ([1, np.nan], 1, "infinity says that there was no exposure"),
        ([1], 1, "exposure_times and durations differ in length"),
        ([1, 2], -1, "landmark is negative"),
        ([1, 2], np.nan, "landmark contains missing"),
    ],
)
def test_refused_arguments(exposure_times, landmark, message):
    with pytest.raises(ValueError, match=message):
        landmark_analysis([3, 4], [1, 0], exposure_times, landmark)
