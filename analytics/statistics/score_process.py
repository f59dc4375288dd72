"""The score of the partial likelihood taken apart: by event time, by patient, by cluster.

From it come the residuals, the robust variance, the test of proportional hazards and the baseline hazard.
"""

from __future__ import annotations

import numpy as np

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.partial_likelihood import PartialLikelihood


class ScoreProcess:
    """Hazard increments and risk-set means of a partial likelihood at one point.

    A term of the likelihood is one event among those tied (Efron), or all of them together (Breslow).

    Attributes
    ----------
    relative : ndarray of float, shape (m,)
        Hazard of each row at risk, in the order of the risk sets, relative to `reference`.
    reference : float
        The linear predictor of standardized covariates whose relative hazard is 1.
    increments : ndarray of float, shape (terms,)
        Steps of the cumulative hazard of the reference.
    means : ndarray of float, shape (p, terms)
        Mean of the standardized covariates over those at risk, weighted by their hazards.
    """

    def __init__(self, likelihood: PartialLikelihood, coef: FloatArray) -> None:
        self.likelihood, sets = likelihood, likelihood.sets
        eta, self._hazard = likelihood.risk(coef)
        self.relative = np.exp(eta)
        # risk() shifts the predictor; the shift is what the first row has lost.
        first = coef @ likelihood.x[:, 0] + (0.0 if likelihood.offset is None else likelihood.offset[0])
        self.reference = float(first - eta[0])
        weighted = likelihood.x * self._hazard
        dying = sets.death_sums(self._hazard) if likelihood.tied else None
        dying_weighted = sets.death_sums(weighted) if likelihood.tied else None
        denominators = likelihood.denominators(sets.sums(self._hazard), dying)
        self.increments = likelihood.term_weight / denominators
        self.means = likelihood.denominators(sets.sums(weighted), dying_weighted) / denominators

    def exposure(self, terms: FloatArray) -> FloatArray:
        """Sum over the terms at which each row is at risk; shape (terms,) becomes (m,).

        Under Efron's method those who fail together are at risk for a share of each other's terms only.
        """
        likelihood, sets = self.likelihood, self.likelihood.sets
        rows = sets.accumulated(likelihood.per_group(terms))
        if likelihood.tied:
            rows[sets.deaths] -= likelihood.per_group(likelihood.fraction * terms)[sets.death_groups]
        return rows

    def martingale(self) -> FloatArray:
        """Events observed minus expected, for each row at risk; shape (m,)."""
        residuals = -self.relative * self.exposure(self.increments)
        residuals[self.likelihood.sets.deaths] += 1.0
        return residuals

    def schoenfeld(self) -> FloatArray:
        """Standardized covariates of each event minus their mean over the risk set; shape (p, d)."""
        likelihood, sets = self.likelihood, self.likelihood.sets
        tied_terms = likelihood.per_group(np.ones(self.increments.size))
        expected = likelihood.per_group(self.means) / tied_terms
        differences: FloatArray = likelihood.x[:, sets.deaths] - expected[:, sets.death_groups]
        return differences

    def score(self) -> FloatArray:
        """Contribution of each row at risk to the score, not weighted; shape (p, m)."""
        cumulative_means = np.stack([self.exposure(self.increments * means) for means in self.means])
        compared = self.likelihood.x * self.exposure(self.increments) - cumulative_means
        residuals: FloatArray = -self.relative * compared
        residuals[:, self.likelihood.sets.deaths] += self.schoenfeld()
        return residuals

    def variance(self, cluster: IntArray) -> FloatArray:
        """Variance of the score, shape (p, p), when clusters are independent and the rows of one are not.

        Parameters
        ----------
        cluster : ndarray of int, shape (m,)
            Codes of the rows at risk.
        """
        weights = self.likelihood.weights
        score = self.score() if weights is None else self.score() * weights
        sums = np.array([np.bincount(cluster, weights=row) for row in score], dtype=np.float64)
        variance: FloatArray = sums @ sums.T
        return variance

    def information(self, multipliers: FloatArray | None = None) -> FloatArray:
        """Information, shape (p, p), each term's share of it multiplied by one of `multipliers`."""
        likelihood = self.likelihood
        chosen = np.ones(self.increments.size) if multipliers is None else multipliers
        exposed = self._hazard * self.exposure(chosen * self.increments)
        information: FloatArray = (likelihood.x * exposed) @ likelihood.x.T
        information -= (self.means * (chosen * likelihood.term_weight)) @ self.means.T
        return information
