"""Firth-penalized Cox regression, against the same likelihood maximized in R and what must hold of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_leukemia

from analytics.statistics import firth_cox as module
from analytics.statistics.cox import BEYOND_NUMBERS, DROPPED, REASONS, Status, fit
from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.firth_cox import UNBOUNDED, firth_cox, penalized_likelihood_ratio

NAMES = ["sex", "logWBC", "Rx"]


def leukemia(**given):
    rows = load_leukemia()
    return cox_data(rows["t"], rows["status"], rows[NAMES], NAMES, **given)


def separated(**given):
    """Nobody in group g has the event."""
    durations = [1, 2, 2, 3, 4, 5, 5, 6, 8, 9, 10, 12]
    events = [1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0]
    g = [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1]
    z = [0.5, -1, 0.3, 1.2, -0.4, 0.1, 0.9, -0.8, 0.2, -0.3, 1.1, -0.6]
    return cox_data(durations, events, np.column_stack((g, z)), ["g", "z"], **given)


def numbers(term):
    return [term.log_hazard_ratio, term.std_err, term.lower, term.upper, term.chi_square]


def in_r(values):
    return pytest.approx(values, rel=1e-6)


# R: coxph(..., init = b, iter.max = 0)$loglik[2] - determinant(vcov)$modulus / 2, covariates divided by their
# sd, maximized by Newton's method with numDeriv's derivatives; limits by uniroot on its profile
@pytest.mark.parametrize(
    ("ties", "coef", "std_err", "log_likelihood", "chi_square", "lower", "upper"),
    [
        (
            Ties.EFRON,
            [0.317281091726, 1.6470122306, 1.44906963338],
            [0.452288216407, 0.332484659117, 0.456874230145],
            (-88.6906309202, -65.393598048),
            [0.494595731708, 29.8460481946, 11.5357127163],
            [0.562054669267, 2.78497609461, 1.81231363213],
            [3.30224405367, 10.2964633585, 10.8425734524],
        ),
        (
            Ties.BRESLOW,
            [0.266159183944, 1.55943109666, 1.33895945497],
            [0.447260349835, 0.326082521804, 0.452254871779],
            (-89.4695610721, -67.8762121567),
            [0.357002010253, 27.6024438885, 9.95096142376],
            [0.539521862271, 2.58234874131, 1.63634157471],
            [3.10478989088, 9.3012324847, 9.60728327984],
        ),
    ],
)
def test_leukemia(ties, coef, std_err, log_likelihood, chi_square, lower, upper):
    model = firth_cox(leukemia(ties=ties))
    assert [term.log_hazard_ratio for term in model.terms] == in_r(coef)
    assert [term.hazard_ratio for term in model.terms] == in_r(np.exp(coef))
    assert [term.std_err for term in model.terms] == in_r(std_err)
    assert (model.log_likelihood_null, model.log_likelihood) == in_r(log_likelihood)
    assert model.likelihood_ratio.chi_square == in_r(2 * (log_likelihood[1] - log_likelihood[0]))
    assert [term.chi_square for term in model.terms] == in_r(chi_square)
    assert [term.lower for term in model.terms] == in_r(lower)
    assert [term.upper for term in model.terms] == in_r(upper)
    assert model.likelihood_ratio.df == 3
    assert ties.value.capitalize() in model.method


def test_p_of_one_coefficient():
    assert [term.p for term in firth_cox(leukemia()).terms] == in_r(
        [0.481884384731, 4.6774930732e-08, 0.0006827189934]
    )


def test_separation_has_a_finite_estimate():
    data = separated()
    assert fit(data).status is Status.SEPARATION
    term, _ = firth_cox(data).terms
    assert term.log_hazard_ratio == in_r(-2.78841268139)
    assert term.std_err == in_r(1.55696702993)
    assert term.p == in_r(0.00667311120217)
    assert (term.lower, term.upper) == in_r((0.000469261015153, 0.531136230333))


def test_the_wider_the_confidence_the_wider_the_interval():
    wide, narrow = (firth_cox(separated(), level).terms[0] for level in (0.99, 0.9))
    assert wide.lower < narrow.lower < narrow.hazard_ratio < narrow.upper < wide.upper


def test_terms_of_one_category_are_tested_together():
    together = penalized_likelihood_ratio(leukemia(), [1, 2])
    assert (together.chi_square, together.df) == in_r((46.0378348216, 2))
    model = firth_cox(leukemia())
    assert penalized_likelihood_ratio(leukemia(), [0, 1, 2]).chi_square == in_r(
        model.likelihood_ratio.chi_square
    )
    assert penalized_likelihood_ratio(leukemia(), [1]).p == in_r(model.terms[1].p)


def test_a_test_without_columns_or_events_is_none():
    assert penalized_likelihood_ratio(leukemia(), []) is None
    assert penalized_likelihood_ratio(cox_data([1, 2], [0, 0], [1, 2], ["x"]), [0]) is None


def test_frequencies_are_rows_repeated():
    rows = load_leukemia()
    repeats = np.arange(len(rows)) % 3
    many = rows.loc[rows.index.repeat(repeats)]
    short = firth_cox(leukemia(frequencies=repeats))
    long = firth_cox(cox_data(many["t"], many["status"], many[NAMES], NAMES))
    assert short.log_likelihood == pytest.approx(long.log_likelihood, rel=1e-10)
    for one, other in zip(short.terms, long.terms, strict=True):
        assert numbers(one) == pytest.approx(numbers(other), rel=1e-8)


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(12)), st.sampled_from([0.01, 365.25]), st.sampled_from([0.001, 50.0]))
def test_order_unit_and_center_do_not_matter(order, unit, spread):
    order, data = np.array(order), separated()
    g, z = data.covariates[order].T
    other = cox_data(
        unit * data.times[order], data.events[order], np.column_stack((g, 7 + spread * z)), data.names
    )
    one, same = firth_cox(data), firth_cox(other)
    assert same.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-9)
    assert numbers(same.terms[0]) == pytest.approx(numbers(one.terms[0]), rel=1e-7)
    assert same.terms[1].log_hazard_ratio * spread == pytest.approx(one.terms[1].log_hazard_ratio, rel=1e-7)
    assert same.terms[1].p == pytest.approx(one.terms[1].p, rel=1e-7)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.integers(0, 2)), min_size=1, max_size=12))
def test_whatever_the_data_the_answer_is_finite_or_says_why(rows):
    durations, events, x = zip(*rows, strict=True)
    model = firth_cox(cox_data(durations, events, x, ["x"]))
    assert model.to_json()
    assert (model.reason is None) == (model.status is Status.ESTIMATED)
    (term,) = model.terms
    assert (term.reason is None) == (None not in (term.hazard_ratio, term.lower, term.upper, term.p))
    if term.reason is None:
        assert term.lower < term.hazard_ratio < term.upper


def test_entries_and_strata_lead_to_a_top():
    data = leukemia(entry=np.zeros(42) - np.arange(42) % 4, strata=np.arange(42) % 2)
    penalized = module._PenalizedLikelihood(data)
    top = penalized.maximize(np.arange(3)).point
    for step in 1e-4 * np.vstack((np.eye(3), -np.eye(3))):
        assert penalized(top + step).log_likelihood < penalized(top).log_likelihood


@pytest.mark.parametrize(
    ("durations", "events", "x", "status"),
    [
        ([], [], [], Status.NO_PATIENTS),
        ([1, 2], [0, 0], [0, 1], Status.NO_EVENTS),
        ([1, 2], [1, 1], [3, 3], Status.CONSTANT),
    ],
)
def test_nothing_to_estimate(durations, events, x, status):
    model = firth_cox(cox_data(durations, events, x, ["x"]))
    assert (model.status, model.reason, model.terms[0].reason) == (status, REASONS[status], REASONS[status])


def test_a_combination_of_earlier_terms_is_dropped():
    data = separated().with_covariates(separated().covariates.sum(axis=1)[:, None], ["both"])
    model = firth_cox(data)
    assert model.terms[2].reason == DROPPED
    assert model.terms[:2] == firth_cox(separated()).terms
    assert penalized_likelihood_ratio(data, [2]) is None


def test_a_tiny_unit_has_no_hazard_ratio():
    term = firth_cox(cox_data([1, 2, 3, 4], [1, 1, 0, 1], np.array([3, 1, 2, 0]) / 1e4, ["x"])).terms[0]
    assert (term.hazard_ratio, term.reason) == (None, BEYOND_NUMBERS)
    assert term.p < 1


def test_from_far_away_the_top_is_found_all_the_same(monkeypatch):
    monkeypatch.setattr(module, "_SCORING_STEPS", 0)
    penalized = module._PenalizedLikelihood(separated())
    assert penalized(np.array([-2000.0, 0.0])).log_likelihood == -np.inf
    far = penalized.maximize(np.arange(2), np.array([-8.0, 4.0]))
    near = penalized.maximize(np.arange(2))
    assert far.point == pytest.approx(near.point, rel=1e-8)


def test_a_search_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(module, "_NO_LIMIT", 0.1)
    term = firth_cox(separated()).terms[0]
    assert (term.lower, term.upper, term.reason) == (None, None, UNBOUNDED)


def test_iterations_that_do_not_converge(monkeypatch):
    def giving_up(evaluate, start, **_):
        return module.Maximum(start, evaluate(start), 1, converged=False)

    monkeypatch.setattr(module, "newton_raphson", giving_up)
    assert firth_cox(separated()).status is Status.NOT_CONVERGED
    assert penalized_likelihood_ratio(separated(), [0]) is None


def test_a_profile_that_does_not_converge(monkeypatch):
    climb = module._PenalizedLikelihood.maximize

    def only_all_together(self, free, start=None):
        found = climb(self, free, start)
        return found if free.size == 2 else module.Maximum(found.point, found.evaluation, 1, converged=False)

    monkeypatch.setattr(module._PenalizedLikelihood, "maximize", only_all_together)
    term = firth_cox(separated()).terms[0]
    assert (term.p, term.reason) == (None, REASONS[Status.NOT_CONVERGED])
    assert term.log_hazard_ratio == in_r(-2.78841268139)
