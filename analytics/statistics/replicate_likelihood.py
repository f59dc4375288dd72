"""The partial likelihoods of many resamples of the same rows, evaluated together.

A resample is how often it draws each row. Rows, risk sets and covariates are the same for all, so that the
sums over risk sets and the weighted products of covariates are matrix products for all replicates at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.partial_likelihood import PartialLikelihood

# Event times summed by one matrix product: fewer cost more calls, more cost more multiplications by 0.
_GROUPS_PER_BLOCK = 8

# An event may fall behind others by this share of the largest lead and still count as level with them.
_SEPARATES = 1e-6


class Evaluations(NamedTuple):
    """Log-likelihoods, shape (B,), their gradients, shape (B, p), and informations, shape (B, p, p)."""

    log_likelihood: FloatArray
    gradient: FloatArray
    information: FloatArray


@dataclass(frozen=True, slots=True)
class _Block:
    """Consecutive event times of one stratum, and the matrix that sums over their risk sets and events.

    Attributes
    ----------
    rows : slice or ndarray of int, shape (r,)
        Who joins the risk sets at these times, or leaves them.
    begin, end : int
        The groups.
    matrix : ndarray of float, shape (r, groups · 2 · (p + 1))
        For each group the sums over those at risk, then over its events: of each covariate and of 1.
    continues : bool
        Those at risk at the group before, later in time, are still at risk.
    """

    rows: slice | IntArray
    begin: int
    end: int
    matrix: FloatArray
    continues: bool


class ReplicateDesign:
    """What the replicates of one data set have in common.

    Attributes
    ----------
    likelihood : PartialLikelihood
        Of the rows themselves.
    joins : ndarray of int, shape (m,)
        The first group, backwards in time, whose risk set holds each row.
    """

    def __init__(self, data: CoxData) -> None:
        self.ties, self.likelihood = data.ties, PartialLikelihood(data)
        self.sets, self.x = self.likelihood.sets, self.likelihood.x
        self.joins = np.repeat(np.arange(self.sets.groups), self.sets.lengths)
        p = self.x.shape[0]
        upper = np.triu_indices(p)
        self._products = np.ascontiguousarray((self.x[upper[0]] * self.x[upper[1]]).T)
        self._unpack = np.empty((p, p), dtype=np.intp)
        self._unpack[upper] = self._unpack.T[upper] = np.arange(upper[0].size)
        self._blocks = tuple(self._summations())

    def _summations(self) -> Iterator[_Block]:
        sets = self.sets
        values = np.vstack((self.x, np.ones(self.joins.size))).T
        died = np.zeros(self.joins.size, dtype=bool)
        died[sets.deaths] = True
        for first, last in sets.strata:
            for begin in range(first, last, _GROUPS_PER_BLOCK):
                end = min(begin + _GROUPS_PER_BLOCK, last)
                groups = np.arange(begin, end)
                joining = slice(int(sets.starts[begin]), int(sets.starts[end - 1] + sets.lengths[end - 1]))
                rows: slice | IntArray = joining
                if sets.late.size:
                    until = sets.leaves[sets.late]
                    leaving = sets.late[(until >= begin) & (until < end)]
                    rows = np.union1d(np.arange(joining.start, joining.stop), leaving)
                joins = self.joins[rows, None]
                sums = np.zeros((joins.size, groups.size, 2))
                sums[..., 0] = (joins >= begin) & (joins <= groups)
                sums[..., 1] = died[rows, None] & (joins == groups)
                if sets.late.size:
                    sums[..., 0] -= sets.leaves[rows, None] <= groups
                matrix = (sums[..., None] * values[rows, None, None, :]).reshape(joins.size, -1)
                yield _Block(rows, begin, end, matrix, continues=begin > first)

    @property
    def footprint(self) -> int:
        """About how many numbers the evaluation of one replicate needs."""
        return 4 * int(self.joins.size) + 8 * self.sets.groups * (len(self.x) + 1)

    def sums(self, hazard: FloatArray) -> FloatArray:
        """Sum over risk sets and over their events; shape (B, m) becomes (B, groups, 2, p + 1)."""
        width = 2 * (self.x.shape[0] + 1)
        flat = np.empty((hazard.shape[0], self.sets.groups * width))
        sums = flat.reshape(hazard.shape[0], self.sets.groups, 2, -1)
        for block in self._blocks:
            columns = slice(block.begin * width, block.end * width)
            np.matmul(hazard[:, block.rows], block.matrix, out=flat[:, columns])
            if block.continues:
                sums[:, block.begin : block.end, 0] += sums[:, block.begin - 1, None, 0]
        return sums

    def accumulated(self, increments: FloatArray) -> FloatArray:
        """Sum the increments of the groups each row belongs to; shape (B, groups) becomes (B, m)."""
        cumulative = np.empty_like(increments)
        for first, last in self.sets.strata:
            cumulative[:, first:last] = np.cumsum(increments[:, first:last][:, ::-1], axis=1)[:, ::-1]
        rows: FloatArray = cumulative[:, self.joins]
        if self.sets.late.size:
            rows[:, self.sets.late] -= cumulative[:, self.sets.leaves[self.sets.late]]
        return rows

    def gram(self, weights: FloatArray) -> FloatArray:
        """Return X'diag(w)X for each row of `weights`; shape (B, m) becomes (B, p, p)."""
        gram: FloatArray = (weights @ self._products)[:, self._unpack]
        return gram


