"""Small and degenerate samples have a defined answer that says what it is."""

from __future__ import annotations

import json
import math
from datetime import date

import numpy as np
import pytest

from analytics.statistics.arrays import survival_arrays
from analytics.statistics.contingency import pearson_chi_square
from analytics.statistics.cox import Status, cox
from analytics.statistics.cox_data import cox_data
from analytics.statistics.follow_up import follow_up
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.log_rank import log_rank
from analytics.statistics.median_collett import median_collett
from analytics.statistics.newton import Evaluation, Maximum
from analytics.statistics.proportions import clopper_pearson
from analytics.statistics.quantiles import quantiles
from analytics.statistics.result import jsonable, nullable
from analytics.statistics.separation import separated_columns
from analytics.statistics.survival_probability import number_at_risk, survival_probability
from analytics.statistics.survival_quantile import survival_quantile


def test_no_patients():
    curve = kaplan_meier([], [])
    assert (curve.n, curve.events, curve.times.size, curve.last_time) == (0, 0, 0, None)
    assert survival_quantile(curve).reason == "no patients"
    assert median_collett(curve).reason == "no patients"
    assert survival_probability(curve, 12).reason == "no patients"
    assert number_at_risk(curve, [0, 6]) == (0, 0)
    assert follow_up([], []).reason == "no patients"
    assert log_rank([], [], []).reason == "no events"
    assert cox([], [], [], ["x"]).status is Status.NO_PATIENTS
    assert clopper_pearson(0, 0).reason == "no patients"
    assert quantiles([]).median is None
    assert pearson_chi_square([]).reason


def test_all_censored():
    curve = kaplan_meier([3, 5, 7], [0, 0, 0])
    assert survival_quantile(curve).reason == "not reached"
    assert median_collett(curve).reason == "not reached"
    assert survival_probability(curve, 6).survival == 1.0
    beyond = survival_probability(curve, 7.5)
    assert beyond.survival is None
    assert "extrapolated" in beyond.reason
    assert log_rank([3, 5, 7], [0, 0, 0], ["a", "b", "b"]).reason == "no events"
    model = cox([3, 5, 7], [0, 0, 0], [0, 1, 1], ["x"])
    assert model.status is Status.NO_EVENTS
    assert model.terms[0].reason == "no events"


def test_everyone_has_had_the_event():
    curve = kaplan_meier([4], [1])
    assert survival_quantile(curve).value == 4
    assert (nullable(curve.std_err), nullable(curve.lower)) == ([None], [None])
    after = survival_probability(curve, 12)
    assert (after.survival, after.at_risk, after.reason) == (0.0, 0, None)
    # Without a slope below 45 % there is no standard error, and no interval is made up.
    median = median_collett(curve)
    assert median.value == 4
    assert median.lower is None
    assert median.reason
    assert follow_up([4], [1]).reason == "not reached"


def test_a_median_before_any_time_above_55_percent_starts_the_slope_at_the_origin():
    curve = kaplan_meier([2, 2, 4, 5], [1, 1, 1, 0])
    median = median_collett(curve)
    assert median.value == 2
    assert median.std_err == pytest.approx(0.25 / ((1 - 0.25) / 4))


def test_probability_before_the_first_time_and_at_risk_at_ties():
    curve = kaplan_meier([2, 2, 4, 4, 6], [1, 0, 1, 0, 1])
    assert survival_probability(curve, 1).survival == 1.0
    assert number_at_risk(curve, [0, 2, 2.5, 4, 6, 6.1]) == (5, 5, 3, 3, 1, 0)


def test_death_stays_at_risk_for_an_end_of_observation_on_the_same_day():
    # Worked example of D26.
    got = follow_up([3, 6, 9, 12, 18], [1, 0, 1, 0, 0])
    assert got.median == 12
    reverse = kaplan_meier([6, 6, 10], [0, 1, 1])
    assert reverse.survival[0] == pytest.approx(2 / 3)


@pytest.mark.parametrize("events_of_group_one", [[0, 0, 0], [1, 1, 1]])
def test_a_group_without_events_is_named_not_given_a_hazard_ratio(events_of_group_one):
    durations = [2, 4, 6, 1, 3, 5]
    events = [*events_of_group_one, *(1 - event for event in events_of_group_one)]
    model = cox(durations, events, [1, 1, 1, 0, 0, 0], ["group"])
    assert model.status is Status.SEPARATION
    assert model.terms[0].hazard_ratio is None
    assert model.terms[0].upper is None
    assert "separation" in model.reason


def test_reference_group_without_events_among_three():
    durations, events = [9, 8, 7, 1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 0, 1, 0, 1]
    levels = np.repeat([0, 1, 2], 3)
    dummies = np.column_stack([levels == 1, levels == 2]).astype(float)
    model = cox(durations, events, dummies, ["one", "two"])
    assert model.status is Status.SEPARATION
    assert all(term.reason for term in model.terms)


def test_a_covariate_that_orders_the_events_completely():
    model = cox([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], [5.0, 4.0, 3.0, 2.5, 1.0], ["marker"])
    assert model.status is Status.SEPARATION


