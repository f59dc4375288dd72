"""AUC and Brier score at a time; expected values are those of R's riskRegression 2022.11.28."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from analytics.statistics.brier_score import brier_score
from analytics.statistics.inverse_probability_weights import inverse_probability_weights
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.time_dependent_auc import time_dependent_auc

# In R: lung$r <- plogis((lung$age - 60) / 10); lung$m <- ceiling(lung$time / 91)
# Score(list(matrix(lung$r, …)), Surv(time, status) ~ 1, times, cens.model = "km", conservative = FALSE)
DAYS = [
    # time, AUC, its SE, Brier score of the null model, Brier score, its SE
    (200, 0.533137174633138, 0.0414855185373866, 0.217501695145924, 0.300658825708373, 0.01390294779709095),
    (365, 0.539456051197154, 0.0437053618052477, 0.241762917269352, 0.268355025745787, 0.01489476002280854),
    (600, 0.573008082570920, 0.0587952503417127, 0.167967741496273, 0.237352401276736, 0.01467615078260354),
]
QUARTERS = [
    (3, 0.528944322259521, 0.0411137894811827, 0.242334891163599, 0.291509730782457, 0.0151109602436077),
    (5, 0.555450753138805, 0.0473566251042078, 0.226246670525783, 0.255579539231659, 0.0156697231745451),
]


@pytest.fixture(scope="module")
def lung():
    data = load_lung()
    return {
        "days": data["time"].to_numpy(float),
        "quarters": np.ceil(data["time"].to_numpy(float) / 91),
        "died": data["status"].to_numpy(),
        "risk": 1 / (1 + np.exp(-(data["age"].to_numpy(float) - 60) / 10)),
    }


@pytest.mark.parametrize(
    ("unit", "row"), [*(("days", row) for row in DAYS), *(("quarters", row) for row in QUARTERS)]
)
def test_equals_r(lung, unit, row):
    time, auc, auc_std_err, null_score, score, score_std_err = row
    area = time_dependent_auc(lung[unit], lung["died"], lung["risk"], time)
    brier = brier_score(lung[unit], lung["died"], lung["risk"], time)
    assert (area.auc, area.std_err) == pytest.approx((auc, auc_std_err), rel=1e-12)
    assert (brier.score, brier.std_err) == pytest.approx((score, score_std_err), rel=1e-12)
    assert brier.null_score == pytest.approx(null_score, rel=1e-12)
    assert brier.scaled == pytest.approx(1 - score / null_score)
    assert area.upper == pytest.approx(auc + 1.959963984540054 * auc_std_err)
    assert brier.lower == pytest.approx(score - 1.959963984540054 * score_std_err)


@pytest.mark.parametrize("time", [2, 5, 8])
def test_the_weights_of_the_cases_give_the_kaplan_meier_curve(lung, time):
    weights = inverse_probability_weights(lung["quarters"], lung["died"], time)
    curve = kaplan_meier(lung["quarters"], lung["died"])
    survival = curve.survival[np.searchsorted(curve.times, time, side="right") - 1]
    n = lung["died"].size
    assert weights.weights[weights.cases].sum() / n == pytest.approx(1 - survival)
    assert weights.weights[weights.controls].sum() / n == pytest.approx(survival)
    assert not weights.weights[~weights.cases & ~weights.controls].any()


def test_without_censoring_they_are_the_mean_over_patients_and_pairs():
    times, risk = [1, 2, 3, 4], np.array([0.9, 0.3, 0.3, 0.2])
    area, brier = (of(times, [1, 1, 1, 1], risk, 2) for of in (time_dependent_auc, brier_score))
    assert area.auc == pytest.approx(3.5 / 4)
    assert brier.score == pytest.approx(np.mean([0.1**2, 0.7**2, 0.3**2, 0.2**2]))
    assert brier.null_score == pytest.approx(0.25)


def test_times_at_which_nothing_can_be_compared():
    data = ([2, 3, 5], [1, 0, 0], [0.9, 0.4, 0.1])
    assert "nobody has had" in time_dependent_auc(*data, 1).reason
    assert "free of the event" in time_dependent_auc(*data, 6).reason
    early, late = brier_score(*data, 0), brier_score(*data, 6)
    assert (early.score, early.null_score, early.scaled) == (pytest.approx(0.98 / 3), 0.0, None)
    assert late.score is None
    assert "free of the event" in late.reason
    assert brier_score([2, 3], [1, 1], [0.9, 0.4], 6).score == pytest.approx((0.1**2 + 0.6**2) / 2)


def test_one_patient_and_none():
    one = brier_score([2], [1], [0.8], 3)
    assert (one.score, one.std_err) == (pytest.approx(0.04), None)
    assert brier_score([], [], [], 3).reason == "no patients"
    assert time_dependent_auc([], [], [], 3).to_json()["auc"] is None


@pytest.mark.parametrize(
    ("risk", "time", "said"),
    [
        ([0.5, np.nan], 1, "contains missing"),
        ([0.5], 1, "differ in length"),
        ([0.5, 0.5], -1, "time must be"),
    ],
)
def test_data_that_cannot_be_meant_are_refused(risk, time, said):
    for function in (time_dependent_auc, brier_score):
        with pytest.raises(ValueError, match=said):
            function([1, 2], [1, 0], risk, time)
    with pytest.raises(ValueError, match="below 0 or above 1"):
        brier_score([1, 2], [1, 0], [0.5, 1.5], 1)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([1 / 30.4375, 7.0]))
def test_neither_row_order_nor_time_unit_matters(lung, random, unit):
    order = list(range(lung["died"].size))
    random.shuffle(order)
    for function in (time_dependent_auc, brier_score):
        result = function(lung["days"], lung["died"], lung["risk"], 365)
        other = function(lung["days"][order] * unit, lung["died"][order], lung["risk"][order], 365 * unit)
        assert other.std_err == pytest.approx(result.std_err)
        assert other.upper == pytest.approx(result.upper)
