"""Odds ratios. R: fisher.test(table), with its equations solved to the end."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

from analytics.statistics.contingency import DEGENERATE
from analytics.statistics.odds_ratio import (
    INFINITE,
    ZERO_CELL,
    ConditionalTable,
    conditional_odds_ratio,
    sample_odds_ratio,
)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # R stops its search at a tolerance of 1e-4 in the odds ratio, or in its reciprocal above 1.
        ([[28, 6], [9, 8]], (4.01723975831683, 0.93987864643973, 18.535146324723)),
        ([[10, 2], [3, 15]], (21.3053312750167, 2.75343836564203, 300.682787419398)),
        ([[1, 9], [11, 3]], (0.0372331172509792, 0.000643828388365295, 0.425884038115077)),
        ([[7, 7], [7, 7]], (1, 0.179277440809948, 5.57794664784454)),
    ],
)
def test_conditional_as_r(table, expected):
    got = conditional_odds_ratio(table)
    assert (got.odds_ratio, got.lower, got.upper) == pytest.approx(expected, rel=4e-3, abs=1e-4)


def test_conditional_limits_are_where_the_tails_are():
    (a, b), (c, d) = table = [[10, 2], [3, 15]]
    got = conditional_odds_ratio(table, conf_level=0.9)
    margins = (a + b + c + d, a + b, a + c)
    assert nchypergeom_fisher.mean(*margins, got.odds_ratio) == pytest.approx(a)
    assert nchypergeom_fisher.cdf(a, *margins, got.upper) == pytest.approx(0.05)
    assert nchypergeom_fisher.sf(a - 1, *margins, got.lower) == pytest.approx(0.05)


def test_a_zero_cell_leaves_one_limit():
    # fisher.test(matrix(c(5, 0, 3, 4), 2, byrow = TRUE)): Inf, from 0.5727; the other way around 0, to 3.1820
    infinite = conditional_odds_ratio([[5, 0], [3, 4]])
    assert (infinite.odds_ratio, infinite.upper, infinite.reason) == (None, None, INFINITE)
    assert infinite.lower == pytest.approx(0.572699220068471, rel=1e-4)
    zero = conditional_odds_ratio([[0, 5], [3, 4]])
    assert (zero.odds_ratio, zero.lower, zero.reason) == (0, 0, None)
    assert zero.upper == pytest.approx(3.18195618844433, rel=1e-4)
    infinite.to_json()


def test_sample_odds_ratio():
    got = sample_odds_ratio([[28, 6], [9, 8]])
    assert got.odds_ratio == pytest.approx(28 * 8 / (6 * 9))
    spread = 1.959963984540054 * math.sqrt(1 / 28 + 1 / 6 + 1 / 9 + 1 / 8)
    assert (got.lower, got.upper) == pytest.approx(
        (got.odds_ratio * math.exp(-spread), got.odds_ratio * math.exp(spread))
    )
    assert sample_odds_ratio([[5, 0], [3, 4]]).reason == INFINITE
    zero = sample_odds_ratio([[0, 5], [3, 4]])
    assert (zero.odds_ratio, zero.lower, zero.upper, zero.reason) == (0, None, None, ZERO_CELL)


def test_swapping_the_columns_inverts_the_odds_ratio():
    for estimate in (conditional_odds_ratio, sample_odds_ratio):
        one, other = estimate([[9, 4], [2, 7]]), estimate([[4, 9], [7, 2]])
        assert (one.odds_ratio, one.lower, one.upper) == pytest.approx(
            (1 / other.odds_ratio, 1 / other.upper, 1 / other.lower)
        )


def test_only_two_by_two_tables_have_an_odds_ratio():
    for estimate in (conditional_odds_ratio, sample_odds_ratio):
        assert estimate([[3, 4], [0, 0]]).reason == DEGENERATE
        with pytest.raises(ValueError, match="2×2"):
            estimate([[1, 2, 3], [4, 5, 6]])


def test_the_count_given_its_margins_stays_within_them():
    given = ConditionalTable([[2, 5], [1, 0]])
    assert (given.smallest, given.observed, given.largest) == (2, 2, 3)
    assert given.at_most_observed(0.3) + given.at_least_observed(0.3) == pytest.approx(
        1 + nchypergeom_fisher.pmf(2, 8, 7, 3, np.exp(0.3))
    )