class ReplicateLikelihoods:
    """The partial likelihoods of some replicates as functions of their coefficients.

    Parameters
    ----------
    design : ReplicateDesign
    frequencies : ndarray of float, shape (B, m)
        How often each replicate draws each row, in the order of the risk sets.

    Attributes
    ----------
    events : ndarray of float, shape (B, groups)
        Number of events of each group.
    """

    def __init__(self, design: ReplicateDesign, frequencies: FloatArray) -> None:
        self.design, self.frequencies = design, frequencies
        sets, offset = design.sets, design.likelihood.offset
        died = frequencies[:, sets.deaths]
        self.events = np.add.reduceat(died, sets.death_starts, axis=1)
        self._death_score = died @ design.x[:, sets.deaths].T
        self._death_offset = 0.0 if offset is None else died @ offset[sets.deaths]
        with np.errstate(divide="ignore"):
            self._log_frequencies = np.log(frequencies)  # −∞ takes a row that was not drawn out of all sums
        if offset is not None:
            self._log_frequencies += offset
        self._list_ties()

    def _list_ties(self) -> None:
        """List the terms of the likelihood beyond the first of each group: their cell and fraction l/d.

        A cell is a group of a replicate. Breslow's method has one term per group, which counts d times.
        """
        events = self.events.ravel()
        breslow = self.design.ties is Ties.BRESLOW
        self._first_weight = self.events if breslow else np.minimum(self.events, 1.0)
        further = np.zeros(events.size, np.intp) if breslow else np.maximum(events - 1, 0).astype(np.intp)
        self._cell = np.repeat(np.arange(events.size), further)
        rank = np.arange(1, self._cell.size + 1) - np.repeat(np.cumsum(further) - further, further)
        self._fraction = rank / events[self._cell]

    def __getitem__(self, chosen: IntArray) -> ReplicateLikelihoods:
        """Return the likelihoods of some of the replicates."""
        return ReplicateLikelihoods(self.design, self.frequencies[chosen])

    def hazards(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return relative hazards times frequencies, shape (B, m), and the logarithm of their unit, (B,)."""
        eta = coef @ self.design.x
        eta += self._log_frequencies
        unit = eta.max(axis=1)
        eta -= unit[:, None]
        return np.exp(eta, out=eta), unit

    def __call__(self, coef: FloatArray) -> Evaluations:
        """Evaluate at the coefficients of each replicate, shape (B, p), on the standardized scale.

        So far out that every hazard of a risk set underflows, the log-likelihood is not finite.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._evaluate(coef)

    def _evaluate(self, coef: FloatArray) -> Evaluations:
        design, sets, p = self.design, self.design.sets, coef.shape[1]
        hazard, unit = self.hazards(coef)
        sums = design.sums(hazard)
        fraction = self._fraction
        at_risk, tied = self._denominators(sums[:, :, 0, p], sums[:, :, 1, p])
        log_likelihood = (coef * self._death_score).sum(axis=1) + self._death_offset
        log_likelihood -= unit * self.events.sum(axis=1)
        log_likelihood -= (self._first_weight * np.log(at_risk) + self._per_group(np.log(tied))).sum(axis=1)

        inverse = 1.0 / tied
        first = self._first_weight / at_risk
        shared = self._per_group(fraction * inverse)
        weighted = hazard * design.accumulated(first + self._per_group(inverse))
        weighted[:, sets.deaths] -= hazard[:, sets.deaths] * shared[:, sets.death_groups]
        gradient = self._death_score - weighted @ design.x.T

        # Σ (S − l/d·T)(S − l/d·T)'/φ² over the terms of a group = a(S − b/a·T)(S − b/a·T)' + (c − b²/a)TT'
        squared = inverse * inverse
        a = first / at_risk + self._per_group(squared)
        b = self._per_group(fraction * squared)
        c = self._per_group(fraction * fraction * squared)
        share = b / np.where(a > 0, a, 1.0)
        sums[:, :, 0] -= share[..., None] * sums[:, :, 1]
        sums *= np.sqrt(np.stack((a, np.maximum(c - b * share, 0.0)), axis=2))[..., None]
        means = sums.reshape(hazard.shape[0], -1, p + 1)[:, :, :p]
        return Evaluations(log_likelihood, gradient, design.gram(weighted) - means.transpose(0, 2, 1) @ means)

    def baseline_increments(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the steps of the baseline hazards, shape (B, groups), and the logarithm of their unit, (B,).

        A patient with linear predictor η has the step times exp(η − logarithm of the unit).
        """
        hazard, unit = self.hazards(coef)
        at_risk, tied = self._denominators(self.design.sets.sums(hazard), self.design.sets.death_sums(hazard))
        return self._first_weight / at_risk + self._per_group(1.0 / tied), unit

    def separated_along(self, direction: FloatArray) -> BoolArray:
        """Tell whether each replicate's events are ahead of everyone at risk along a direction, shape (B, p).

        The likelihood then rises along it for ever. With left truncation those not yet under observation are
        compared as well, so that some separation is missed.
        """
        sets, drawn = self.design.sets, self.frequencies > 0
        position = direction @ self.design.x
        highest = np.maximum.reduceat(np.where(drawn, position, -np.inf), sets.starts, axis=1)
        lowest = np.minimum.reduceat(np.where(drawn, position, np.inf), sets.starts, axis=1)
        for first, last in sets.strata:
            np.maximum.accumulate(highest[:, first:last], axis=1, out=highest[:, first:last])
            np.minimum.accumulate(lowest[:, first:last], axis=1, out=lowest[:, first:last])
        happened = self.events > 0
        events = np.where(drawn, position, np.inf)[:, sets.deaths]
        last_of_events = np.where(happened, np.minimum.reduceat(events, sets.death_starts, axis=1), 0.0)
        behind = np.where(happened, highest - last_of_events, 0.0).max(axis=1)
        lead = np.where(happened, last_of_events - lowest, 0.0).max(axis=1)
        separated: BoolArray = (behind <= _SEPARATES * lead) & (lead > 0)
        return separated

    def _denominators(self, at_risk: FloatArray, dying: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return those of the first term of each group, 1 where it has no event, and of the further terms."""
        at_risk = np.where(self.events > 0, at_risk, 1.0)
        return at_risk, at_risk.ravel()[self._cell] - self._fraction * dying.ravel()[self._cell]

    def _per_group(self, terms: FloatArray) -> FloatArray:
        per_cell: FloatArray = np.bincount(self._cell, terms, self.events.size).astype(np.float64, copy=False)
        return per_cell.reshape(self.events.shape)
