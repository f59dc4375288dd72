"""Gray's test; expected values are those of R's cmprsk 2.2-11."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.gray_test import gray_test
from tests.analytics.statistics.competing import GROUP, STRATA, TIMES, TYPES

TWO_GROUPS = np.where(GROUP == "a", "a", "bc")


@pytest.mark.parametrize(
    ("group", "strata", "cause", "chi_square", "p"),
    [
        # In R: cuminc(time, type, group, strata)$Tests
        (TWO_GROUPS, None, 1, 0.0780934150576652, 0.779897976823587),
        (TWO_GROUPS, None, 2, 0.1068319573700743, 0.743780142525681),
        (GROUP, None, 1, 0.188925171345275, 0.909861775855548),
        (GROUP, None, 2, 1.596974333239309, 0.450009238413983),
        (GROUP, STRATA, 1, 0.487065700086105, 0.783853725980685),
        (GROUP, STRATA, 2, 1.903103204956179, 0.386141420417203),
    ],
)
def test_equals_r(group, strata, cause, chi_square, p):
    test = gray_test(TIMES, TYPES, group, cause, strata)
    assert (test.chi_square, test.p) == (pytest.approx(chi_square, rel=1e-12), pytest.approx(p, rel=1e-12))
    assert test.df == test.groups - 1


def test_one_group_and_no_events_are_no_test():
    assert gray_test(TIMES, TYPES, np.ones(30)).reason == "fewer than two groups"
    assert gray_test(TIMES, TYPES, GROUP, cause=3).reason == "no events"
    nobody = gray_test([], [], [])
    assert (nobody.groups, nobody.df, nobody.reason) == (0, 0, "fewer than two groups")


def test_groups_that_were_never_at_risk_together_are_not_compared():
    test = gray_test([1, 1, 5, 6], [0, 0, 1, 1], ["a", "a", "b", "b"])
    assert test.chi_square is None
    assert "never at risk together" in test.reason


def test_a_group_that_has_died_out_leaves_a_test_of_the_time_before():
    """The common incidence is 1 while two of b's patients are still at risk."""
    test = gray_test([1, 1, 1, 1, 2, 3, 4, 5], np.ones(8), list("aaaabbbb"))
    assert test.chi_square == pytest.approx(7.0)  # cmprsk, but for rounding


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(30)), st.permutations("abc"))
def test_neither_row_order_nor_the_names_of_the_groups_matter(order, names):
    renamed = np.array([dict(zip("abc", names, strict=True))[label] for label in GROUP])
    other = gray_test(TIMES[order], TYPES[order], renamed[order])
    assert other.chi_square == pytest.approx(gray_test(TIMES, TYPES, GROUP).chi_square)


def test_one_stratum_is_none():
    assert gray_test(TIMES, TYPES, GROUP, strata=np.ones(30)) == gray_test(TIMES, TYPES, GROUP)
