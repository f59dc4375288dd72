"""Rubin's rules. R: mice::pool.scalar(Q, U, n, k)."""

from __future__ import annotations

import pytest

from analytics.statistics.rubin import pool

ESTIMATES, VARIANCES = [0.41, 0.45, 0.38], [0.04, 0.05, 0.045]


def test_as_mice():
    got = pool(ESTIMATES, VARIANCES, n=30, parameters=3)
    assert (got.estimate, got.within, got.between, got.total) == pytest.approx(
        (0.413333333333333, 0.045, 0.00123333333333333, 0.0466444444444445)
    )
    assert (got.df, got.relative_increase, got.fraction_missing) == pytest.approx(
        (23.9497321241008, 0.0365432098765432, 0.106850779836552)
    )


def test_a_large_sample_has_rubins_degrees_of_freedom():
    got = pool(ESTIMATES, VARIANCES)
    assert (got.df, got.fraction_missing) == pytest.approx((1609.13111760409, 0.0364517401663598))


def test_agreeing_imputations_leave_finite_degrees_of_freedom():
    got = pool([0.4, 0.4, 0.4], [0.04, 0.04, 0.04], n=30, parameters=3)
    assert (got.df, got.fraction_missing) == pytest.approx((25.1974768254354, 0.0709283320767165))
    assert got.total == pytest.approx(0.04)


def test_interval_and_p_belong_together():
    got = pool(ESTIMATES, VARIANCES, n=30, parameters=3)
    at_the_limit = pool([value - got.lower for value in ESTIMATES], VARIANCES, n=30, parameters=3)
    assert at_the_limit.p == pytest.approx(0.05)
    assert got.lower + got.upper == pytest.approx(2 * got.estimate)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.4], [0.04]), "at least 2"),
        (([0.4, 0.5], [0.04]), "same length"),
        (([0.4, 0.5], [0.04, 0]), "positive"),
        (([0.4, 0.5], [0.04, 0.05], 3, 3), "larger than parameters"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        pool(*arguments)
