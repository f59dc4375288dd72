"""Newton–Raphson for many partial likelihoods at once."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.cox import ALIASED, Status
from analytics.statistics.replicate_likelihood import Evaluations

# The Newton decrement is the squared distance to the maximum in standard errors, and the step that follows
# squares it once more. Without a maximum it falls by a factor e at each step only.
_CONVERGED = 1e-10
_QUADRATIC = 1e-2
_MAX_ITERATIONS = 25
_LONGEST_STEP = 8.0

# Iterations after which separation is looked for: most replicates have arrived by then.
_PATIENCE = 4

# So small that it changes no estimate, and keeps an information of 0 invertible.
_RIDGE = 1e-13


class Likelihoods(Protocol):
    """Log-likelihoods of B replicates, each with coefficients of its own."""

    def __call__(self, coef: FloatArray) -> Evaluations: ...

    def __getitem__(self, chosen: IntArray) -> Likelihoods: ...

    def separated_along(self, direction: FloatArray) -> BoolArray:
        """Tell which replicates have a likelihood that rises for ever along their direction."""
        ...


def maximize(likelihoods: Likelihoods, start: FloatArray) -> tuple[FloatArray, list[Status]]:
    """Climb to the maximum of each likelihood; those that have arrived are left out of further iterations.

    Parameters
    ----------
    likelihoods : Likelihoods
        Of replicates with an event each, as functions of coefficients of covariates of about unit spread.
    start : ndarray of float, shape (B, p)

    Returns
    -------
    coef : ndarray of float, shape (B, p)
        0 where a covariate is constant among those at risk, or an exact combination of earlier ones.
    statuses : list of Status, length B
        `NOT_CONVERGED` is no verdict: these have a maximum far out, or none that was recognized.
    """
    size, coef = start.shape[0], start.copy()
    here = likelihoods(coef)
    kept = _independent(here.information)
    if not kept.all():
        # Far out, little information may look like none; at zero it does not.
        kept = _independent(likelihoods(np.zeros_like(coef)).information)
        coef *= kept
        here = likelihoods(coef)
    constant = ~kept.any(axis=1)
    statuses = np.full(size, Status.NOT_CONVERGED, dtype=object)
    running, point, previous = np.arange(size), coef.copy(), np.full(size, np.inf)
    for iteration in range(_MAX_ITERATIONS):
        step = _newton_steps(here, kept)
        decrement = np.abs((step * here.gradient).sum(axis=1))
        arrived = (decrement <= _CONVERGED) & (decrement <= _QUADRATIC * previous)
        separated = np.zeros_like(arrived)
        if iteration >= _PATIENCE:
            separated = ~arrived & likelihoods.separated_along(step)
        coef[running[arrived]] = (point + step)[arrived]
        statuses[running[arrived]] = Status.ESTIMATED
        statuses[running[separated]] = Status.SEPARATION
        going = np.flatnonzero(~(arrived | separated) & np.isfinite(decrement))
        if going.size == 0:
            break
        if going.size < running.size:
            likelihoods, here = likelihoods[going], Evaluations(*(values[going] for values in here))
            running, point, step, kept = running[going], point[going], step[going], kept[going]
        previous = decrement[going]
        point, here = _climb(likelihoods, point, here, step)
    statuses[constant] = Status.CONSTANT
    return coef, statuses.tolist()


def _independent(information: FloatArray) -> BoolArray:
    """Do what `cox.independent` does for each of many informations; shape (B, p, p) becomes (B, p)."""
    remaining = information.copy()
    own = np.diagonal(information, axis1=1, axis2=2).copy()
    kept = np.zeros(own.shape, dtype=bool)
    for column in range(own.shape[1]):
        pivot = remaining[:, column, column].copy()
        kept[:, column] = (own[:, column] > ALIASED) & (pivot > ALIASED * own[:, column])
        inverse = np.where(kept[:, column], 1.0 / np.where(pivot, pivot, 1.0), 0.0)[:, None, None]
        remaining -= remaining[:, :, column, None] * remaining[:, None, column] * inverse
    return kept


def _newton_steps(here: Evaluations, kept: BoolArray) -> FloatArray:
    information = np.where(kept[:, :, None] & kept[:, None, :], here.information, 0.0)
    diagonal = np.arange(kept.shape[1])
    information[:, diagonal, diagonal] += np.where(kept, _RIDGE, 1.0)
    steps = np.linalg.solve(information, (here.gradient * kept)[..., None])[..., 0]
    return np.asarray(steps, dtype=np.float64)


def _climb(
    likelihoods: Likelihoods, point: FloatArray, here: Evaluations, step: FloatArray
) -> tuple[FloatArray, Evaluations]:
    """Take each step, or the largest of its halves that does not lead downhill."""
    longest = np.maximum(_LONGEST_STEP, np.abs(point).max(axis=1, keepdims=True))
    step = step / np.maximum(1.0, np.abs(step).max(axis=1, keepdims=True) / longest)
    floor = here.log_likelihood - 1e-13 * (1.0 + np.abs(here.log_likelihood))
    there = likelihoods(point + step)
    while (downhill := np.flatnonzero(~(there.log_likelihood >= floor))).size:
        step[downhill] /= 2
        retried = likelihoods[downhill](point[downhill] + step[downhill])
        for values, better in zip(there, retried, strict=True):
            values[downhill] = better
    return point + step, there
