"""ROC curves; expected values are those of R's pROC 1.18.0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_rossi

from analytics.statistics.roc import roc_curve
from analytics.statistics.roc_comparison import compare_roc

MARKER = np.array([0.2, 0.4, 0.4, 0.5, 0.7, 0.7, 0.8, 0.9, 1.0, 1.2])
CASE = np.array([0, 0, 1, 0, 1, 0, 1, 1, 0, 1])


@pytest.fixture(scope="module")
def rossi():
    return load_rossi()


def test_equals_r(rossi):
    # In R: r <- roc(arrest, prio, direction = "<"); var(r); ci.auc(r); coords(r, "best")
    curve = roc_curve(rossi["prio"], rossi["arrest"])
    assert curve.auc == pytest.approx(0.596367096987752, rel=1e-12)
    assert curve.variance == pytest.approx(0.000993479157085404, rel=1e-12)
    assert (curve.lower, curve.upper) == pytest.approx((0.53459000357, 0.658144190406), rel=1e-10)
    assert len(curve.thresholds) == curve.sensitivities.size == 18
    assert curve.thresholds[:4] == (None, 0.5, 1.5, 2.5)
    (best,) = curve.best
    assert (best.threshold, best.tp, best.tn, best.fp, best.fn) == (2.5, 63, 200, 118, 51)
    assert best.youden == pytest.approx(1.18156239655743)
    assert (best.ppv, best.npv) == pytest.approx((0.348066298342541, 0.796812749003984))


def test_a_marker_of_which_low_values_speak_for_the_event(rossi):
    # In R: r <- roc(arrest, age, direction = ">"); var(r); coords(r, "best"); r$thresholds
    curve = roc_curve(rossi["age"], rossi["arrest"], higher_means_case=False)
    assert curve.auc == pytest.approx(0.640337084850491, rel=1e-12)
    assert curve.variance == pytest.approx(0.000936489802884284, rel=1e-12)
    assert curve.best[0].threshold == 20.5
    assert curve.best[0].sensitivity == pytest.approx(0.456140350877193)
    assert curve.thresholds[:3] == (None, 43.5, 42.5)


def test_two_markers_of_the_same_patients(rossi):
    # In R: roc.test(roc(arrest, prio), roc(arrest, -age), method = "delong", paired = TRUE)
    test = compare_roc(rossi["prio"], -rossi["age"], rossi["arrest"])
    assert test.z == pytest.approx(-1.06750570228012, rel=1e-12)
    assert test.p == pytest.approx(0.285743540076165, rel=1e-12)
    assert (test.lower, test.upper) == pytest.approx((-0.1246998541553098, 0.0367598784298326), rel=1e-12)


def test_all_best_cut_offs_are_listed():
    """In floating point 0.6 + 0.7 is less than 0.4 + 0.9."""
    curve = roc_curve(np.arange(15), [1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1])
    assert [(cut.tp, cut.fp) for cut in curve.best] == [(3, 3), (2, 1)]


def test_a_marker_that_tells_nothing():
    curve = roc_curve([1, 1, 1, 1], [0, 1, 0, 1])
    assert (curve.auc, curve.variance, curve.thresholds) == (0.5, 0.0, (None, None))
    everyone, nobody = curve.best
    assert (everyone.threshold, everyone.npv, nobody.ppv) == (None, None, None)
    assert curve.to_json()["thresholds"] == [None, None]


def test_a_marker_that_tells_everything_has_no_variance_and_says_so():
    curve = roc_curve([1, 2, 3, 4], [0, 0, 1, 1])
    assert (curve.auc, curve.lower, curve.upper) == (1.0, 1.0, 1.0)
    assert "separates" in curve.reason
    twice = compare_roc([1, 2, 3, 4], [1, 2, 3, 5], [0, 0, 1, 1])
    assert (twice.difference, twice.p) == (0.0, 1.0)
    opposite = compare_roc([1, 2, 3, 4], [4, 3, 2, 1], [0, 0, 1, 1])
    assert (opposite.difference, opposite.p) == (1.0, None)
    assert "no variance" in opposite.reason


def test_neighbors_in_floating_point_have_a_threshold_between_them():
    low = 0.3
    high = float(np.nextafter(low, 1.0))
    assert roc_curve([low, high], [0, 1]).best[0].threshold == high


@pytest.mark.parametrize(
    ("case", "reason"),
    [([], "no patients"), ([1, 1], "no controls"), ([0, 0], "no cases"), ([1, 0], "a single case")],
)
def test_too_few_of_a_kind(case, reason):
    marker = list(range(len(case)))
    curve, test = roc_curve(marker, case), compare_roc(marker, marker, case)
    assert curve.variance is test.p is None
    assert reason in curve.reason
    assert reason in test.reason or not case


@pytest.mark.parametrize(
    ("marker", "case", "said"),
    [
        ([1, np.nan], [0, 1], "marker contains missing"),
        ([1, 2], [0, np.nan], "is_case contains missing"),
        ([1, 2], [0, 2], "other than 0 and 1"),
        ([1, 2, 3], [0, 1], "differ in length"),
    ],
)
def test_data_that_cannot_be_meant_are_refused(marker, case, said):
    with pytest.raises(ValueError, match=said):
        roc_curve(marker, case)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(10)))
def test_neither_row_order_nor_a_monotone_scale_matters(order):
    curve, other = roc_curve(MARKER, CASE), roc_curve(np.exp(MARKER[order]), CASE[order])
    assert (other.auc, other.variance) == pytest.approx((curve.auc, curve.variance))
    assert [cut.tp for cut in other.best] == [cut.tp for cut in curve.best]
    mirrored = roc_curve(-MARKER[order], CASE[order], higher_means_case=False)
    assert mirrored.auc == pytest.approx(curve.auc)
    assert roc_curve(MARKER, 1 - CASE).auc == pytest.approx(1 - curve.auc)
