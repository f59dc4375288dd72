"""The partial likelihood of the Cox model with Efron's or Breslow's handling of ties.

The information is written as two matrix products, Xᵀdiag(r·A)X minus a Gram matrix of the risk-set means, so
that its cost is that of a matrix product whatever the number of ties. The sums over risk sets are running
sums; a small data set is spared their many steps by a matrix of who is at risk in which term.
"""

from __future__ import annotations

import numpy as np

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.newton import Evaluation

# Up to so many pairs of a term and a row, a matrix product is faster than running sums.
_SMALL = 20_000

# Rows copied at a time, so that what is read stays in the processor's cache until it is written.
_BLOCK = 4096


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
        # The row of ones below the covariates lets one pass sum x, hazards and their products alike.
        self._rows = np.empty((len(data.names) + 1, sets.order.size))
        self._rows[-1] = 1.0
        self._weighted = np.empty_like(self._rows)
        x = self.x = self._rows[:-1]
        for begin in range(0, sets.order.size, _BLOCK):
            rows = sets.order[begin : begin + _BLOCK]
            x[:, begin : begin + _BLOCK] = data.covariates.take(rows, axis=0).T
        self.center = x.mean(axis=1)
        x -= self.center[:, None]
        scale = np.sqrt(np.einsum("ij,ij->i", x, x) / sets.order.size)
        constant = scale <= 1e-12 * np.maximum(1.0, np.abs(self.center))
        if constant.any():
            x[constant] = scale[constant] = 0.0
        x /= np.where(constant, 1.0, scale)[:, None]
        self.scale = scale
        self.offset = None if data.offset is None else data.offset[sets.order]
        weights = data.weights if data.weights is not None else data.frequencies
        self.weights = None if weights is None else weights[sets.order]
        tied = self._prepare_ties(data)
        self.tied = bool(tied.any())
        self._at_risk: FloatArray | None = None
        if self.term_group.size * sets.order.size <= _SMALL:
            self._at_risk = self._who_is_at_risk()
        elif self.tied:
            self._prepare_running_sums(tied)

    def _prepare_ties(self, data: CoxData) -> BoolArray:
        """List the terms of the likelihood: one for each event of a group (Efron), or one for all (Breslow).

        Term l of a group whose risk set weighs S and whose d events weigh T has the denominator S − (l/d)·T.
        Returns which groups have several terms.
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
        self.term_group = np.repeat(np.arange(sets.groups), counts)
        self.term_starts = np.cumsum(counts) - counts
        rank = np.arange(self.term_group.size) - np.repeat(self.term_starts, counts)
        self.fraction = rank / np.repeat(counts, counts)
        self.term_weight = np.repeat(multiplicity, counts)
        self.death_group = sets.death_groups
        self._died = np.zeros(sets.order.size)
        self._died[sets.deaths] = died
        self.death_score = self.x @ self._died
        tied: BoolArray = counts > 1
        return tied

    def _who_is_at_risk(self) -> FloatArray:
        """Return the share of each row in the denominator of each term, shape (terms, m)."""
        sets, term = self.sets, self.term_group[:, None]
        joins = np.arange(sets.groups).repeat(sets.lengths)
        at_risk = joins <= term
        if len(sets.strata) > 1:
            at_risk &= sets.stratum[joins] == sets.stratum[term]
        if sets.late.size:
            at_risk &= sets.leaves > term
        share = at_risk.astype(np.float64)
        share[:, sets.deaths] -= self.fraction[:, None] * (self.death_group == term)
        return share

    def _prepare_running_sums(self, tied: BoolArray) -> None:
        """Split the rows that join with a tied group into two parts, censored and events, if both exist."""
        sets = self.sets
        in_two = tied & (sets.lengths > sets.death_counts)
        self._tied_groups = np.flatnonzero(tied)
        self._in_two = np.flatnonzero(in_two[self._tied_groups])
        self._first_part = np.arange(sets.groups) + np.cumsum(in_two) - in_two
        self._last_part = (self._first_part + in_two)[self._tied_groups]
        events_begin = sets.starts + sets.lengths - sets.death_counts
        self._part_starts = sets.starts.repeat(1 + in_two)
        self._part_starts[self._first_part[in_two] + 1] = events_begin[in_two]
        self._powers = np.stack((np.ones(self.fraction.size), self.fraction, self.fraction**2))

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

    def __call__(self, coef: FloatArray) -> Evaluation:
        """Evaluate at `coef`, shape (p,), on the standardized scale.

        So far out that every hazard of a risk set underflows, the log-likelihood is not finite.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            eta, hazard = self.risk(coef)
            weighted = np.multiply(self._rows, hazard, out=self._weighted)
            phi, gram, exposure = (
                self._by_running_sums(weighted)
                if self._at_risk is None
                else self._by_product(weighted, self._at_risk)
            )
            log_likelihood = float(eta @ self._died - self.term_weight @ np.log(phi))
            hazard *= exposure
            gradient: FloatArray = self.death_score - self.x @ hazard
            # A matrix times its own transpose takes half the time.
            root = np.multiply(self.x, np.sqrt(hazard.clip(min=0.0)), out=weighted[:-1])
            return Evaluation(log_likelihood, gradient, root @ root.T - gram)

    def _by_product(
        self, weighted: FloatArray, at_risk: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        sums = weighted @ at_risk.T
        phi = sums[-1]
        inverse = self.term_weight / phi
        return phi, _gram(sums[:-1], inverse / phi), inverse @ at_risk

    def _by_running_sums(self, weighted: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the denominators, the Gram matrix of the risk-set means and the exposure of each row."""
        sets = self.sets
        if not self.tied:
            at_risk = sets.sums(weighted)
            inverse = self.term_weight / at_risk[-1]
            return at_risk[-1], _gram(at_risk[:-1], inverse / at_risk[-1]), sets.accumulated(inverse)
        at_risk, dying = self._sums(weighted)
        hazard_dying = np.zeros(sets.groups)
        hazard_dying[self._tied_groups] = dying[-1]
        phi = self.denominators(at_risk[-1], hazard_dying)
        inverse = self.term_weight / phi
        # Over the terms of a group, Σ (S − fT)(S − fT)ᵀ/φ² = a·(S − b/a·T)(S − b/a·T)ᵀ + (c − b²/a)·TTᵀ.
        terms = np.concatenate((self._powers[:2] * inverse, self._powers * (inverse / phi)))
        increment, shared, a, b, c = self.per_group(terms)
        b, c = b[self._tied_groups], c[self._tied_groups]
        slope = b / a[self._tied_groups]
        at_risk[:, self._tied_groups] -= slope * dying
        gram = _gram(at_risk[:-1], a) + _gram(dying[:-1], c - slope * b)
        exposure = sets.accumulated(increment)
        exposure[sets.deaths] -= shared[self.death_group]
        return phi, gram, exposure

    def _sums(self, weighted: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sum over each risk set and over the events of each tied group, in one pass."""
        parts = np.add.reduceat(weighted, self._part_starts, axis=-1)
        joined, dying = parts[:, self._first_part], parts[:, self._last_part]
        joined[:, self._tied_groups[self._in_two]] += dying[:, self._in_two]
        return self.sets.running_sums(joined, weighted), dying


def _gram(columns: FloatArray, weights: FloatArray) -> FloatArray:
    gram: FloatArray = (columns * weights) @ columns.T
    return gram
