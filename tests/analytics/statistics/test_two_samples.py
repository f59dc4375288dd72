"""Two samples. R on survival's lung (lifelines has it too): wilcox.test, t.test of meal.cal by sex."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_lung

from analytics.statistics.moments import moments
from analytics.statistics.two_samples import (
    APPROXIMATE,
    CONSTANT,
    CORRECTED,
    EXACT,
    TOO_FEW,
    mann_whitney,
    student_t,
    welch_t,
)


@pytest.fixture(scope="module")
def meals():
    lung = load_lung().dropna(subset=["meal.cal"])
    return [lung.loc[lung["sex"] == sex, "meal.cal"].to_numpy() for sex in (1, 2)]


def test_mann_whitney_as_r(meals):
    # wilcox.test(meal.cal ~ sex, lung), then with correct = FALSE
    corrected = mann_whitney(*meals)
    assert (corrected.statistic, corrected.p) == pytest.approx((4597.5, 0.0220050999535639))
    plain = mann_whitney(*meals, continuity_correction=False)
    assert plain.p == pytest.approx(0.021919973041563)
    assert (corrected.method, plain.method) == (CORRECTED, APPROXIMATE)


def test_small_samples_without_ties_are_counted_out():
    first, second = [1.1, 2.3, 3.7, 4.1, 5.9], [0.2, 2.9, 6.3, 7.7, 8.1, 9.4]
    test = mann_whitney(first, second)
    assert (test.method, test.statistic, test.p) == (EXACT, 8, pytest.approx(0.246753246753247))
    assert mann_whitney([*first, 2.9], second).method == CORRECTED
    assert mann_whitney(np.arange(50), np.arange(3) + 0.5).method == CORRECTED
    assert mann_whitney(second, first).p == pytest.approx(test.p)


def test_t_tests_as_r(meals):
    # t.test(meal.cal ~ sex, lung); t.test(meal.cal ~ sex, lung, var.equal = TRUE)
    welch, student = welch_t(*meals), student_t(*meals)
    assert (welch.p, welch.t, welch.df, welch.lower, welch.upper) == pytest.approx(
        (0.0198947284575491, 2.35330630050498, 151.162509412933, 22.4339367037053, 257.250797519913)
    )
    assert (student.p, student.df, student.lower, student.upper) == pytest.approx(
        (0.0234787687537983, 179, 19.0820327598092, 260.60270146381)
    )
    assert welch.difference == pytest.approx(np.mean(meals[0]) - np.mean(meals[1]))


def test_edges():
    assert mann_whitney([], [1, 2]).reason == TOO_FEW
    assert mann_whitney([2, 2], [2, 2]).reason == CONSTANT
    assert welch_t([1], [1, 2]).reason == TOO_FEW
    assert student_t([1], [1]).reason == TOO_FEW
    assert student_t([1], [2, 3]).p is not None
    constant = welch_t([1, 1], [2, 2])
    assert (constant.difference, constant.p, constant.reason) == (-1, None, CONSTANT)
    for test in (mann_whitney, welch_t, student_t):
        test([1, 2], [2, 3]).to_json()
        with pytest.raises(ValueError, match="second contains missing"):
            test([1, 2], [3, float("nan")])


def test_moments():
    described = moments([1, 2, 3, 6])
    assert (described.n, described.mean, described.std_dev) == (4, 3, pytest.approx((14 / 3) ** 0.5))
    assert (moments([]).mean, moments([]).std_dev) == (None, None)
    assert (moments([4]).mean, moments([4]).std_dev) == (4, None)
