"""Restricted cubic splines: values of R's Hmisc 4.8-0 and survival 3.5-3."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_lung

from analytics.statistics.cox import REASONS, Status, cox, fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.likelihood_ratio import likelihood_ratio
from analytics.statistics.splines import PERCENTILES, hazard_ratio_curve, restricted_cubic_spline

LUNG = load_lung()[["time", "status", "age", "ph.ecog"]].dropna()


def test_agrees_with_r():
    spline = restricted_cubic_spline("age", LUNG["age"])
    # In R: k <- quantile(age, c(.05, .35, .65, .95)); b <- rcspline.eval(age, knots = k, inclx = TRUE)
    assert spline.knots == pytest.approx((45.3, 59.0, 67.0, 75.0))
    assert spline.percentiles == (5, 35, 65, 95)
    assert spline.basis([74, 68, 56]) == pytest.approx(
        np.array(
            [[74, 25.35627373624008, 3.048441768980489], [68, 13.25643698488818, 0.824178938657053],
             [56, 1.38879592785317, 0]]
        ), rel=1e-12)  # fmt: skip
    data = cox_data(LUNG["time"], LUNG["status"], spline.basis(LUNG["age"]), spline.names)
    model = fit(data)
    # f <- coxph(Surv(time, status) ~ b)
    assert model.coefficients == pytest.approx([0.0400667353012868, -0.071941741290017, 0.4371420938987924])
    curve = hazard_ratio_curve(model, spline, [50, 60, 70], reference=60)
    assert curve.hazard_ratio == pytest.approx([0.860227140182297, 1, 1.073848167545391], rel=1e-9)
    assert curve.lower == pytest.approx([0.615550395302710, 1, 0.770698482895105], rel=1e-9)
    assert curve.upper == pytest.approx([1.2021610876268, 1, 1.4962399855892], rel=1e-9)
    # anova(coxph(Surv(time, status) ~ age), f)
    test = likelihood_ratio(data, model, spline.names[1:])
    assert (test.chi_square, test.df) == (pytest.approx(2.05191, rel=1e-5), 2)


@pytest.mark.parametrize("knots", PERCENTILES)
def test_straight_beyond_the_outer_knots_and_smooth_between(knots):
    values = np.linspace(0, 100, 1001)
    spline = restricted_cubic_spline("x", values, knots)
    assert spline.names == tuple("x" + "'" * order for order in range(knots - 1))
    below, above = np.linspace(-50, spline.knots[0], 9), np.linspace(spline.knots[-1], 150, 9)
    for beyond in (below, above):
        assert np.diff(spline.basis(beyond), 2, axis=0) == pytest.approx(0, abs=1e-8)
    around = np.array(spline.knots)[:, None] + [-1e-3, 0, 1e-3]
    second = np.diff(spline.basis(around).reshape(knots, 3, -1), 2, axis=1)
    assert np.abs(second).max() < 1e-5


def test_stated_percentiles():
    spline = restricted_cubic_spline("x", range(101), percentiles=[90, 10, 50])
    assert (spline.percentiles, spline.knots) == ((10, 50, 90), (10, 50, 90))
    assert spline.to_json()["knots"] == [10, 50, 90]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": range(9), "knots": 2}, "knots must be one of 3, 4, 5, 6, 7"),
        ({"values": range(9), "percentiles": [10, 90]}, "percentiles must be three or more"),
        ({"values": [0, 0, 0, 1, 1, 1]}, "marker has too few distinct values for 4 knots"),
        ({"values": [1, np.nan, 3]}, "marker contains missing"),
        ({"values": []}, "marker has no values"),
    ],
)
def test_what_is_wrong_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        restricted_cubic_spline("marker", **arguments)


def test_a_curve_needs_the_spline_in_the_model():
    spline = restricted_cubic_spline("age", LUNG["age"])
    with pytest.raises(ValueError, match="no spline of age"):
        hazard_ratio_curve(cox(LUNG["time"], LUNG["status"], LUNG["age"], ["age"]), spline, [50], 60)


def test_a_model_without_estimate_has_no_curve():
    spline = restricted_cubic_spline("x", range(9), 3)
    model = cox(range(9), np.zeros(9), spline.basis(range(9)), spline.names)
    curve = hazard_ratio_curve(model, spline, [2], 4)
    assert (curve.reason, curve.hazard_ratio.size) == (REASONS[Status.NO_EVENTS], 0)
