"""Median follow-up, and what a tie of death and end of observation does to it."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines.datasets import load_lung

from analytics.statistics.follow_up import follow_up
from analytics.statistics.kaplan_meier import ConfType, kaplan_meier
from analytics.statistics.median_collett import median_collett

LUNG = load_lung()
MONTHS = np.ceil(LUNG["time"] / 30.4375)


def test_lung_in_months():
    # quantile(survfit(Surv(months, 1 - status) ~ 1, conf.type = "log-log"))
    plain = follow_up(MONTHS, LUNG["status"])
    assert (plain.median, plain.lower, plain.upper, plain.q1, plain.q3) == (25, 17, 28, 10, 32)
    assert (plain.n, plain.events) == (228, 63)
    # deaths a little earlier: quantile(survfit(Surv(months - 0.001 * status, 1 - status) ~ 1))
    strict = follow_up(MONTHS, LUNG["status"], strict=True, conf_type=ConfType.LOG)
    assert (strict.median, strict.lower, strict.upper, strict.q1, strict.q3) == (20, 17, 32, 10, 28)
    # quantile(prodlim(Hist(months, status) ~ 1, reverse = TRUE))
    assert strict.first_below_half == 20


def test_a_curve_that_falls_from_above_one_half_to_zero():
    strict = follow_up([1, 2, 3], [1, 1, 0], strict=True)
    assert strict.median == 3
    assert strict.first_below_half is None  # as prodlim, which leaves out where the curve is 0
    assert strict.naive_median == 2
    assert strict.alive_median == 3


def test_a_death_on_the_day_observation_ends():
    durations, died = [2, 2, 4], [1, 0, 0]
    assert follow_up(durations, died).median == 4  # 2/3 after day 2
    strict = follow_up(durations, died, strict=True)
    assert strict.median == 3  # 1/2 from day 2 to day 4
    assert "before" in strict.method


def test_collett_says_what_its_slope_is():
    # The formula by hand: u and l around the median 310 of lung, f between them, se(S(310)) / f
    median = median_collett(kaplan_meier(LUNG["time"], LUNG["status"]))
    assert (median.value, median.before, median.after) == (310, 285, 351)
    assert median.density == pytest.approx(0.00161822178729997, rel=1e-12)
    assert median.std_err == pytest.approx(21.7725076520478, rel=1e-12)
    assert median.upper == pytest.approx(352.673330851136, rel=1e-12)
