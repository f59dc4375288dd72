"""Maximally selected log-rank statistics, against R's maxstat, permutation and what must not matter."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_gbsg2, load_larynx, load_leukemia
from scipy.special import chdtrc, ndtr

from analytics.statistics import cutpoint as module
from analytics.statistics.cutpoint import (
    NO_CUT,
    NO_DIFFERENCE,
    NO_EVENTS,
    Selection,
    cutpoint,
    gaussian,
    hothorn_lausen,
    lausen_92,
    lausen_94,
    log_rank_scores,
    maximally_selected,
)

TEN = (
    np.array([5, 8, 12, 3, 9, 14, 2, 7, 11, 6], dtype=float),
    np.array([1, 1, 0, 1, 1, 0, 1, 1, 1, 0], dtype=bool),
    np.array([1, 1, 1, 2, 2, 2, 2, 2, 2, 2], dtype=float),
)


def leukemia():
    rows = load_leukemia()
    return rows["t"].to_numpy(dtype=float), rows["status"].to_numpy(dtype=bool), rows["logWBC"].to_numpy()


def larynx():
    rows = load_larynx()
    return rows["time"].to_numpy(), rows["death"].to_numpy(dtype=bool), rows["age"].to_numpy(dtype=float)


# R: maxstat.test(Surv(time, event) ~ x, smethod = "LogRank", pmethod = "Lau92", "Lau94", "HL",
#                 minprop = shares[1], maxprop = shares[2]); survdiff(Surv(time, event) ~ I(x > cut))
@pytest.mark.parametrize(
    ("patients", "shares", "cut", "statistic", "lau92", "lau94", "hl"),
    [
        (leukemia, (0.1, 0.9), 2.73, 4.1586881508, 0.00127355404125, 0.000586792051538, 0.000332498807805),
        (larynx, (0.2, 0.8), 73, 2.26021305933, 0.211216179422, 0.187051990627, 0.283816744529),
        (lambda: TEN, (0.2, 0.5), 1, 0.281468029595, 1, 0.778351445962, 0.866666666667),
    ],
)
def test_maxstat(patients, shares, cut, statistic, lau92, lau94, hl):
    durations, events, marker = patients()
    found = cutpoint(
        durations, events, marker, min_proportion=shares[0], max_proportion=shares[1], resamples=9
    )
    assert found.cutpoint == cut
    assert found.statistic == pytest.approx(statistic, rel=1e-10)
    assert (found.p_lausen_92, found.p_lausen_94) == pytest.approx((lau92, lau94), rel=1e-9)
    assert found.p_hothorn_lausen == pytest.approx(hl, rel=1e-9)
    assert (found.below, found.above) == ((marker <= cut).sum(), (marker > cut).sum())


def test_the_naive_p_is_the_log_rank_test_at_the_cut():
    found = cutpoint(*leukemia(), resamples=99)
    assert found.p_naive == pytest.approx(chdtrc(1, 22.390194284), rel=1e-8)
    assert found.p_naive < min(
        found.p_gaussian, found.p_hothorn_lausen, found.p_lausen_92, found.p_permutation
    )


def test_log_rank_scores():
    # R: exactRankTests::cscores(Surv(time, event), type = "LogRank")
    ten = [0.6638888888889, 0.2972222222222, -1.2861111111111, 0.7888888888889, 0.0472222222222]
    assert log_rank_scores(*TEN[:2])[:5] == pytest.approx(ten, rel=1e-12)
    tied = [0.907051552344, 0.804241054208, 0.659014027573, -0.340985972427, 0.624531268953]
    assert log_rank_scores(*larynx()[:2])[:5] == pytest.approx(tied, rel=1e-11)


def test_the_gaussian_p_is_the_multivariate_normal_integral():
    # R: pmvnorm with GenzBretz(maxpts = 1e6, abseps = 1e-6), error 1e-4
    durations, events, marker = larynx()
    selection = maximally_selected(log_rank_scores(durations, events), marker, 0.2, 0.8)
    assert gaussian(selection) == pytest.approx(0.134821483547, abs=2e-4)
    # with one cut-off it is the two-sided normal p
    one = maximally_selected(log_rank_scores(*TEN[:2]), TEN[2], 0.2, 0.5)
    assert (one.cuts.tolist(), gaussian(one)) == ([1.0], pytest.approx(0.778351445962, rel=1e-9))


def test_a_tiny_gaussian_p_keeps_its_digits():
    # cut-offs this far apart are almost independent: the p of two tests
    apart = Selection(100, np.array([1.0, 2.0]), np.array([10, 90]), np.array([8.0, 7.0]))
    assert gaussian(apart) == pytest.approx(2 * 2 * ndtr(-8), rel=1e-6)


def test_the_resampled_p_approaches_that_of_all_permutations():
    durations, events, _ = (column[:7] for column in TEN)
    marker = np.array([3.0, 1, 4, 1, 5, 9, 2])
    scores = log_rank_scores(durations, events)
    observed = maximally_selected(scores, marker, 0.2, 0.8).statistic
    everyone = [
        maximally_selected(scores[list(order)], marker, 0.2, 0.8).statistic
        for order in permutations(range(7))
    ]
    exact = np.mean(np.array(everyone) >= observed - 1e-9)
    found = cutpoint(durations, events, marker, min_proportion=0.2, max_proportion=0.8)
    assert found.p_permutation == pytest.approx(exact, abs=0.02)  # four standard errors of 9,999 resamples


def test_hothorn_lausen_with_one_cut_is_the_two_sided_permutation_p():
    scores, marker = np.array([0.0, 1, 2, 3]), np.array([1.0, 1, 2, 2])
    assert hothorn_lausen(scores, marker, 0.3, 0.7) == pytest.approx(2 / 6)
    assert hothorn_lausen(scores / 2, marker, 0.3, 0.7) == pytest.approx(2 / 6)


def test_hothorn_lausen_is_for_small_samples():
    rows = load_gbsg2().iloc[:200]
    found = cutpoint(rows["time"], rows["cens"], rows["pnodes"], resamples=99)
    assert found.p_hothorn_lausen is None
    assert found.reason is None
    assert found.p_lausen_94 < 0.01


def test_the_approximations_are_no_probabilities_until_reported():
    assert lausen_92(0.9) == 1
    assert lausen_92(1.2, 0.001, 0.999) > 1
    below = np.arange(9, 85)
    assert lausen_94(Selection(94, below.astype(float), below, np.full(below.size, 1.2))) > 1
    found = cutpoint(*TEN[:2], np.arange(10) % 7, min_proportion=0.001, max_proportion=0.999, resamples=9)
    assert 1 < found.statistic < 1.2
    assert found.p_lausen_92 == 1


def test_seeded():
    assert cutpoint(*TEN, resamples=50, seed=3).to_json() == cutpoint(*TEN, resamples=50, seed=3).to_json()
    some = {
        cutpoint(*leukemia()[:2], larynx()[2][:42], resamples=50, seed=seed).p_permutation
        for seed in range(4)
    }
    assert len(some) > 1


def test_batches_do_not_change_how_many_resamples_there_are(monkeypatch):
    whole = cutpoint(*TEN, resamples=25).p_permutation
    monkeypatch.setattr(module, "_BATCH", 10)
    assert cutpoint(*TEN, resamples=25).p_permutation == whole


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(10)), st.sampled_from([0.5, 30.4]), st.sampled_from([np.exp, np.sqrt]))
def test_order_unit_and_rising_functions_of_the_marker_do_not_matter(order, unit, rising):
    durations, events, marker = (column[order] for column in (*TEN[:2], np.arange(10.0)))
    one = cutpoint(*TEN[:2], np.arange(10), resamples=1)
    same = cutpoint(unit * durations, events, rising(marker), resamples=1)
    assert same.cutpoint == rising(float(one.cutpoint))
    for name in ("statistic", "p_gaussian", "p_hothorn_lausen", "p_lausen_92", "p_lausen_94", "p_naive"):
        assert getattr(same, name) == pytest.approx(getattr(one, name), rel=1e-9)


@pytest.mark.parametrize(
    ("durations", "events", "marker", "reason"),
    [
        ([], [], [], NO_EVENTS),
        ([1, 2, 3], [0, 0, 0], [1, 2, 3], NO_EVENTS),
        ([5, 5, 5], [1, 1, 1], [1, 2, 3], NO_DIFFERENCE),
        ([1, 2, 3], [1, 1, 1], [7, 7, 7], NO_CUT),
        ([1], [1], [7], NO_DIFFERENCE),
    ],
)
def test_nothing_to_choose(durations, events, marker, reason):
    found = cutpoint(durations, events, marker)
    assert (found.reason, found.cutpoint, found.p_naive) == (reason, None, None)
    assert found.to_json()


@pytest.mark.parametrize(
    ("marker", "shares", "message"),
    [
        ([1, 2, np.nan], (0.1, 0.9), "marker contains missing"),
        ([1, 2], (0.1, 0.9), "marker and durations differ in length"),
        ([1, 2, 3], (0.0, 0.9), "0 < min ≤ max < 1"),
        ([1, 2, 3], (0.8, 0.2), "0 < min ≤ max < 1"),
    ],
)
def test_refused_arguments(marker, shares, message):
    with pytest.raises(ValueError, match=message):
        cutpoint([1, 2, 3], [1, 1, 0], marker, min_proportion=shares[0], max_proportion=shares[1])
