"""Ridge-penalized Cox regression: values of R's survival 3.5-3, and what the penalty is for."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_lung

from analytics.statistics.cox import DROPPED, REASONS, Status, fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.ridge import CHOSEN, METHOD, ridge

COVARIATES = ["age", "sex", "ph.ecog"]
LUNG = load_lung()[["time", "status", *COVARIATES]].dropna()
# coxph(Surv(time, status) ~ ridge(age, sex, ph.ecog, theta = …)), coxph.control(eps = 1e-13):
# coefficients, sqrt(diag(var)), loglik without penalty, sum(df)
R = {
    1: ([0.0110323459489679, -0.5486874357417119, 0.4607088784761982],
        [0.00923285369382966, 0.16706716140778941, 0.11319951248734253], -729.230754276445, 2.97964123289542),
    50: ([0.00948413481086557, -0.40914536683320218, 0.34951395512550604],
         [0.00791433772688377, 0.14265889685813343, 0.09839915688367767],
         -730.125948717696, 2.24705307615134),
}  # fmt: skip


def lung(**options):
    return cox_data(LUNG["time"], LUNG["status"], LUNG[COVARIATES], COVARIATES, **options)


@pytest.mark.parametrize("penalty", R)
def test_agrees_with_r(penalty):
    coef, std_err, log_likelihood, df = R[penalty]
    model = ridge(lung(), penalty)
    # R stops a little before the maximum.
    assert [term.log_hazard_ratio for term in model.terms] == pytest.approx(coef, rel=1e-8)
    assert [term.std_err for term in model.terms] == pytest.approx(std_err, rel=1e-8)
    assert model.log_likelihood == pytest.approx(log_likelihood, rel=1e-11)
    assert model.effective_df == pytest.approx(df, rel=1e-8)
    assert (model.method, model.penalty, model.n, model.events) == (METHOD, penalty, 227, 164)
    assert model.terms[1].hazard_ratio == pytest.approx(np.exp(coef[1]), rel=1e-8)


def test_the_chosen_penalty_has_the_smallest_aic():
    data = lung()
    model = ridge(data)
    assert model.method == CHOSEN
    assert model.aic < fit(data).aic
    assert model.aic <= min(ridge(data, model.penalty * factor).aic for factor in (0.1, 0.98, 1.02, 10))
    assert model.to_json()["effective_df"] == pytest.approx(2.68, abs=0.01)


def test_frequencies_are_rows_repeated():
    frequencies = (LUNG["age"] % 3).to_numpy(int)
    again = LUNG.loc[LUNG.index.repeat(frequencies)]
    repeated = ridge(cox_data(again["time"], again["status"], again[COVARIATES], COVARIATES), 5)
    counted = ridge(lung(frequencies=frequencies), 5)
    assert [term.log_hazard_ratio for term in counted.terms] == pytest.approx(
        [term.log_hazard_ratio for term in repeated.terms], rel=1e-9
    )


def test_it_holds_where_the_plain_model_has_no_estimate():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(12, 20))
    data = cox_data(np.arange(1, 13), np.ones(12), x, [f"x{i}" for i in range(20)])
    assert fit(data).status is Status.SEPARATION
    model = ridge(data)
    assert 0 < model.effective_df < 12
    assert all(term.log_hazard_ratio is not None for term in model.terms)


def test_twins_share_an_effect_and_a_constant_is_dropped():
    x = np.column_stack((LUNG["age"], LUNG["age"], np.ones(len(LUNG))))
    model = ridge(cox_data(LUNG["time"], LUNG["status"], x, ["one", "twin", "constant"]), 1)
    one, twin, constant = model.terms
    assert one.log_hazard_ratio == pytest.approx(twin.log_hazard_ratio, rel=1e-9)
    assert (constant.log_hazard_ratio, constant.reason) == (None, DROPPED)


@pytest.mark.parametrize(
    ("durations", "events", "x", "status"),
    [
        ([], [], [], Status.NO_PATIENTS),
        ([1, 2], [0, 0], [1, 2], Status.NO_EVENTS),
        ([1, 2], [1, 0], [1, 1], Status.CONSTANT),
    ],
)
def test_degenerate_data(durations, events, x, status):
    model = ridge(cox_data(durations, events, x, ["x"]))
    assert (model.reason, model.terms[0].reason, model.aic) == (REASONS[status], REASONS[status], None)


def test_an_absurd_offset_has_no_estimate_and_no_warning():
    model = ridge(lung(offset=np.where(LUNG["time"] < 500, 2000.0, 0.0)), 1)
    assert model.reason == REASONS[Status.NOT_CONVERGED]


@pytest.mark.parametrize("penalty", [0, -1, np.nan, np.inf])
def test_a_penalty_must_be_positive(penalty):
    with pytest.raises(ValueError, match="penalty must be a positive number"):
        ridge(lung(), penalty)
