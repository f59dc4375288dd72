"""Survival curves, their quantiles and probabilities agree with R's survfit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from analytics.statistics.kaplan_meier import ConfType, kaplan_meier
from analytics.statistics.restricted_mean import restricted_mean
from analytics.statistics.result import nullable
from analytics.statistics.survival_probability import number_at_risk, survival_probability
from analytics.statistics.survival_quantile import survival_quantile, time_of_fall

LUNG = load_lung()
TIME, STATUS = LUNG["time"].to_numpy(), LUNG["status"].to_numpy()
EVERY_THIRD = np.arange(1, 229) % 3 == 0

few_examples = settings(max_examples=25, deadline=None)
patients = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 3)), min_size=1, max_size=25
).map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))


def read(curve, probability):
    found = survival_quantile(curve, probability)
    return [found.value, found.lower, found.upper]


def at(curve, time):
    found = survival_probability(curve, time)
    return [found.survival, found.lower, found.upper]


# survfit(Surv(time, status) ~ 1, lung, conf.type = …): quantile(f), summary(f, times = c(100, 1022))
R_LUNG = {
    ConfType.LOG_LOG: (
        [[170, 144, 194], [310, 284, 361], [550, 457, 643]],
        [0.8639689676452436, 0.8122223197535393, 0.902310180515044],
        [0.0503455680708105, 0.0178661710928527, 0.108662176030919],
    ),
    ConfType.LOG: (
        [[170, 145, 197], [310, 285, 363], [550, 460, 654]],
        [0.8639689676452436, 0.820584892081258, 0.909646746189512],
        [0.0503455680708105, 0.020685460198980, 0.122534195516598],
    ),
    ConfType.PLAIN: (
        [[170, 145, 197], [310, 284, 361], [550, 457, 643]],
        [0.8639689676452436, 0.81945773391368093, 0.9084802013768062],
        [0.0503455680708105, 0.00556421507827679, 0.0951269210633441],
    ),
}


@pytest.mark.parametrize("conf_type", ConfType)
def test_lung(conf_type):
    curve = kaplan_meier(TIME, STATUS, conf_type=conf_type)
    quantiles, at_100, at_the_end = R_LUNG[conf_type]
    assert [read(curve, probability) for probability in (0.25, 0.5, 0.75)] == quantiles
    assert at(curve, 100) == pytest.approx(at_100, rel=1e-12)
    assert at(curve, 1022) == pytest.approx(at_the_end, rel=1e-12)
    assert survival_probability(curve, 365).std_err == pytest.approx(0.0358236381720378, rel=1e-12)
    assert survival_probability(curve, 365).cumulative_events == 121
    assert number_at_risk(curve, [100, 365, 1022, 1023]) == (196, 65, 1, 0)
    assert curve.std_err_log[0] == pytest.approx(curve.std_err[0] / curve.survival[0])


def test_left_truncation():
    # survfit(Surv(entry, time, status) ~ 1, conf.type = "log-log")
    entry = np.where(EVERY_THIRD, TIME // 2, 0)
    curve = kaplan_meier(TIME, STATUS, entry=entry)
    assert [read(curve, p) for p in (0.25, 0.5, 0.75)] == [[142, 95, 167], [283, 212, 310], [477, 426, 574]]
    assert at(curve, 365) == pytest.approx(
        [0.347770797217508, 0.2800759070779268, 0.416215542495298], rel=1e-12
    )
    assert survival_probability(curve, 20).std_err == pytest.approx(0.0176995133622090, rel=1e-12)
    assert number_at_risk(curve, [20, 365, 700]) == (149, 62, 16)


def test_case_weights():
    # survfit(…, weights = 0.5 + (row %% 4) / 2, robust = FALSE, conf.type = "log-log")
    curve = kaplan_meier(TIME, STATUS, weights=0.5 + (np.arange(1, 229) % 4) / 2)
    assert (curve.n, curve.events) == (228, 165)
    assert read(curve, 0.5) == [310, 285, 363]
    assert at(curve, 700) == pytest.approx(
        [0.135464909764294, 0.0891733629035638, 0.191428313990295], rel=1e-12
    )
    assert number_at_risk(curve, [365, 700]) == (85, 20)


@few_examples
@given(patients)
def test_frequencies_are_rows_repeated(rows):
    times, events, frequencies = rows
    curve = kaplan_meier(times, events, frequencies=frequencies)
    repeated = kaplan_meier(np.repeat(times, frequencies), np.repeat(events, frequencies))
    assert (curve.n, curve.events) == (repeated.n, repeated.events)
    for name in ("times", "at_risk", "events_at", "censored_at", "survival", "std_err", "lower", "upper"):
        assert np.array_equal(getattr(curve, name), getattr(repeated, name), equal_nan=True)


@few_examples
@given(patients)
def test_weights_and_entries_that_change_nothing(rows):
    times, events, _ = rows
    curve = kaplan_meier(times, events).to_json()
    assert kaplan_meier(times, events, weights=np.ones(times.size)).to_json() == curve
    assert kaplan_meier(times, events, entry=np.full(times.size, -1.0)).to_json() == curve


def test_an_entry_at_an_event_time_is_not_yet_at_risk_there():
    curve = kaplan_meier([2, 5, 6], [1, 1, 0], entry=[0, 2, 3])
    assert curve.at_risk.tolist() == [1, 2, 1]
    assert curve.survival.tolist() == [0, 0, 0]


def test_limits_where_nothing_has_happened_and_where_nobody_is_left():
    # survfit(Surv(c(2, 4, 6), c(0, 1, 1)) ~ 1): R has limits of 1 before the first time, whatever the scale
    for conf_type, at_first in ((ConfType.LOG_LOG, None), (ConfType.LOG, 1.0), (ConfType.PLAIN, 1.0)):
        curve = kaplan_meier([2, 4, 6], [0, 1, 1], conf_type=conf_type)
        assert at(curve, 1) == [1.0, 1.0, 1.0]
        assert at(curve, 2) == [1.0, at_first, at_first]
        assert at(curve, 9) == [0.0, None, None]
        assert curve.std_err_log[-1] == np.inf


def test_float_noise_is_one_row_of_the_curve():
    curve = kaplan_meier([0.1 * 3, 0.3, 0.5, 0.7], [1, 1, 0, 1])
    assert curve.times.tolist() == [0.3, 0.5, 0.7]
    assert curve.at_risk.tolist() == [4, 2, 1]


def test_middle_of_a_plateau_at_one_half():
    # quantile(survfit(Surv(c(1, 2, 3, 4, 6, 8), c(1, 1, 1, 1, 0, 1)) ~ 1, conf.type = "log-log"))
    assert read(kaplan_meier([1, 2, 3, 4, 6, 8], [1, 1, 1, 1, 0, 1]), 0.5) == [3.5, 1, None]
    # the plateau that lasts to the end
    assert read(kaplan_meier([1, 2, 5, 6], [1, 1, 0, 0]), 0.5) == [4, 1, None]


def test_a_limit_that_rises_again():
    times, limit = np.array([1.0, 2.0, 3.0]), np.array([0.6, 0.4, 0.45])
    assert time_of_fall(times, limit, 0.5) == 3  # as R: the highest that is not above the level
    assert time_of_fall(times, limit, 0.39) is None
    assert time_of_fall(times, np.array([0.6, 0.5, 0.55]), 0.5) is None  # equal, but neither beyond nor last


@pytest.mark.parametrize("probability", [0, -0.1, 1.1, float("nan")])
def test_a_quantile_is_of_a_probability(probability):
    with pytest.raises(ValueError, match="probability"):
        survival_quantile(kaplan_meier([1], [1]), probability)


def test_restricted_mean():
    # summary(survfit(Surv(time, status) ~ 1, lung))$table, and with rmean = 500
    curve = kaplan_meier(TIME, STATUS)
    to_the_end, to_500 = restricted_mean(curve), restricted_mean(curve, 500)
    assert to_the_end.horizon == 1022
    assert to_the_end.value == pytest.approx(376.2747461478497, rel=1e-12)
    assert to_the_end.std_err == pytest.approx(19.7077914213399, rel=1e-12)
    assert to_500.value == pytest.approx(310.334436722258, rel=1e-12)
    assert to_500.std_err == pytest.approx(11.246009598799, rel=1e-12)
    assert to_500.upper - to_500.value == pytest.approx(1.959963984540054 * to_500.std_err)


def test_restricted_mean_is_never_extrapolated():
    censored_last = kaplan_meier([2, 4, 6], [1, 1, 0])
    assert "extrapolated" in restricted_mean(censored_last, 7).reason
    everyone_dead = restricted_mean(kaplan_meier([2, 4], [1, 1]), 10)
    assert (everyone_dead.value, everyone_dead.reason) == (3, None)
    assert restricted_mean(kaplan_meier([4], [1])).std_err == 0
    assert restricted_mean(kaplan_meier([], [])).reason == "no patients"
    with pytest.raises(ValueError, match="horizon"):
        restricted_mean(censored_last, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": [1, 1], "frequencies": [1, 1]}, "cannot be combined"),
        ({"weights": [1, -1]}, "negative"),
        ({"frequencies": [1, 0.5]}, "whole"),
        ({"entry": [0, 2]}, "before"),
        ({"entry": [0]}, "rows"),
        ({"weights": [1, float("nan")]}, "weights contains missing"),
        ({"weights": [1]}, "weights must have 2 rows"),
    ],
)
def test_options_are_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier([1, 2], [1, 0], **options)


def test_everybody_of_weight_zero_is_nobody():
    curve = kaplan_meier([1, 2], [1, 0], weights=[0, 0])
    assert (curve.n, curve.times.size) == (0, 0)


def test_json_holds_null_where_there_is_no_limit():
    stored = kaplan_meier([4, 5], [0, 1]).to_json()
    assert stored["lower"] == [None, None]
    assert nullable(np.array([[1.0, np.nan]])) == [[1.0, None]]
