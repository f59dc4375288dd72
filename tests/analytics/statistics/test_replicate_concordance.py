"""The concordance of many scores at once is that of each, in the resample and in the patients."""

import numpy as np
import pytest

from analytics.statistics.concordance import concordance
from analytics.statistics.cox_data import cox_data
from analytics.statistics.replicate_concordance import ReplicateConcordance


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("tied_scores", [False, True])
@pytest.mark.parametrize("n", [2, 3, 30, 65])
def test_equal_to_one_after_the_other(n: int, tied_scores: bool, stratified: bool) -> None:
    random = np.random.default_rng(n)
    durations, events = random.integers(1, 12, n), random.random(n) < 0.6
    strata = random.integers(0, 3, n) if stratified else None
    scores = random.normal(size=(6, n))
    scores = np.round(scores) if tied_scores else scores
    frequencies = np.array([np.bincount(random.integers(0, n, n), minlength=n) for _ in scores], dtype=float)
    data = cox_data(durations, events, np.zeros((n, 1)), ("x",), strata=strata)
    resampled, original = ReplicateConcordance(data)(scores, frequencies)
    for score, counts, inside, outside in zip(scores, frequencies, resampled, original, strict=True):
        for weights, found in ((counts, inside), (None, outside)):
            expected = concordance(durations, events, score, strata=strata, frequencies=weights).concordance
            assert found == pytest.approx(np.nan if expected is None else expected, abs=1e-14, nan_ok=True)


def test_more_moments_than_sixteen_binary_digits_hold() -> None:
    n = 600
    random = np.random.default_rng(1)
    durations, scores = random.permutation(n) + 1, random.normal(size=n)
    strata = np.arange(n) % 150
    data = cox_data(durations, np.ones(n), np.zeros((n, 1)), ("x",), strata=strata)
    _, original = ReplicateConcordance(data)(scores[None], np.ones((1, n)))
    expected = concordance(durations, np.ones(n), scores, strata=strata).concordance
    assert original[0] == pytest.approx(expected, rel=1e-12)


def test_no_scores_no_concordance() -> None:
    data = cox_data([1, 2], [1, 0], [0.0, 1.0], ("x",))
    resampled, original = ReplicateConcordance(data)(np.empty((0, 2)), np.empty((0, 2)))
    assert resampled.size == original.size == 0


def test_left_truncation_is_refused() -> None:
    data = cox_data([2, 3], [1, 0], [0.0, 1.0], ("x",), entry=[0, 1])
    with pytest.raises(ValueError, match="left-truncated"):
        ReplicateConcordance(data)
