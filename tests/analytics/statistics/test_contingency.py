"""χ² tests of contingency tables. R: chisq.test, mcnemar.test."""

from __future__ import annotations

import pytest

from analytics.statistics.contingency import (
    DEGENERATE,
    NO_DISCORDANT_PAIRS,
    mcnemar,
    pearson_chi_square,
    yates_chi_square,
)

CONVICTIONS = [[10, 2], [3, 15]]  # Fisher's twins


def test_pearson_and_yates_as_r():
    # chisq.test(matrix(c(10, 2, 3, 15), 2, byrow = TRUE), correct = FALSE), then with correct = TRUE
    pearson, yates = pearson_chi_square(CONVICTIONS), yates_chi_square(CONVICTIONS)
    assert (pearson.statistic, pearson.df, pearson.p) == pytest.approx(
        (13.0316742081448, 1, 0.00030626663018355), rel=1e-12
    )
    assert (yates.statistic, yates.p) == pytest.approx((10.4581447963801, 0.00122109851631151), rel=1e-12)
    assert (yates.n, yates.reason) == (30, None)


def test_expected_counts_keep_the_margins():
    test = pearson_chi_square([[5, 3, 2], [4, 6, 1]])
    assert [sum(row) for row in test.expected] == pytest.approx([10, 11])
    assert [sum(column) for column in zip(*test.expected, strict=True)] == pytest.approx([9, 9, 3])
    assert test.smallest_expected == pytest.approx(10 * 3 / 21)
    assert test.df == 2


def test_a_correction_never_passes_the_expectation():
    assert yates_chi_square([[7, 7], [7, 7]]).statistic == 0
    # chisq.test(matrix(c(3, 1, 1, 3), 2))$statistic
    assert yates_chi_square([[3, 1], [1, 3]]).statistic == pytest.approx(0.5)


def test_mcnemar_as_r():
    test = mcnemar([[101, 59], [121, 33]])
    assert (test.statistic, test.df, test.p) == pytest.approx((20.6722222222222, 1, 5.45009482542713e-06))
    assert mcnemar([[8, 4], [4, 9]]).p == 1
    assert mcnemar([[8, 0], [0, 9]]).reason == NO_DISCORDANT_PAIRS


@pytest.mark.parametrize("table", [[], [[3, 4]], [[3, 4], [0, 0]], [[3, 0], [4, 0]]])
def test_without_two_groups_and_two_outcomes_there_is_no_test(table):
    for test in (pearson_chi_square(table), yates_chi_square(table)):
        assert (test.statistic, test.p, test.reason) == (None, None, DEGENERATE)
        assert test.smallest_expected is None
    pearson_chi_square(table).to_json()


def test_empty_rows_and_columns_are_left_out():
    assert pearson_chi_square([[3, 4, 0], [1, 5, 0]]) == pearson_chi_square([[3, 4], [1, 5]])


@pytest.mark.parametrize(
    "table", [[[0.5, 1], [1, 2]], [1, 2], [[1, -2], [3, 4]], [[1, float("nan")], [3, 4]]]
)
def test_only_counts_are_tested(table):
    with pytest.raises(ValueError, match="counts"):
        pearson_chi_square(table)


def test_some_tests_are_for_two_by_two_tables():
    for test in (yates_chi_square, mcnemar):
        with pytest.raises(ValueError, match="2×2"):
            test([[1, 2, 3], [4, 5, 6]])
