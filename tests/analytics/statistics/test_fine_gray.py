"""Fine–Gray regression; expected values are those of R's cmprsk 2.2-11."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.cox import Status, cox
from analytics.statistics.cox_data import Ties
from analytics.statistics.fine_gray import fine_gray
from analytics.statistics.newton import newton_raphson
from tests.analytics.statistics.competing import AGE, COVARIATES, NAMES, TIMES, TREATED, TYPES


@pytest.mark.parametrize(
    ("cause", "coef", "std_err", "log_likelihood", "null"),
    [
        # In R: crr(time, type, cbind(age, treated), failcode = cause, gtol = 1e-12)
        (
            1,
            [-0.0748500587631777, -0.1892266850749404],
            [0.039250117844317, 0.759047826757099],
            -30.8635299642248,
            -32.8559128399888,
        ),
        (
            2,
            [0.0202735804257307, -0.8997438671605097],
            [0.0365990966999327, 0.7476335721930893],
            -25.145748066761,
            -26.4539454402066,
        ),
    ],
)
def test_equals_r(cause, coef, std_err, log_likelihood, null):
    model = fine_gray(TIMES, TYPES, COVARIATES, NAMES, cause)
    # crr stops where its own rounding stops it, a few 1e-8 from the maximum.
    assert [term.log_hazard_ratio for term in model.terms] == pytest.approx(coef, rel=1e-6)
    assert [term.std_err for term in model.terms] == pytest.approx(std_err, rel=1e-7)
    assert model.log_likelihood == pytest.approx(log_likelihood, rel=1e-12)
    assert model.log_likelihood_null == pytest.approx(null, rel=1e-12)
    assert (model.n, model.events + model.competing_events) == (30, 20)


def test_without_competing_events_it_is_a_cox_model_with_breslow_ties():
    observed = (TYPES == 1).astype(int)
    model, expected = (
        fine_gray(TIMES, observed, COVARIATES, NAMES),
        cox(TIMES, observed, COVARIATES, NAMES, ties=Ties.BRESLOW),
    )
    assert [t.hazard_ratio for t in model.terms] == pytest.approx([t.hazard_ratio for t in expected.terms])
    assert model.log_likelihood == pytest.approx(expected.log_likelihood)


def test_without_censoring_competing_events_stay_at_risk_for_good():
    types = np.where(TYPES == 0, 2, TYPES)
    kept = np.where(types == 2, 99.0, TIMES)
    model, expected = (
        fine_gray(TIMES, types, COVARIATES, NAMES),
        cox(kept, types == 1, COVARIATES, NAMES, ties=Ties.BRESLOW),
    )
    assert [t.hazard_ratio for t in model.terms] == pytest.approx([t.hazard_ratio for t in expected.terms])


def test_who_was_censored_at_time_0_was_never_observed():
    durations, types = np.append(TIMES, [0.0, 0.0, 0.0]), np.append(TYPES, [0, 0, 2])
    x = np.append(AGE, [60.0, 61.0, 62.0])
    model = fine_gray(durations, types, x, ["age"])
    # In R: crr(c(time, 0, 0, 0), c(type, 0, 0, 2), c(age, 60, 61, 62))
    assert model.terms[0].log_hazard_ratio == pytest.approx(-0.0723456128678873, rel=1e-6)


def test_models_that_cannot_be_estimated_say_why():
    assert fine_gray([], [], [], ["x"]).status is Status.NO_PATIENTS
    assert fine_gray(TIMES, TYPES, AGE, ["age"], cause=3).status is Status.NO_EVENTS
    constant = fine_gray(TIMES, TYPES, np.ones(30), ["one"])
    assert (constant.status, constant.terms[0].hazard_ratio) == (Status.CONSTANT, None)
    both_at_once = fine_gray([2, 2], [1, 1], [1, 3], ["x"])
    assert "too few patients" in both_at_once.reason
    separated = fine_gray(TIMES, TYPES, np.where(TYPES == 1, 1.0, TREATED * 0), ["x"])
    assert separated.status is Status.SEPARATION
    assert "infinity" in separated.terms[0].reason
    assert separated.to_json()["covariance"] == []


def test_an_exact_combination_of_earlier_terms_is_dropped_and_named():
    model = fine_gray(TIMES, TYPES, np.column_stack([AGE, TREATED, AGE - TREATED]), [*NAMES, "difference"])
    assert "combination" in model.terms[2].reason
    assert model.terms[0] == fine_gray(TIMES, TYPES, COVARIATES, NAMES).terms[0]


@pytest.mark.parametrize("noise", [0.5, 0.05])
def test_a_finite_maximum_far_out_is_no_separation(noise):
    """Two covariates that are almost the same have large coefficients of opposite sign."""
    almost = AGE + noise * np.cos(np.arange(30))
    model = fine_gray(TIMES, TYPES, np.column_stack([AGE, almost]), ["age", "almost"])
    assert model.status is Status.ESTIMATED
    difference = fine_gray(TIMES, TYPES, np.column_stack([AGE, almost - AGE]), ["age", "difference"])
    assert model.terms[1].z == pytest.approx(difference.terms[1].z, rel=1e-6)


def test_iterations_that_do_not_converge_are_no_estimate(monkeypatch):
    def impatient(evaluate, start, first, stop_beyond=np.inf):
        return newton_raphson(evaluate, start, first, max_iterations=1)

    monkeypatch.setattr("analytics.statistics.fine_gray.newton_raphson", impatient)
    model = fine_gray(TIMES, TYPES, AGE, ["age"])
    assert (model.status, model.terms[0].hazard_ratio) == (Status.NOT_CONVERGED, None)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(30)), st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_neither_row_order_nor_units_matter(order, scale, center):
    x = COVARIATES.copy()
    x[:, 0] = AGE * scale + center
    model, other = (
        fine_gray(TIMES, TYPES, COVARIATES, NAMES),
        fine_gray(TIMES[order] / 12, TYPES[order], x[order], NAMES),
    )
    assert other.terms[0].z == pytest.approx(model.terms[0].z, rel=1e-6)
    assert other.terms[1].hazard_ratio == pytest.approx(model.terms[1].hazard_ratio, rel=1e-6)
    assert other.wald.chi_square == pytest.approx(model.wald.chi_square, rel=1e-6)


def test_a_missing_covariate_is_refused_by_name():
    with pytest.raises(ValueError, match="treated contains missing"):
        fine_gray([1, 2], [1, 2], [[1, 0], [2, np.nan]], NAMES)
