"""Likelihoods of resamples evaluated together are those of the resampled rows, one by one."""

import numpy as np
import pytest

from analytics.statistics.cox_data import CoxData, Ties, cox_data
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.replicate_likelihood import ReplicateDesign, ReplicateLikelihoods

N, P, B = 60, 3, 5
NAMES = ("a", "b", "c")


def arrays(*options: str) -> dict[str, np.ndarray]:
    random = np.random.default_rng(4)
    durations = np.ceil(random.exponential(12, N)) + 1
    given = {
        "durations": durations,
        "event_observed": random.random(N) < 0.7,
        "covariates": random.normal(size=(N, P)),
        "strata": random.integers(0, 3, N),
        "entry": np.floor(durations * 0.9 * random.random(N)) * (random.random(N) < 0.5),
        "offset": random.normal(size=N),
    }
    return {name: given[name] for name in ("durations", "event_observed", "covariates", *options)}


def frequencies() -> np.ndarray:
    random = np.random.default_rng(5)
    return np.array([np.bincount(random.integers(0, N, N), minlength=N) for _ in range(B)], dtype=float)


def resampled(given: dict[str, np.ndarray], counts: np.ndarray, ties: Ties) -> CoxData:
    rows = np.repeat(np.arange(N), counts.astype(int))
    return cox_data(**{name: values[rows] for name, values in given.items()}, names=NAMES, ties=ties)


@pytest.mark.parametrize("ties", Ties)
@pytest.mark.parametrize("options", [(), ("strata",), ("entry",), ("offset",), ("strata", "entry", "offset")])
def test_equal_to_the_likelihood_of_the_resampled_rows(ties: Ties, options: tuple[str, ...]) -> None:
    given = arrays(*options)
    design = ReplicateDesign(cox_data(**given, names=NAMES, ties=ties))
    likelihoods = ReplicateLikelihoods(design, frequencies()[:, design.sets.order])
    coef = np.random.default_rng(6).normal(size=(B, P)) / 2
    together = likelihoods(coef)
    for replicate, counts in enumerate(frequencies()):
        alone = PartialLikelihood(resampled(given, counts, ties))
        unit = alone.scale / design.likelihood.scale  # each standardizes its covariates by its own rows
        log_likelihood, gradient, information = alone(coef[replicate] * unit)
        assert together.log_likelihood[replicate] == pytest.approx(log_likelihood, rel=1e-12)
        np.testing.assert_allclose(together.gradient[replicate], gradient * unit, atol=1e-10)
        np.testing.assert_allclose(
            together.information[replicate], information * np.outer(unit, unit), atol=1e-10
        )


def test_the_baseline_hazard_is_that_of_the_resampled_rows() -> None:
    given = arrays()
    design = ReplicateDesign(cox_data(**given, names=NAMES))
    counts = frequencies()[0]
    coef = np.random.default_rng(6).normal(size=(1, P)) / 2
    increments, unit = ReplicateLikelihoods(design, counts[None, design.sets.order]).baseline_increments(coef)
    standardized = (given["covariates"] - design.likelihood.center) / design.likelihood.scale
    hazard = counts * np.exp(standardized @ coef[0] - unit[0])
    for group, time in enumerate(design.sets.times):
        dying = (given["durations"] == time) & given["event_observed"]
        events = int(counts[dying].sum())
        at_risk, tied = hazard[given["durations"] >= time].sum(), hazard[dying].sum()
        expected = sum(1 / (at_risk - rank / events * tied) for rank in range(events))
        assert increments[0, group] == pytest.approx(expected, rel=1e-10)


def test_separation_is_seen_along_a_direction_that_puts_every_event_ahead() -> None:
    durations, x = np.arange(1.0, 9.0), np.arange(8.0, 0.0, -1.0)
    data = cox_data(durations, np.ones(8), np.column_stack((x, x % 3)), ("ordered", "not"))
    likelihoods = ReplicateLikelihoods(ReplicateDesign(data), np.ones((4, 8)))
    directions = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert likelihoods.separated_along(directions).tolist() == [True, False, False, False]