def test_patients_gone_before_the_first_event_carry_no_information():
    model = cox([1, 1, 2, 3, 4], [0, 0, 1, 1, 1], [[1, 0], [1, 0], [0, 1], [0, 0], [0, 1]], ["a", "b"])
    assert model.status is Status.ESTIMATED
    assert model.n == 5
    assert model.terms[0].hazard_ratio is None
    assert "constant among those at risk" in model.terms[0].reason
    alone = cox([1, 2, 2], [0, 1, 1], [1, 0, 0], ["a"])
    assert alone.status is Status.CONSTANT
    assert alone.n == 3


def test_separation_needs_all_ties_equal():
    durations, events = [1, 1, 2], [1, 1, 0]
    assert separated_columns(cox_data(durations, events, [1, 1, 0], ["x"])) == {0: 1}
    assert separated_columns(cox_data(durations, events, [0, 0, 1], ["x"])) == {0: -1}
    assert separated_columns(cox_data(durations, events, [1, 0, 0.5], ["x"])) == {}


def test_constant_and_collinear_covariates_are_named():
    durations, events = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 0]
    assert cox(durations, events, [1] * 6, ["x"]).status is Status.CONSTANT
    x = np.array([0, 1, 0, 1, 1, 0.0])
    model = cox(durations, events, np.column_stack([x, 2 * x + 1]), ["x", "twice"])
    assert model.status is Status.ESTIMATED
    assert model.likelihood_ratio.df == 1
    assert model.terms[1].hazard_ratio is None
    assert "combination" in model.terms[1].reason


def test_log_rank_of_one_group_and_of_a_group_gone_before_the_first_event():
    assert "two groups" in log_rank([1, 2], [1, 1], ["a", "a"]).reason
    with_bystanders = log_rank([1, 3, 4, 5, 6], [0, 1, 1, 1, 0], ["c", "a", "b", "a", "b"])
    without = log_rank([3, 4, 5, 6], [1, 1, 1, 0], ["a", "b", "a", "b"])
    assert (with_bystanders.df, with_bystanders.p) == (1, without.p)
    assert with_bystanders.n == 5


def test_degenerate_tables():
    assert pearson_chi_square([[3, 4], [0, 0]]).reason
    assert pearson_chi_square([[3, 4, 0], [1, 5, 0]]).df == 1
    with pytest.raises(ValueError, match="counts"):
        pearson_chi_square([[0.5, 1], [1, 2]])
    with pytest.raises(ValueError, match="between 0 and n"):
        clopper_pearson(3, 2)


@pytest.mark.parametrize(
    ("durations", "events", "message"),
    [
        ([1, math.nan], [1, 0], "durations contains missing"),
        ([1, 2], [1, math.nan], "event_observed contains missing"),
        ([1, -2], [1, 0], "negative"),
        ([1, 2], [1, 2], "other than 0 and 1"),
        ([1, 2], [1], "differ in length"),
    ],
)
def test_bad_input_is_refused_by_name(durations, events, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(durations, events)


def test_other_bad_input():
    with pytest.raises(ValueError, match="covariates: x contains missing"):
        cox([1, 2], [1, 1], [1, math.nan], ["x"])
    with pytest.raises(ValueError, match="covariates must have 2 rows and one column"):
        cox([1, 2], [1, 1], [1, 2], ["x", "y"])
    with pytest.raises(ValueError, match="groups and durations"):
        log_rank([1, 2], [1, 1], ["a"])


def test_floating_point_noise_does_not_split_a_tie():
    times, _ = survival_arrays([0.1 * 3, 0.3, 0.5], [1, 1, 1])
    assert times[0] == times[1]
    assert np.unique(times).size == 2


def test_results_become_json_without_nan():
    curve = kaplan_meier([4, 5], [1, 1])
    text = json.dumps(curve.to_json(), allow_nan=False)
    assert json.loads(text)["events"] == 2
    assert jsonable({"model": cox([], [], [], ["x"])})["model"]["status"] == "no_patients"
    with pytest.raises(ValueError, match="not a result"):
        jsonable(math.nan)
    with pytest.raises(TypeError, match="no JSON form"):
        jsonable(object())


def test_a_model_that_does_not_converge_says_so(monkeypatch):
    stuck = Maximum(np.zeros(1), Evaluation(-1.0, np.ones(1), np.eye(1)), 50, False)
    monkeypatch.setattr("analytics.statistics.cox.newton_raphson", lambda *_, **__: stuck)
    model = cox([1, 2, 3, 4], [1, 1, 1, 0], [0.5, 1.0, 0.2, 0.7], ["x"])
    assert model.status is Status.NOT_CONVERGED
    assert model.terms[0].reason == "the iterations did not converge"


def test_a_strong_effect_is_not_mistaken_for_separation():
    x = np.linspace(-3, 3, 40)
    durations = np.exp(-2.5 * x)
    durations[[19, 20]] = durations[[20, 19]]
    model = cox(durations, np.ones(40), x, ["x"])
    assert model.status is Status.ESTIMATED
    assert model.terms[0].hazard_ratio > 10


def test_no_inequality_no_separation():
    assert separated_columns(cox_data([1], [1], [1], ["x"])) == {}


def test_json_of_numpy_values_and_dates():
    values = {"n": np.int64(3), "x": np.array([1.5, 2.0]), "day": date(2026, 11, 22), "kind": Status.CONSTANT}
    assert jsonable(values) == {"n": 3, "x": [1.5, 2.0], "day": "2026-11-22", "kind": "constant"}
