"""Firth's logistic regression. R: glm(y ~ x, binomial, method = "brglmFit", type = "AS_mean") of brglm2."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_rossi
from scipy.optimize import minimize
from scipy.special import chdtrc, expit

from analytics.statistics import firth_logistic as module
from analytics.statistics.cox import DROPPED
from analytics.statistics.firth_logistic import NO_PATIENTS, NOT_CONVERGED, UNBOUNDED, firth_logistic

NAMES = ["fin", "age", "prio"]
# A covariate that separates completely.
X = np.column_stack([[0, 0, 0, 0, 0, 0, 1, 1, 1, 1], [1, 4, 2, 7, 3, 5, 2, 6, 3, 4]]).astype(float)
Y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])


def penalized(coef):
    """The definition: the log-likelihood plus half the log determinant of the information."""
    design = np.column_stack([np.ones(len(Y)), X])
    probability = expit(design @ coef)
    information = design.T @ (design * (probability * (1 - probability))[:, None])
    likelihood = -np.logaddexp(0, np.where(Y == 1, -1, 1) * (design @ coef)).sum()
    return likelihood + np.linalg.slogdet(information)[1] / 2


def profile(position, value, near):
    """The highest penalized likelihood with one coefficient held, by an optimizer without derivatives."""
    best = near
    for _restart in range(3):
        best = minimize(
            lambda rest: -penalized(np.insert(rest, position, value)),
            best,
            method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-11, "maxiter": 1000},
        ).x
    return penalized(np.insert(best, position, value))


def test_as_brglm2():
    rossi = load_rossi()
    got = firth_logistic(rossi["arrest"], rossi[NAMES], NAMES)
    assert [term.log_odds_ratio for term in got.terms] == pytest.approx(
        [0.615140701223562, -0.399794419003957, -0.074208874184967, 0.104465128725073], rel=1e-9
    )
    assert [term.std_err for term in got.terms] == pytest.approx(
        [0.571507944857193, 0.225945607894099, 0.0229083657313969, 0.0362506334676469], rel=1e-9
    )
    assert (got.n, got.events, got.reason) == (432, 114, None)


def test_tests_and_limits_are_those_of_the_penalized_profile():
    got = firth_logistic(Y, X, ["x", "z"])
    found = np.array([term.log_odds_ratio for term in got.terms])
    for position, term in enumerate(got.terms):
        others = np.delete(found, position)
        assert term.chi_square == pytest.approx(
            2 * (penalized(found) - profile(position, 0.0, others)), rel=1e-5
        )
        assert term.p == pytest.approx(chdtrc(1, term.chi_square))
        for limit in (term.lower, term.upper):
            fall = 2 * (penalized(found) - profile(position, np.log(limit), others))
            assert fall == pytest.approx(3.841458820694, rel=1e-5)
    got.to_json()


def test_the_estimate_under_separation_is_finite_and_significant():
    separating = firth_logistic(Y, X, ["x", "z"]).terms[1]
    assert 1 < separating.lower < separating.odds_ratio < separating.upper < np.inf
    assert separating.p < 0.01


def test_a_step_into_certainty_is_no_estimate():
    """Far out all probabilities are 0 or 1, and the information is singular."""
    likelihood = module._PenalizedLikelihood(Y == 1, X)
    assert likelihood(np.array([0.0, 1e5, 1e5]), np.arange(3)).log_likelihood == -np.inf


def test_units_change_the_estimate_in_proportion():
    one, other = firth_logistic(Y, X, ["x", "z"]), firth_logistic(Y, X * [1, 30] + [0, 900], ["x", "z"])
    assert other.terms[2].log_odds_ratio * 30 == pytest.approx(one.terms[2].log_odds_ratio)
    assert other.terms[2].p == pytest.approx(one.terms[2].p)
    assert np.log(other.terms[2].upper) * 30 == pytest.approx(np.log(one.terms[2].upper))
    assert other.likelihood_ratio.p == pytest.approx(one.likelihood_ratio.p)


def test_constant_and_aliased_covariates_are_dropped():
    more = np.column_stack([X, np.full(len(Y), 0.1), X[:, 0] + X[:, 1]])
    got = firth_logistic(Y, more, ["x", "z", "one", "sum"])
    assert [term.reason for term in got.terms] == [None] * 3 + [DROPPED] * 2
    assert got.terms[:3] == firth_logistic(Y, X, ["x", "z"]).terms
    alone = firth_logistic(Y, more[:, [2]], ["one"])
    # With an intercept alone the penalty adds half an event and half a non-event.
    assert alone.terms[0].odds_ratio == pytest.approx(4.5 / 6.5)
    assert alone.likelihood_ratio is None


def test_one_outcome_only_is_estimable():
    assert firth_logistic(np.ones(10), X, ["x", "z"]).terms[0].log_odds_ratio > 0


def test_what_cannot_be_estimated_is_said(monkeypatch):
    assert firth_logistic([], np.empty((0, 1)), ["x"]).reason == NO_PATIENTS
    monkeypatch.setattr(module, "_NO_LIMIT", 0.1)
    unbounded = firth_logistic(Y, X, ["x", "z"]).terms[1]
    assert (unbounded.upper, unbounded.reason) == (None, UNBOUNDED)
    monkeypatch.setattr(module, "_ITERATIONS", 1)
    assert firth_logistic(Y, X, ["x", "z"]).reason == NOT_CONVERGED


def test_refusals():
    with pytest.raises(ValueError, match="other than 0 and 1"):
        firth_logistic([0, 2], [1, 2], ["x"])
    with pytest.raises(ValueError, match="x contains missing"):
        firth_logistic([0, 1], [1, np.nan], ["x"])
