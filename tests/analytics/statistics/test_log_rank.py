"""Comparisons of survival curves agree with R's survdiff and coxph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from analytics.statistics.fixed_time import compare_at
from analytics.statistics.groups import coded_groups
from analytics.statistics.log_rank import log_rank
from analytics.statistics.log_rank_trend import log_rank_trend
from analytics.statistics.multiplicity import Adjustment, adjust
from analytics.statistics.pairwise_log_rank import pairwise_log_rank

LUNG = load_lung()
ECOG = LUNG.dropna(subset=["ph.ecog"])
TO_2 = ECOG[ECOG["ph.ecog"] < 3]

few_examples = settings(max_examples=25, deadline=None)
rows_of_groups = st.lists(
    st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)),
    min_size=1,
    max_size=25,
).map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))


def same_test(one, other):
    assert (one.n, one.events, one.df, one.reason) == (other.n, other.events, other.df, other.reason)
    if one.p is not None:
        assert one.chi_square == pytest.approx(other.chi_square, rel=1e-9, abs=1e-9)


def test_two_groups():
    # survdiff(Surv(time, status) ~ sex, lung)
    test = log_rank(LUNG["time"], LUNG["status"], LUNG["sex"])
    assert test.chi_square == pytest.approx(10.3267419548856, rel=1e-12)
    assert test.p == pytest.approx(0.00131116452035549, rel=1e-12)
    assert [(group.label, group.n, group.events, group.observed) for group in test.groups] == [
        ("1", 138, 112, 112), ("2", 90, 53, 53)
    ]  # fmt: skip
    assert [group.expected for group in test.groups] == pytest.approx([91.5817390295728, 73.4182609704272])


def test_fleming_harrington():
    # survdiff(Surv(time, status) ~ ph.ecog, lung, rho = 1)
    test = log_rank(ECOG["time"], ECOG["status"], ECOG["ph.ecog"], rho=1)
    assert (test.chi_square, test.df) == (pytest.approx(23.395293370343, rel=1e-12), 3)
    assert [group.observed for group in test.groups] == pytest.approx(
        [19.876891264069709, 47.814229732923629, 30.001713859550023, 0.845546593953463], rel=1e-12
    )
    assert "S(t−)^1" in test.method


def test_strata():
    # survdiff(Surv(time, status) ~ sex + strata(ph.ecog), lung, rho = 0.5)
    test = log_rank(ECOG["time"], ECOG["status"], ECOG["sex"], rho=0.5, strata=ECOG["ph.ecog"])
    assert test.chi_square == pytest.approx(13.1605327753755, rel=1e-12)
    assert [group.observed for group in test.groups] == pytest.approx([86.2023732834962, 36.7963290147680])
    assert [group.expected for group in test.groups] == pytest.approx([68.6261366521461, 54.3725656461181])
    assert "stratified" in test.method


def test_left_truncation_and_trend_are_score_tests_of_cox():
    # Without ties: summary(coxph(Surv(entry, time + row * 1e-4, status) ~ sex, lung))$sctest
    row = np.arange(1, 229)
    entry = np.where(row % 3 == 0, LUNG["time"] // 2, 0)
    test = log_rank(LUNG["time"] + row * 1e-4, LUNG["status"], LUNG["sex"], entry=entry)
    assert test.chi_square == pytest.approx(11.4555266632064, rel=1e-9)
    # summary(coxph(Surv(time + row * 1e-4, status) ~ ph.ecog, lung))$sctest
    trend = log_rank_trend(ECOG["time"] + np.arange(1, 228) * 1e-4, ECOG["status"], ECOG["ph.ecog"])
    assert trend.chi_square == pytest.approx(17.8606131306334, rel=1e-9)
    assert trend.p == pytest.approx(2.37689917418738e-05, rel=1e-8)
    assert trend.z > 0


def test_trend_depends_on_the_spacing_of_the_scores_only():
    columns = TO_2["time"], TO_2["status"], TO_2["ph.ecog"]
    assert log_rank_trend(*columns, [10, 30, 50]).z == pytest.approx(log_rank_trend(*columns).z)
    assert log_rank_trend(*columns, [0, 1, 5]).z != pytest.approx(log_rank_trend(*columns).z)
    assert "stratified" in log_rank_trend(*columns, strata=TO_2["sex"]).method
    with pytest.raises(ValueError, match="one value for each group"):
        log_rank_trend(*columns, [0, 1])


def test_no_trend_without_events_or_differing_scores():
    assert log_rank_trend([], [], []).reason == "no events"
    assert log_rank_trend([1, 2], [0, 0], ["a", "b"]).reason == "no events"
    assert "two groups" in log_rank_trend([1, 2, 3], [1, 1, 0], ["a", "b", "b"], [1, 1]).reason


def test_pairs():
    # survdiff of each two of ph.ecog 0, 1, 2; p.adjust(p, "holm")
    found = pairwise_log_rank(TO_2["time"], TO_2["status"], TO_2["ph.ecog"])
    assert [(pair.first, pair.second) for pair in found.pairs] == [("0", "1"), ("0", "2"), ("1", "2")]
    assert [pair.test.p for pair in found.pairs] == pytest.approx(
        [6.29909490512577e-02, 4.41907402243336e-05, 3.68381485776989e-03], rel=1e-9
    )
    assert [pair.adjusted_p for pair in found.pairs] == pytest.approx(
        [0.062990949051257725, 0.000132572220673001, 0.007367629715539778], rel=1e-9
    )
    assert "Holm" in found.adjustment_method


def test_a_pair_that_cannot_be_tested_is_not_counted():
    durations, events = [1, 2, 3, 4, 1, 1], [1, 1, 1, 0, 0, 0]
    found = pairwise_log_rank(durations, events, list("ababcc"), Adjustment.BONFERRONI, strata=[0] * 6)
    p = {(pair.first, pair.second): (pair.test.p, pair.adjusted_p) for pair in found.pairs}
    assert p["b", "c"] == (None, None)
    assert p["a", "b"][1] == pytest.approx(min(1, 2 * p["a", "b"][0]))
    alone = pairwise_log_rank([3, 4, 1], [1, 1, 0], ["a", "b", "c"])
    assert [pair.adjusted_p is None for pair in alone.pairs] == [False, True, True]


def test_groups_never_at_risk_together():
    # In each stratum there is one group only; R's survdiff stops on a singular matrix.
    test = log_rank([1, 2, 3, 4], [1, 1, 1, 1], list("aabb"), strata=[1, 1, 2, 2])
    assert test.chi_square is None
    assert "two groups" in test.reason
    # a and b are compared in one stratum, c and d in the other: two degrees of freedom, not three.
    apart = log_rank(
        [1, 2, 3, 1, 2, 3] * 2, [1] * 12, list("aabbab") + list("ccddcd"), strata=[1] * 6 + [2] * 6
    )
    assert apart.df == 2


@few_examples
@given(rows_of_groups)
def test_frequencies_are_rows_repeated(rows):
    times, events, groups, frequencies, strata = rows
    one = log_rank(times, events, groups, frequencies=frequencies, strata=strata, rho=1)
    times, events, groups, strata = (
        np.repeat(column, frequencies) for column in (times, events, groups, strata)
    )
    same_test(one, log_rank(times, events, groups, strata=strata, rho=1))


@few_examples
@given(rows_of_groups)
def test_one_stratum_is_none_and_labels_are_names_only(rows):
    times, events, groups, _, strata = rows
    plain = log_rank(times, events, groups)
    same_test(plain, log_rank(times, events, groups, strata=np.full(strata.size, "all", dtype=object)))
    same_test(plain, log_rank(times, events, np.array(["z", "A", "10"])[groups]))


@few_examples
@given(rows_of_groups)
def test_a_shift_of_every_second_stratum_changes_nothing(rows):
    # Strata share no time scale; entry before all times in each keeps everyone at risk.
    times, events, groups, _, strata = rows
    moved = times + 100 * strata
    entry = np.where(strata == 1, 50, -1)
    same_test(
        log_rank(times, events, groups, strata=strata),
        log_rank(moved, events, groups, strata=strata, entry=entry),
    )


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        ([1], "strata must have 2 rows"),
        ([1, float("nan")], "strata contains missing"),
        (["x", None], "strata contains missing"),
    ],
)
def test_strata_are_refused_by_name(strata, message):
    with pytest.raises(ValueError, match=message):
        log_rank([1, 2], [1, 1], ["a", "b"], strata=strata)


def test_labels_are_sorted_as_a_reader_expects():
    labels, codes = coded_groups(["b", ">50", "Lev+5FU", "20-50", "Lev", "A"], 6)
    assert labels == (">50", "20-50", "A", "b", "Lev", "Lev+5FU")
    assert [labels[code] for code in codes] == ["b", ">50", "Lev+5FU", "20-50", "Lev", "A"]
    assert coded_groups([10.0, 9.0, 2.5], 3)[0] == ("2.5", "9", "10")
    assert coded_groups([True, False], 2)[0] == ("False", "True")
    for missing in ([1.0, float("nan")], ["a", None]):
        with pytest.raises(ValueError, match="groups contains missing"):
            coded_groups(missing, 2)


def test_twelve_months_are_compared_at_twelve_months():
    # th = log(-log(S)), v = (se / (S log S))²; S and se from summary(survfit(…), times = 365)
    two = compare_at(LUNG["time"], LUNG["status"], LUNG["sex"], 365)
    assert (two.chi_square, two.df) == (pytest.approx(6.206573947715347, rel=1e-10), 1)
    assert two.p == pytest.approx(0.012727672667574, rel=1e-10)
    assert [two.difference, two.difference_lower, two.difference_upper] == pytest.approx(
        [0.190375195546527, 0.045628175690708, 0.335122215402346], rel=1e-10
    )
    three = compare_at(TO_2["time"], TO_2["status"], TO_2["ph.ecog"], 365)
    assert (three.chi_square, three.df) == (pytest.approx(11.14872014823447799, rel=1e-10), 2)
    assert three.p == pytest.approx(0.00379390262198746, rel=1e-10)
    assert three.difference is None
    assert "365" in three.method


@pytest.mark.parametrize(
    ("durations", "events", "groups", "reason"),
    [
        ([1, 2], [1, 1], ["a", "a"], "fewer than two"),
        ([1, 2, 9, 9], [1, 0, 1, 1], list("aabb"), "a: beyond"),
        ([1, 9, 9, 9], [1, 0, 1, 1], list("aabb"), "b: at 0 or 100 %"),
    ],
)
def test_what_cannot_be_compared_at_a_time(durations, events, groups, reason):
    test = compare_at(durations, events, groups, 5)
    assert test.p is None
    assert test.reason.startswith(reason)


# R: the family below adjusted by p.adjust
R_ADJUSTED = {
    "holm": [0.07, 0.12, 0.12, 0.16, 0.6, 0.16, 0.9],
    "hochberg": [0.07, 0.11, 0.11, 0.12, 0.6, 0.12, 0.9],
    "hommel": [0.06, 0.08, 0.08, 0.12, 0.6, 0.12, 0.9],
    "bonferroni": [0.07, 0.14, 0.154, 0.28, 1, 0.28, 1],
    "BH": [0.0513333333333333, 0.0513333333333333, 0.0513333333333333, 0.056, 0.35, 0.056, 0.9],
    "BY": [0.1331, 0.1331, 0.1331, 0.1452, 0.9075, 0.1452, 1],
    "none": [0.01, 0.02, 0.022, 0.04, 0.3, 0.04, 0.9],
}


@pytest.mark.parametrize("adjustment", Adjustment)
def test_adjusted_p(adjustment):
    p = [0.01, 0.02, 0.022, 0.04, 0.3, 0.04, 0.9]
    assert adjust(p, adjustment).adjusted == pytest.approx(R_ADJUSTED[adjustment], rel=1e-12)
    with_gap = adjust([None, *p], adjustment)
    assert with_gap.adjusted[0] is None
    assert with_gap.adjusted[1:] == adjust(p, adjustment).adjusted
    assert with_gap.n == 7


def test_no_p_and_impossible_p():
    assert adjust([]).adjusted == ()
    with pytest.raises(ValueError, match="outside 0 to 1"):
        adjust([0.5, 1.5])
