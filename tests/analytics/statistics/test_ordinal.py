"""Ordinal regression. R on GBSG2, of lifelines: m <- ordinal::clm(tgrade ~ age + tsize + pnodes + h)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_gbsg2

from analytics.statistics.cox import DROPPED
from analytics.statistics.cumulative_logit import CumulativeLogit
from analytics.statistics.newton import newton_raphson
from analytics.statistics.ordinal import (
    NO_PATIENTS,
    NOT_CONVERGED,
    ONE_LEVEL,
    SEPARATION,
    fit,
    ordinal_data,
    ordinal_logit,
)
from analytics.statistics.ordinal_tests import NOTHING_TESTED, TWO_LEVELS, leave_out, proportional_odds

LEVELS, NAMES = ("I", "II", "III"), ("age", "tsize", "pnodes", "h")


@pytest.fixture(scope="module")
def grades():
    gbsg2 = load_gbsg2()
    gbsg2["h"] = gbsg2["horTh"] == "yes"
    return ordinal_data(gbsg2["tgrade"], LEVELS, gbsg2[list(NAMES)], NAMES)


@pytest.fixture(scope="module")
def model(grades):
    return fit(grades)


def test_estimates_as_r(model):
    # R: summary(m), logLik(m) and anova(update(m, ~ 1), m)
    assert [term.log_odds_ratio for term in model.terms] == pytest.approx(
        [-0.0126755286316758, 0.00806399065264246, 0.0454012129487508, -0.197314814996787], rel=1e-9
    )
    assert [term.std_err for term in model.terms] == pytest.approx(
        [0.00807495229944423, 0.00572279818442351, 0.0150760550538451, 0.171139010861173], rel=1e-9
    )
    assert [term.p for term in model.terms] == pytest.approx(
        [0.116476965736593, 0.158805821414619, 0.00259978966778034, 0.248930686023176], rel=1e-8
    )
    assert [(cut.level, cut.estimate, cut.std_err) for cut in model.thresholds] == [
        ("I", pytest.approx(-2.33395922655483), pytest.approx(0.470713399206273)),
        ("II", pytest.approx(0.9359682071434), pytest.approx(0.459290438750664)),
    ]
    assert model.log_likelihood == pytest.approx(-589.13603482626, rel=1e-12)
    test = model.likelihood_ratio
    assert (test.chi_square, test.df, test.p) == pytest.approx((20.88686, 4, 0.00033345), rel=1e-5)
    assert (model.n, model.counts, model.reason) == (686, (81, 444, 161), None)
    model.to_json()


def test_leaving_out_a_term_as_r(grades, model):
    # drop1(m, test = "Chisq")$LRT
    tests = [leave_out(grades, model, [name]) for name in NAMES]
    assert [test.chi_square for test in tests] == pytest.approx(
        [2.46540955734577, 1.9830507954232, 9.26214898177227, 1.33335472404951], rel=1e-8
    )
    everything = leave_out(grades, model, NAMES)
    assert (everything.df, everything.p) == (4, pytest.approx(model.likelihood_ratio.p))


def test_proportional_odds_as_r(grades, model):
    # R: ordinal::nominal_test of m
    tests = [proportional_odds(grades, model, [name]) for name in NAMES]
    assert [test.chi_square for test in tests] == pytest.approx(
        [0.356705260102444, 0.0173563427804311, 3.67743797434036, 0.0357686035113147], rel=1e-7
    )
    assert tests[2].p == pytest.approx(0.0551535380684163)
    assert proportional_odds(grades, model, NAMES).df == 4


def test_a_rare_level_leaves_the_test_its_limit():
    # clm on ordinal's wine, nominal_test: 3.174977 for temp, where two coefficients run off to infinity
    cold = {"no": (4, 9, 5, 0, 0), "yes": (1, 7, 8, 2, 0)}
    warm = {"no": (0, 5, 8, 3, 2), "yes": (0, 1, 5, 7, 5)}
    cells = [
        (str(rating), temp, contact == "yes", count)
        for temp, table in enumerate((cold, warm))
        for contact, counts in table.items()
        for rating, count in enumerate(counts, 1)
    ]
    rating, temp, contact, count = zip(*cells, strict=True)
    data = ordinal_data(rating, "12345", np.column_stack([temp, contact]), ("temp", "contact"), count)
    test = proportional_odds(data, fit(data), ["temp"])
    assert (test.chi_square, test.df) == (pytest.approx(3.17497709, rel=1e-7), 3)
    assert data.n == 72


@given(st.randoms(use_true_random=False), st.floats(0.01, 100), st.floats(-50, 50))
@settings(max_examples=10, deadline=None)
def test_row_order_and_units_are_of_no_account(random, unit, origin):
    x = np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])
    y = np.array(list("abcabcbacbca"))
    order = random.sample(range(12), 12)
    one = ordinal_logit(y, "abc", x, ["x"])
    other = ordinal_logit(y[order], "abc", x[order] * unit + origin, ["x"])
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-11)
    assert other.terms[0].log_odds_ratio * unit == pytest.approx(one.terms[0].log_odds_ratio, rel=1e-7)
    assert other.terms[0].z == pytest.approx(one.terms[0].z, rel=1e-7)


def test_frequencies_are_rows_repeated():
    y, x, times = np.array(list("abcacb")), np.array([1.0, 2, 3, 4, 2, 7]), np.array([2, 1, 3, 0, 4, 1])
    counted = ordinal_logit(y, "abc", x, ["x"], frequencies=times)
    repeated = ordinal_logit(np.repeat(y, times), "abc", np.repeat(x, times), ["x"])
    assert counted.n == repeated.n == 11
    assert counted.terms[0].log_odds_ratio == pytest.approx(repeated.terms[0].log_odds_ratio, rel=1e-10)
    assert counted.terms[0].std_err == pytest.approx(repeated.terms[0].std_err, rel=1e-10)


def test_turning_the_scale_around_turns_the_sign(grades, model):
    turned = ordinal_logit(
        [LEVELS[level] for level in grades.level], LEVELS[::-1], grades.covariates, grades.names
    )
    assert [term.log_odds_ratio for term in turned.terms] == pytest.approx(
        [-term.log_odds_ratio for term in model.terms]
    )


def test_constant_and_aliased_covariates_are_dropped(grades, model):
    age = grades.covariates[:, 0]
    more = np.column_stack([grades.covariates, np.full(age.size, 3.7), 2 * age + 1])
    data = ordinal_data([LEVELS[level] for level in grades.level], LEVELS, more, [*NAMES, "one", "twice"])
    got = fit(data)
    assert [term.reason for term in got.terms] == [None] * 4 + [DROPPED] * 2
    assert got.terms[0].std_err == pytest.approx(model.terms[0].std_err)
    for test in (leave_out, proportional_odds):
        assert test(data, got, ["one", "twice"]).reason == NOTHING_TESTED
    assert fit(data.without(range(5))).likelihood_ratio.df == 1
    assert fit(data.without([0, 1, 2, 3, 5])).likelihood_ratio is None


def test_separation_is_said_not_estimated():
    y, z = list("aabbcc"), [1.0, 2, 1, 2, 2, 1]
    data = ordinal_data(y, "abc", np.column_stack([[1.0, 2, 3, 4, 5, 6], z]), ["x", "z"])
    model = fit(data)
    assert model.reason == SEPARATION
    assert model.terms[0].reason == SEPARATION
    assert model.terms[0].odds_ratio is None
    for test in (leave_out, proportional_odds):
        assert test(data, model, ["z"]).reason == SEPARATION
    model.to_json()


def test_a_separated_smaller_model_cannot_be():
    """Leaving out a term never separates what the larger model does not."""
    y = list("aabbcca")
    data = ordinal_data(y, "abc", np.column_stack([[1, 2, 3, 4, 5, 6, 7], [0, 1, 0, 1, 0, 1, 1]]), ["x", "z"])
    assert fit(data).reason is None
    assert leave_out(data, fit(data), ["z"]).df == 1


def test_a_steep_but_finite_model_is_estimated():
    x = np.concatenate((np.linspace(-1, -0.02, 400), np.linspace(0.02, 1, 400), [-0.05, 0.05]))
    y = np.concatenate((np.full(400, "a"), np.full(400, "b"), ["b", "a"]))
    got = ordinal_logit(y, "ab", x, ["x"])
    assert got.reason is None
    assert got.terms[0].log_odds_ratio > 20


def test_thresholds_out_of_order_have_no_likelihood():
    likelihood = CumulativeLogit(np.array([0, 1, 2]), np.zeros((3, 0)), np.ones(3))
    assert likelihood(np.array([1.0, 0.0])).log_likelihood == -np.inf


def test_two_levels_are_logistic_regression():
    data = ordinal_data(list("aababb"), "ab", [1.0, 2, 3, 4, 5, 6], ["x"])
    model = fit(data)
    probability = 1 / (
        1 + np.exp(model.thresholds[0].estimate - model.terms[0].log_odds_ratio * np.arange(1, 7))
    )
    assert probability.sum() == pytest.approx(3)
    assert proportional_odds(data, model, ["x"]).reason == TWO_LEVELS


def test_levels_nobody_has_are_left_out():
    got = ordinal_logit(list("acacca"), "abcd", [1.0, 2, 3, 4, 5, 6], ["x"])
    assert (got.levels, got.counts) == (("a", "c"), (3, 3))


def test_without_patients_or_levels():
    assert ordinal_logit([], "ab", np.empty((0, 1)), ["x"]).reason == NO_PATIENTS
    assert ordinal_logit(list("aaa"), "ab", [1.0, 2, 3], ["x"]).reason == ONE_LEVEL


def test_iterations_that_end_early_are_said(monkeypatch, grades, model):
    def at_once(likelihood, start, **_options):
        return newton_raphson(likelihood, start, max_iterations=1)

    monkeypatch.setattr("analytics.statistics.cumulative_logit.newton_raphson", at_once)
    monkeypatch.setattr("analytics.statistics.ordinal_tests.newton_raphson", at_once)
    assert fit(grades).reason == NOT_CONVERGED
    assert leave_out(grades, model, ["h"]).reason == NOT_CONVERGED
    assert proportional_odds(grades, model, ["h"]).reason == NOT_CONVERGED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((list("abx"), "ab", [1, 2, 3], ["x"]), "not levels: x"),
        ((list("aba"), "ab", [1, 2, np.nan], ["x"]), "x contains missing"),
        ((list("aba"), "ab", [1, 2, 3], ["x"], [1, -1, 1]), "negative"),
        ((list("aba"), "ab", [1, 2, 3], ["x"], [1, 1.5, 1]), "whole numbers"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        ordinal_data(*arguments)


def test_unknown_terms_are_refused(grades, model):
    for test in (leave_out, proportional_odds):
        with pytest.raises(ValueError, match="no covariate stage"):
            test(grades, model, ["stage"])
