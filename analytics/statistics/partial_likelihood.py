"""The partial likelihood of the Cox model with Efron's or Breslow's handling of ties.

The information is written as two matrix products, Xᵀdiag(r·A)X minus a Gram matrix of the risk-set means, so
that its cost is that of a matrix product whatever the number of ties.
"""

from __future__ import annotations

import numpy as np

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.newton import Evaluation


class PartialLikelihood:
    """The partial likelihood of `data` as a function of coefficients of standardized covariates.

    Attributes
    ----------
    center, scale : ndarray of float, shape (p,)
        A covariate x enters as (x − center)/scale. The scale of a covariate that is the same for everyone who
        was ever at risk is 0 and its standardized values are 0.
    x : ndarray of float, shape (p, m)
        Standardized covariates of the rows at risk, in the order of the risk sets.
    """

    def __init__(self, data: CoxData) -> None:
        sets = self.sets = data.risk_sets
        x = np.ascontiguousarray(data.covariates.T[:, sets.order])
        count = sets.order.size
        self.center = x.mean(axis=1)
        x -= self.center[:, None]
        scale = np.sqrt(np.einsum("ij,ij->i", x, x) / count)
        constant = scale <= 1e-12 * np.maximum(1.0, np.abs(self.center))
        x /= np.where(constant, 1.0, scale)[:, None]
        x[constant] = 0.0
        self.x, self.scale = x, np.where(constant, 0.0, scale)
        self.offset = None if data.offset is None else data.offset[sets.order]
        weights = data.weights if data.weights is not None else data.frequencies
        self.weights = None if weights is None else weights[sets.order]
        self._prepare_ties(data)

    def _prepare_ties(self, data: CoxData) -> None:
        """List the terms of the likelihood: one for each event of a group (Efron), or one for all (Breslow).

        Term l of a group whose risk set weighs S and whose d events weigh T has the denominator S − (l/d)·T.
        """
        sets, weights = self.sets, self.weights
        died = np.ones(sets.deaths.size) if weights is None else weights[sets.deaths]
        total = np.add.reduceat(died, sets.death_starts)
        if data.frequencies is not None:
            counts: IntArray = total.astype(np.intp)
            multiplicity = np.ones(sets.groups)
        else:
            counts, multiplicity = sets.death_counts, total / sets.death_counts
        if data.ties is Ties.BRESLOW:
            multiplicity = multiplicity * counts
            counts = np.ones_like(counts)
        self.tied = bool((counts > 1).any())
        self.term_group = np.repeat(np.arange(sets.groups), counts)
        self.term_starts = np.cumsum(counts) - counts
        rank = np.arange(self.term_group.size) - np.repeat(self.term_starts, counts)
        self.fraction = rank / np.repeat(counts, counts)
        self.term_weight = np.repeat(multiplicity, counts)
        self.death_weights = died
        self.death_group = sets.death_groups
        self.death_score = self.x[:, sets.deaths] @ died

    def risk(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the linear predictor and the weighted relative hazard of each row; shape (m,) each.

        The predictor is shifted to a maximum of 0: that changes no likelihood and keeps exp from overflowing.
        """
        eta = coef @ self.x
        if self.offset is not None:
            eta += self.offset
        eta -= eta.max()
        hazard = np.exp(eta)
        if self.weights is not None:
            hazard *= self.weights
        return eta, hazard

    def denominators(self, at_risk: FloatArray, dying: FloatArray | None) -> FloatArray:
        """Return S − (l/d)·T for each term, from the sums S and T of each group; shape (…, terms)."""
        if dying is None:
            return at_risk
        denominators: FloatArray = at_risk[..., self.term_group] - self.fraction * dying[..., self.term_group]
        return denominators

    def per_group(self, terms: FloatArray) -> FloatArray:
        """Sum over the terms of each group; shape (…, terms) becomes (…, groups)."""
        return np.add.reduceat(terms, self.term_starts, axis=-1) if self.tied else terms

    def increments(self, hazard: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return for each group the step of the baseline hazard, for those who survive it and its events."""
        dying = self.sets.death_sums(hazard) if self.tied else None
        inverse = self.term_weight / self.denominators(self.sets.sums(hazard), dying)
        return self.per_group(inverse), self.per_group((1.0 - self.fraction) * inverse)

    def __call__(self, coef: FloatArray) -> Evaluation:
        """Evaluate at `coef`, shape (p,), on the standardized scale.

        So far out that every hazard of a risk set underflows, the log-likelihood is not finite.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._evaluate(coef)

    def _evaluate(self, coef: FloatArray) -> Evaluation:
        sets, x = self.sets, self.x
        eta, hazard = self.risk(coef)
        dying = sets.death_sums(hazard) if self.tied else None
        phi = self.denominators(sets.sums(hazard), dying)
        log_likelihood = float(eta[sets.deaths] @ self.death_weights - self.term_weight @ np.log(phi))

        inverse = self.term_weight / phi
        weighted = x * hazard
        at_risk = sets.sums(weighted)
        squared = inverse / phi
        gram = _gram(at_risk, self.per_group(squared))
        exposure = sets.accumulated(self.per_group(inverse))
        if dying is not None:
            tied = sets.death_sums(weighted)
            share = self.fraction * squared
            cross = (at_risk * self.per_group(share)) @ tied.T
            gram += _gram(tied, self.per_group(self.fraction * share)) - cross - cross.T
            exposure[sets.deaths] -= self.per_group(self.fraction * inverse)[self.death_group]
        weighted *= exposure
        gradient = self.death_score - weighted.sum(axis=1)
        return Evaluation(log_likelihood, gradient, weighted @ x.T - gram)


def _gram(columns: FloatArray, weights: FloatArray) -> FloatArray:
    gram: FloatArray = (columns * weights) @ columns.T
    return gram
