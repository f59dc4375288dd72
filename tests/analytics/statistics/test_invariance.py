"""What must not matter to an estimate: the order of rows, the unit of time, where a covariate is centered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.cox import Status, cox
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.log_rank import log_rank
from analytics.statistics.median_collett import median_collett
from analytics.statistics.survival_probability import number_at_risk
from analytics.statistics.survival_quantile import survival_quantile

patients = st.lists(
    st.tuples(st.integers(1, 40), st.booleans(), st.sampled_from("ab"), st.integers(0, 9)),
    min_size=1,
    max_size=30,
)
few_examples = settings(max_examples=25, deadline=None)


def columns(rows):
    durations, events, groups, marker = zip(*rows, strict=True)
    return np.array(durations), np.array(events), np.array(groups), np.array(marker, dtype=float)


@few_examples
@given(patients, st.randoms(use_true_random=False))
def test_row_order_changes_nothing(rows, random):
    durations, events, groups, _ = columns(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    other_durations, other_events, other_groups, _ = columns(shuffled)
    curve, same = kaplan_meier(durations, events), kaplan_meier(other_durations, other_events)
    assert curve.to_json() == same.to_json()
    one, other = log_rank(durations, events, groups), log_rank(other_durations, other_events, other_groups)
    assert one.groups == other.groups
    assert one.p == (None if other.p is None else pytest.approx(other.p, rel=1e-9))


@few_examples
@given(patients)
def test_a_curve_accounts_for_every_patient(rows):
    durations, events, _, _ = columns(rows)
    curve = kaplan_meier(durations, events)
    assert curve.events_at.sum() == events.sum() == curve.events
    assert curve.events_at.sum() + curve.censored_at.sum() == len(rows)
    assert np.all(np.diff(curve.survival) <= 0)
    known = ~np.isnan(curve.lower)
    assert np.all(curve.lower[known] <= curve.survival[known])
    assert np.all(curve.survival[known] <= curve.upper[known])
    assert number_at_risk(curve, curve.times) == tuple(curve.at_risk)


@few_examples
@given(patients, st.sampled_from([0.25, 4.0, 1024.0]))
def test_unit_of_time(rows, factor):
    durations, events, groups, _ = columns(rows)
    days, other = kaplan_meier(durations, events), kaplan_meier(durations * factor, events)
    assert np.array_equal(other.survival, days.survival)
    for read in (survival_quantile, median_collett):
        one, scaled = read(days), read(other)
        for name in ("value", "lower", "upper"):
            expected = getattr(one, name)
            assert getattr(scaled, name) == (
                None if expected is None else pytest.approx(expected * factor, rel=1e-9)
            )
    one, scaled = log_rank(durations, events, groups), log_rank(durations * factor, events, groups)
    assert one.p == (None if scaled.p is None else pytest.approx(scaled.p, rel=1e-9))


@few_examples
@given(patients, st.integers(-5, 5))
def test_cox_is_finite_and_indifferent_to_the_origin_of_a_covariate(rows, shift):
    durations, events, _, marker = columns(rows)
    model = cox(durations, events, marker, ["marker"])
    moved = cox(durations, events, marker + shift, ["marker"])
    assert model.status is moved.status
    term = model.terms[0]
    if model.status is Status.ESTIMATED:
        assert term.log_hazard_ratio == pytest.approx(moved.terms[0].log_hazard_ratio, rel=1e-6, abs=1e-8)
        assert 0 < term.lower <= term.hazard_ratio <= term.upper < 1e12
    else:
        assert term.hazard_ratio is None
        assert term.reason


@few_examples
@given(patients)
def test_swapping_a_binary_covariate_inverts_its_hazard_ratio(rows):
    durations, events, groups, _ = columns(rows)
    model = cox(durations, events, groups == "a", ["a"])
    mirror = cox(durations, events, groups == "b", ["b"])
    assert model.status is mirror.status
    if model.status is Status.ESTIMATED:
        assert model.terms[0].log_hazard_ratio == pytest.approx(
            -mirror.terms[0].log_hazard_ratio, rel=1e-6, abs=1e-9
        )
