"""Where the partial likelihood has no maximum the model says so, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung, load_rossi

from analytics.statistics.cox import REASONS, TENDS_TO, Status, cox, fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.separation import separated_columns

TIMES = np.arange(1.0, 13.0)
EVENTS = np.array([1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1])
EARLY = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])  # has the event whenever it can


def reasons(model):
    return {term.name: term.reason for term in model.terms if term.reason}


def test_a_group_whose_events_all_come_first():
    model = cox(TIMES[:8], EVENTS[:8], EARLY[:8], ["early"])
    assert model.status is Status.SEPARATION
    assert reasons(model) == {"early": TENDS_TO[1]}
    assert model.terms[0].hazard_ratio is None
    protective = cox(TIMES[:8], EVENTS[:8], 1 - EARLY[:8], ["late"])
    assert reasons(protective) == {"late": TENDS_TO[-1]}


def test_a_group_without_events():
    spared = np.arange(12) % 3 == 1
    assert reasons(cox(TIMES, np.where(spared, 0, EVENTS), spared, ["spared"])) == {"spared": TENDS_TO[-1]}


def test_two_covariates_that_separate_only_together():
    # Events follow falling a + b; neither a nor b alone orders them.
    a = np.array([9.0, 2, 7, 0, 5, -4])
    b = np.array([1.0, 7, 1, 7, 1, 9])
    model = cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], np.column_stack((a, b)), ["a", "b"])
    assert model.status is Status.SEPARATION
    assert set(reasons(model)) == {"a", "b"}
    assert cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], b, ["b"]).status is Status.ESTIMATED


def test_only_the_separated_covariate_is_blamed():
    rng = np.random.default_rng(1)
    x = np.column_stack((rng.normal(size=8), EARLY[:8]))
    assert set(reasons(cox(TIMES[:8], EVENTS[:8], x, ["noise", "early"]))) == {"early"}


def test_strata_can_separate_what_is_not_separated_together():
    durations = [5, 6, 7, 8, 1, 2, 3, 4]
    events = [1, 1, 0, 0, 1, 0, 1, 0]
    x = [1, 1, 0, 0, 0, 0, 0, 0]
    strata = [0, 0, 0, 0, 1, 1, 1, 1]
    assert cox(durations, events, x, ["x"]).status is Status.ESTIMATED
    stratified = cox(durations, events, x, ["x"], strata=strata)
    assert reasons(stratified) == {"x": TENDS_TO[1]}


def test_late_entry_can_separate_what_is_not_separated_together():
    durations, events, x = [1, 2, 3, 4], [1, 1, 1, 0], [1, 0, 1, 0]
    assert cox(durations, events, x, ["x"]).status is Status.ESTIMATED
    # The third patient comes after the second has failed: nobody was then at risk with a higher x.
    late = cox(durations, events, x, ["x"], entry=[0, 0, 2, 0])
    assert reasons(late) == {"x": TENDS_TO[1]}


def test_a_late_patient_who_breaks_the_order_prevents_separation():
    durations, events, x = [1, 2, 3, 4], [1, 1, 1, 0], [3, 2, 1, 0]
    assert cox(durations, events, x, ["x"]).status is Status.SEPARATION
    assert (
        cox([*durations, 4], [*events, 0], [*x, 2], ["x"], entry=[0, 0, 0, 0, 2]).status is Status.ESTIMATED
    )


def test_a_large_finite_effect_is_not_separation():
    rng = np.random.default_rng(5)
    x = rng.normal(size=400)
    times = np.argsort(np.argsort(rng.exponential(np.exp(-6 * x))))
    model = cox(times, np.ones(400), x, ["x"])
    assert model.status is Status.ESTIMATED
    assert model.coefficients[0] == pytest.approx(6, abs=1)


@pytest.mark.parametrize("frame", ["lung", "rossi"])
def test_real_data_are_not_separated(frame):
    if frame == "lung":
        rows = load_lung()[["time", "status", "age", "sex"]]
        data = cox_data(rows["time"], rows["status"], rows[["age", "sex"]], ["age", "sex"])
    else:
        rows = load_rossi()
        data = cox_data(
            rows["week"], rows["arrest"], rows[["fin", "prio"]], ["fin", "prio"], strata=rows["mar"]
        )
    assert separated_columns(data) == {}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.integers(0, 1)), min_size=2, max_size=10),
    st.booleans(),
)
def test_one_covariate_is_separated_when_its_score_keeps_its_sign(drawn, late):
    times, events, x = np.array(drawn, dtype=float).T
    entry = np.where(np.arange(times.size) % 3 == 2, times - 1, 0) if late else np.zeros(times.size)
    data = cox_data(times, events, x, ["x"], entry=entry)
    above = below = False
    for time in set(times[events == 1]):
        at_risk = (entry < time) & (time <= times)
        for failing in x[(times == time) & (events == 1)]:
            above |= bool((x[at_risk] > failing).any())
            below |= bool((x[at_risk] < failing).any())
    model = fit(data)
    if model.status in {Status.SEPARATION, Status.ESTIMATED}:
        assert (model.status is Status.SEPARATION) == (above != below)
        assert reasons(model) == ({"x": TENDS_TO[1 if below else -1]} if above != below else {})
    else:
        assert model.reason == REASONS[model.status]
