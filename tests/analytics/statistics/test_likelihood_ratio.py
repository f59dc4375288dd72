"""Likelihood-ratio tests of terms and interactions: values of R's survival 3.5-3."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_rossi

from analytics.statistics.cox import Status, fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.likelihood_ratio import NOTHING_TESTED, drop_one, interaction, likelihood_ratio

ROSSI = load_rossi()
COVARIATES = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]


def rossi(names):
    return cox_data(ROSSI["week"], ROSSI["arrest"], ROSSI[names], names)


def test_each_term_left_out():
    data = rossi(COVARIATES)
    tests = drop_one(data, fit(data))
    # drop1(coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio), test = "Chisq")
    assert [test.tested for test in tests] == [(name,) for name in COVARIATES]
    assert [test.chi_square for test in tests] == pytest.approx(
        [3.98621010160, 7.98801726866, 1.12515180704, 0.50033716615, 1.43117932335, 0.18697023497,
         8.97659717225], rel=1e-10)  # fmt: skip
    assert [test.p for test in tests] == pytest.approx(
        [0.0458741, 0.0047088, 0.2888118, 0.4793520, 0.2315721, 0.6654503, 0.0027346], rel=1e-5
    )
    assert {test.df for test in tests} == {1}


def test_terms_left_out_together():
    data = rossi(COVARIATES)
    test = likelihood_ratio(data, fit(data), ["race", "mar"])
    smaller = fit(rossi([name for name in COVARIATES if name not in ("race", "mar")]))
    assert test.chi_square == pytest.approx(2 * (fit(data).log_likelihood - smaller.log_likelihood))
    assert (test.tested, test.df) == (("race", "mar"), 2)


def test_all_terms_left_out_is_the_test_of_the_model():
    data = rossi(["fin", "prio"])
    model = fit(data)
    test = likelihood_ratio(data, model, ["prio", "fin"])
    assert (test.chi_square, test.df, test.p) == (
        model.likelihood_ratio.chi_square, model.likelihood_ratio.df, model.likelihood_ratio.p
    )  # fmt: skip


def test_an_interaction():
    test = interaction(rossi(["fin", "prio"]), ["fin"], ["prio"])
    # anova(coxph(Surv(week, arrest) ~ fin + prio), coxph(Surv(week, arrest) ~ fin * prio))
    assert test.chi_square == pytest.approx(2 * (667.144430953 - 666.184293772), rel=1e-8)
    assert test.p == pytest.approx(0.16583, rel=1e-4)
    assert test.tested == ("fin:prio",)


def test_an_interaction_of_a_categorical_variable_is_tested_as_one():
    third = np.digitize(ROSSI["age"], [21, 25])
    x = np.column_stack((ROSSI["fin"], third == 1, third == 2))
    data = cox_data(ROSSI["week"], ROSSI["arrest"], x, ["fin", "21-24", "25+"])
    test = interaction(data, ["fin"], ["21-24", "25+"])
    assert (test.tested, test.df) == (("fin:21-24", "fin:25+"), 2)


def test_an_exact_combination_is_not_tested():
    doubled = cox_data(
        ROSSI["week"], ROSSI["arrest"], np.column_stack((ROSSI["age"], 2 * ROSSI["age"])), "ab"
    )
    for test in drop_one(doubled, fit(doubled)):
        assert (test.p, test.reason) == (None, NOTHING_TESTED)


def test_a_model_without_estimate_passes_its_reason_on():
    data = cox_data([1, 2, 3, 4], [1, 1, 0, 0], np.array([[1, 0], [1, 1], [0, 1], [0, 0]]), ["x", "y"])
    model = fit(data)
    test = likelihood_ratio(data, model, ["y"])
    assert model.status is Status.SEPARATION
    assert (test.chi_square, test.reason) == (None, model.reason)


def test_a_smaller_model_without_estimate_passes_its_reason_on():
    larger = fit(cox_data([1, 2, 3, 4], [1, 1, 1, 0], np.array([[1, 0], [0, 1], [1, 1], [0, 0]]), ["x", "y"]))
    data = cox_data([1, 2, 3, 4], [1, 1, 0, 0], np.array([[1, 0], [1, 1], [0, 1], [0, 0]]), ["x", "y"])
    test = likelihood_ratio(data, larger, ["y"])
    assert larger.status is Status.ESTIMATED
    assert (test.p, test.reason) == (None, fit(data.select([0])).reason)


def test_an_unknown_term_is_named():
    data = rossi(["fin"])
    with pytest.raises(ValueError, match="no covariate prior"):
        likelihood_ratio(data, fit(data), ["prior"])
    with pytest.raises(ValueError, match="no covariate prior"):
        interaction(data, ["fin"], ["prior"])
