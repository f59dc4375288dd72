"""A thousand Cox models at once are the same as one after the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_rossi

from analytics.statistics import replicate_newton
from analytics.statistics.cox import Status, fit
from analytics.statistics.cox_bootstrap import (
    NO_REPLICATE,
    cox_bootstrap,
    fit_replicates,
    frequencies_of,
    resampled_rows,
)
from analytics.statistics.cox_data import CoxData, Ties, cox_data

COVARIATES = ["fin", "age", "prio", "mar"]

# The rows i of resampled_rows(432, 3, 7), counted from 1:
# coxph(Surv(week, arrest) ~ fin + age + prio + mar, rossi[i, ], eps = 1e-13)
R_COEFFICIENTS = [
    [-0.62998175822308, -0.10601458827315, 0.01140708103153, -0.22428870794348],
    [-0.44984237541571, -0.08904632843703, 0.07967354433874, 0.18100810825303],
    [-0.46601435237866, -0.06520872648077, 0.09700127173686, -1.35353710422963],
]


def rossi() -> CoxData:
    frame = load_rossi()
    return cox_data(frame.week, frame.arrest, frame[COVARIATES], COVARIATES)


def small(seed: int, n: int = 24, p: int = 4, **options: object) -> CoxData:
    """A sample so small that many resamples are separated or lose a covariate."""
    random = np.random.default_rng(seed)
    x = np.column_stack((random.normal(size=(n, p - 2)), random.random((n, 2)) < 0.2))
    durations = np.ceil(random.exponential(6, n) * np.exp(-x[:, 0])) + 1
    return cox_data(durations, random.random(n) < 0.6, x, [f"x{i}" for i in range(p)], **options)  # type: ignore[arg-type]


def refitted(data: CoxData, rows: np.ndarray) -> tuple[Status, np.ndarray]:
    model = fit(
        cox_data(
            data.times[rows],
            data.events[rows],
            data.covariates[rows],
            data.names,
            entry=None if data.entry is None else data.entry[rows],
            strata=None if data.strata is None else data.strata[rows],
            ties=data.ties,
        )
    )
    return model.status, model.coefficients


def assert_equal_to_refitting(data: CoxData, rows: np.ndarray) -> set[Status]:
    found = fit_replicates(data, frequencies_of(rows, data.times.size), fit(data))
    estimated = iter(found.coefficients)
    for status, drawn in zip(found.statuses, rows, strict=True):
        expected_status, expected = refitted(data, drawn)
        assert status is expected_status
        if status is Status.ESTIMATED:
            np.testing.assert_allclose(next(estimated), expected, rtol=1e-7, atol=1e-8)
    return set(found.statuses)


def test_the_same_as_r() -> None:
    data = rossi()
    found = fit_replicates(data, frequencies_of(resampled_rows(432, 3, 7), 432), fit(data))
    np.testing.assert_allclose(found.coefficients, R_COEFFICIENTS, rtol=1e-9)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), ties=st.sampled_from(list(Ties)))
def test_equal_to_refitting_the_resampled_rows(seed: int, ties: Ties) -> None:
    assert_equal_to_refitting(small(seed, ties=ties), resampled_rows(24, 6, seed))


def test_separated_replicates_are_told_from_those_with_a_distant_maximum() -> None:
    # Few events of many covariates: some maxima lie far out, some do not exist, and some of the latter are
    # recognized by the linear program only.
    random = np.random.default_rng(0)
    x = random.normal(size=(30, 8))
    durations = np.ceil(random.exponential(24, 30) * np.exp(x @ np.resize([-1.0, 1.0, 0.0], 8)))
    data = cox_data(durations, random.random(30) < 0.6, x, [f"x{i}" for i in range(8)])
    statuses = assert_equal_to_refitting(data, resampled_rows(30, 12, 1))
    assert {Status.ESTIMATED, Status.SEPARATION} <= statuses


def test_what_is_undecided_after_the_iterations_is_fitted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    data, rows = small(7), resampled_rows(24, 6, 7)
    decided = assert_equal_to_refitting(data, rows)
    monkeypatch.setattr(replicate_newton, "_MAX_ITERATIONS", 2)
    assert assert_equal_to_refitting(data, rows) == decided == {Status.ESTIMATED, Status.SEPARATION}


def test_strata_and_left_truncation() -> None:
    random = np.random.default_rng(3)
    durations = np.ceil(random.exponential(9, 60)) + 1
    late = np.floor(durations * random.random(60) * 0.8) * (random.random(60) < 0.5)
    data = cox_data(
        durations,
        random.random(60) < 0.7,
        random.normal(size=(60, 2)),
        ("a", "b"),
        entry=late,
        strata=random.integers(0, 2, 60),
    )
    assert assert_equal_to_refitting(data, resampled_rows(60, 8, 2)) == {Status.ESTIMATED}


def test_every_failure_is_counted_with_its_reason() -> None:
    data = cox_data(
        [1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 0, 1, 0, 1, 0, 0], [[1], [0], [1], [0], [0], [1], [1], [0]], ("x",)
    )
    rows = np.array(
        [
            [0, 1, 2, 3, 4, 5, 6, 7],
            [2, 2, 4, 4, 6, 6, 7, 7],  # nobody has an event
            [0, 0, 2, 2, 5, 5, 6, 6],  # x is 1 in all
            [0, 0, 0, 4, 4, 7, 7, 7],  # every event has x = 1, everyone after it 0
        ]
    )
    found = cox_bootstrap(data, fit(data), resamples=rows)
    assert found.failures == {Status.NO_EVENTS: 1, Status.CONSTANT: 1, Status.SEPARATION: 1}
    assert (found.replicates, found.estimated, found.seed, found.reason) == (4, 1, None, None)
    assert found.terms[0].std_err is None  # of one replicate there is no spread
    assert found.terms[0].replicates == 1


def test_no_estimate_at_all_says_so() -> None:
    data = cox_data([1, 2, 3, 4], [1, 1, 0, 1], [1.0, 0.0, 1.0, 0.0], ("x",))
    found = cox_bootstrap(data, fit(data), resamples=[[2, 2, 2, 2]])
    assert found.reason == NO_REPLICATE
    censored = cox_data([1, 2], [0, 0], [1.0, 0.0], ("x",))
    found = cox_bootstrap(censored, fit(censored), 5)
    assert (found.reason, found.failures) == (NO_REPLICATE, {Status.NO_EVENTS: 5})


def test_a_covariate_dropped_in_a_replicate_does_not_count_as_zero() -> None:
    data = cox_data(
        [1, 2, 3, 4, 5, 6, 7, 8],
        [1, 1, 0, 1, 1, 1, 0, 0],
        [[1, 0.3], [0, 0.1], [1, -0.2], [0, 0.8], [0, -0.7], [0, 0.2], [1, -0.9], [0, 0.5]],
        ("rare", "x"),
    )
    rows = [[0, 1, 2, 3, 4, 5, 6, 7], [1, 1, 3, 3, 4, 5, 7, 7], [0, 0, 1, 2, 3, 4, 5, 6]]
    rare, x = cox_bootstrap(data, fit(data), resamples=rows).terms
    assert (rare.replicates, x.replicates) == (2, 3)


def test_seeded_and_its_first_replicates_do_not_depend_on_their_number() -> None:
    data = rossi()
    model = fit(data)
    first, again, other = (cox_bootstrap(data, model, 20, seed) for seed in (1, 1, 2))
    assert first == again
    assert first.terms != other.terms
    np.testing.assert_array_equal(resampled_rows(9, 50, 3)[:20], resampled_rows(9, 20, 3))


def test_the_interval_lies_around_the_estimate_and_widens_with_its_level() -> None:
    data = rossi()
    wide, narrow = (cox_bootstrap(data, fit(data), 200, conf_level=level).terms[1] for level in (0.95, 0.5))
    assert wide.lower < narrow.lower < wide.log_hazard_ratio < narrow.upper < wide.upper  # type: ignore[operator]
    assert wide.std_err == pytest.approx(0.0208, rel=0.2)  # the Wald standard error of age
    assert wide.to_json()["replicates"] == 200  # type: ignore[index,call-overload]


@pytest.mark.parametrize("rows", [[[0, 432]], [[-1, 0]], [[0.5, 1.0]], [0, 1]])
def test_resamples_that_are_not_rows_are_refused(rows: list[object]) -> None:
    data = rossi()
    with pytest.raises(ValueError, match="resamples must be numbers of rows from 0 to 431"):
        cox_bootstrap(data, fit(data), resamples=rows)


@pytest.mark.parametrize("option", ["weights", "frequencies", "cluster"])
def test_weighted_or_clustered_rows_are_refused(option: str) -> None:
    data = cox_data([1, 2, 3, 4], [1, 1, 0, 1], [1.0, 0.0, 1.0, 0.5], ("x",), **{option: [1, 1, 2, 1]})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot be resampled"):
        cox_bootstrap(data, fit(data), 5)
