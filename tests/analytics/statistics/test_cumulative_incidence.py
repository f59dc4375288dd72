"""Cumulative incidence beside competing events; expected values are those of R's cmprsk 2.2-11."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.competing_risks import competing_risks
from analytics.statistics.cumulative_incidence import cumulative_incidence, incidence_at
from analytics.statistics.kaplan_meier import kaplan_meier
from tests.analytics.statistics.competing import TIMES, TYPES


@pytest.mark.parametrize(
    ("cause", "incidence", "variance"),
    [
        # In R: timepoints(cuminc(time, type), c(1, 3, 8, 15, 24))
        (
            1,
            [0.0, 0.0679012345679012, 0.213829326402426, 0.389031315891290, 0.459307163017635],
            [0.0, 0.00223075279445562, 0.00628033466335024, 0.01028261446261605, 0.0133027537836205],
        ),
        (
            2,
            [1 / 30, 0.0679012345679012, 0.141812865497076, 0.273644617902253, 0.435279066292847],
            [1 / 900, 0.00222952948103783, 0.00452690347646743, 0.00856245173396711, 0.020308374785064],
        ),
    ],
)  # fmt: skip
def test_equals_r(cause, incidence, variance):
    at = incidence_at(cumulative_incidence(TIMES, TYPES, cause), [1, 3, 8, 15, 24])
    assert [row.incidence for row in at] == pytest.approx(incidence, rel=1e-12)
    assert [row.variance for row in at] == pytest.approx(variance, rel=1e-12)


def test_interval_is_symmetric_on_the_log_log_scale():
    curve = cumulative_incidence(TIMES, TYPES, 1)
    middle = (np.log(-np.log(curve.lower)) + np.log(-np.log(curve.upper))) / 2
    assert middle == pytest.approx(np.log(-np.log(curve.incidence)))
    assert np.all((curve.lower > 0) & (curve.upper < 1))


def test_the_types_and_the_event_free_add_up_to_everybody():
    event_free = kaplan_meier(TIMES, TYPES > 0)
    at = [3, 9, 14, 22]
    shares = [
        sum(row.incidence for row in rows)
        for rows in zip(
            *(incidence_at(cumulative_incidence(TIMES, TYPES, k), at) for k in (1, 2)), strict=True
        )
    ]
    survival = event_free.survival[np.searchsorted(event_free.times, at, side="right") - 1]
    assert shares == pytest.approx(1 - survival)


def test_without_competing_events_it_is_one_minus_kaplan_meier():
    observed = TYPES == 1
    curve, kept = cumulative_incidence(TIMES, observed.astype(int)), kaplan_meier(TIMES, observed)
    rows = np.searchsorted(kept.times, curve.times)
    assert curve.incidence == pytest.approx(1 - kept.survival[rows])
    assert curve.competing_events == 0


def test_everybody_has_had_the_event():
    last = incidence_at(cumulative_incidence([1, 2, 2, 3], [1, 1, 1, 1]), [3])[0]
    assert (last.incidence, last.lower, last.upper) == (pytest.approx(1.0), 1.0, 1.0)
    # In R: cuminc(c(1, 2, 3), c(1, 2, 1)): the last patient at risk has the event, and nobody follows.
    assert cumulative_incidence([1, 2, 3], [1, 2, 1]).variance == pytest.approx([1 / 9, 1 / 4])


def test_nothing_is_said_beyond_the_last_observation():
    before, beyond = incidence_at(cumulative_incidence([2, 5, 7], [2, 1, 0]), [1, 8])
    assert (before.incidence, before.lower) == (0.0, None)
    assert beyond.incidence is None
    assert "extrapolated" in beyond.reason


def test_a_type_that_never_happened_and_no_patients():
    curve = cumulative_incidence(TIMES, TYPES, 3)
    assert (curve.events, curve.times.size) == (0, 0)
    assert incidence_at(curve, [24])[0].incidence == 0.0
    nobody = cumulative_incidence([], [])
    assert nobody.reason == "no patients"
    assert incidence_at(nobody, [1])[0].reason == "no patients"
    assert nobody.to_json()["incidence"] == []


@pytest.mark.parametrize(
    ("durations", "types", "said"),
    [
        ([1, 2], [1, np.nan], "event_types contains missing"),
        ([1, np.nan], [1, 2], "durations contains missing"),
        ([1, 2], [1, 0.5], "not whole numbers"),
        ([1, 2, 3], [1, 2], "differ in length"),
    ],
)
def test_data_that_cannot_be_meant_are_refused(durations, types, said):
    with pytest.raises(ValueError, match=said):
        competing_risks(durations, types, 1)


def test_censoring_is_no_cause():
    with pytest.raises(ValueError, match="cause 0"):
        cumulative_incidence(TIMES, TYPES, 0)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(30)), st.sampled_from([1 / 30.4375, 7.0, 365.25]))
def test_neither_row_order_nor_time_unit_matters(order, unit):
    curve = cumulative_incidence(TIMES, TYPES)
    other = cumulative_incidence(TIMES[order] * unit, TYPES[order])
    assert other.times == pytest.approx(curve.times * unit)
    assert other.incidence == pytest.approx(curve.incidence)
    assert other.variance == pytest.approx(curve.variance)
