"""The calibration slope of many scores: the log hazard ratio of each in the patients themselves."""

from __future__ import annotations

import numpy as np

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.cox import Status
from analytics.statistics.cox_data import CoxData
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.replicate_likelihood import Evaluations
from analytics.statistics.replicate_newton import maximize

# Numbers that one batch may hold in each of its arrays.
_BATCH = 65_536

_FARTHEST_START = 2.0


def slopes(data: CoxData, scores: FloatArray) -> FloatArray:
    """Regress survival on each score alone.

    Parameters
    ----------
    data : CoxData
        With an event. An offset stays one.
    scores : ndarray of float, shape (B, n)

    Returns
    -------
    ndarray of float, shape (B,)
        1 for a score that tells log hazard ratios as they are, less for one that exaggerates them; NaN for
        one that is the same for everyone at risk.
    """
    likelihood = PartialLikelihood(data)
    size = max(1, _BATCH // scores.shape[1])
    found = np.full(scores.shape[0], np.nan)
    for begin in range(0, scores.shape[0], size):
        batch = scores[begin : begin + size][:, likelihood.sets.order]
        batch = batch - batch.mean(axis=1, keepdims=True)
        spread = batch.std(axis=1)
        unit = np.where(spread > 0, spread, 1.0)
        likelihoods = _SlopeLikelihoods(likelihood, batch / unit[:, None])
        coef, statuses = maximize(likelihoods, np.minimum(spread, _FARTHEST_START)[:, None])
        estimated = np.array([status is Status.ESTIMATED for status in statuses])
        found[begin : begin + size] = np.where(estimated, coef[:, 0] / unit, np.nan)
    return found


class _SlopeLikelihoods:
    """Partial likelihoods of the same patients, each with one covariate of its own, shape (B, m)."""

    def __init__(self, likelihood: PartialLikelihood, scores: FloatArray) -> None:
        self.likelihood, self.scores = likelihood, scores
        self.death_score = scores[:, likelihood.sets.deaths].sum(axis=1)

    def __getitem__(self, chosen: IntArray) -> _SlopeLikelihoods:
        return _SlopeLikelihoods(self.likelihood, self.scores[chosen])

    def __call__(self, coef: FloatArray) -> Evaluations:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._evaluate(coef[:, 0])

    def _evaluate(self, coef: FloatArray) -> Evaluations:
        likelihood, sets, scores = self.likelihood, self.likelihood.sets, self.scores
        eta = coef[:, None] * scores
        if likelihood.offset is not None:
            eta += likelihood.offset
        highest = eta.max(axis=1, keepdims=True)
        moments = np.empty((3, *eta.shape))
        np.exp(eta - highest, out=moments[0])
        np.multiply(moments[0], scores, out=moments[1])
        np.multiply(moments[1], scores, out=moments[2])
        dying = sets.death_sums(moments) if likelihood.tied else None
        total, first, second = likelihood.denominators(sets.sums(moments), dying)
        mean = first / total
        # Without the offset of the events, the same wherever it is evaluated.
        log_likelihood = coef * self.death_score - sets.deaths.size * highest[:, 0]
        return Evaluations(
            log_likelihood - np.log(total) @ likelihood.term_weight,
            (self.death_score - mean @ likelihood.term_weight)[:, None],
            ((second / total - mean * mean) @ likelihood.term_weight)[:, None, None],
        )

    def separated_along(self, direction: FloatArray) -> BoolArray:
        """Tell that none is separated: then the covariates would be, and there were no score."""
        return np.zeros(direction.shape[0], dtype=bool)
