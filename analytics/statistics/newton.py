"""Newton–Raphson with step-halving, for concave log-likelihoods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dposv

from analytics.statistics.arrays import FloatArray

# The Newton decrement, gᵀI⁻¹g, is the squared distance to the maximum in standard errors. At 1e-20
# coefficients and standard errors have ten digits and more; below 1e-14 rounding may keep it from falling.
_CONVERGED = 1e-20
_AS_FAR_AS_ROUNDING_ALLOWS = 1e-14
_LONGEST_STEP = 8.0


class Evaluation(NamedTuple):
    """A log-likelihood with its first derivatives and minus its second, at one point."""

    log_likelihood: float
    gradient: FloatArray
    information: FloatArray


@dataclass(frozen=True)
class Maximum:
    """Where the iterations ended.

    Attributes
    ----------
    point : ndarray of float, shape (p,)
    evaluation : Evaluation
        At `point`.
    iterations : int
    converged : bool
    """

    point: FloatArray
    evaluation: Evaluation
    iterations: int
    converged: bool

    @cached_property
    def covariance(self) -> FloatArray:
        """The inverse of the information, shape (p, p)."""
        return np.asarray(np.linalg.inv(self.evaluation.information), dtype=np.float64)


def newton_raphson(
    evaluate: Callable[[FloatArray], Evaluation],
    start: FloatArray,
    first: Evaluation | None = None,
    max_iterations: int = 50,
    stop_beyond: float = np.inf,
) -> Maximum:
    """Climb to the maximum of a log-likelihood.

    A step that would lower the log-likelihood is halved. No coordinate moves by more than 8 at once: with
    covariates of unit spread that is already a hazard ratio of 3,000.

    Parameters
    ----------
    evaluate : callable
    start : ndarray of float, shape (p,)
    first : Evaluation, optional
        The evaluation at `start`, when the caller has it.
    max_iterations : int
    stop_beyond : float
        Give up when a coordinate is this large: the maximum may lie at infinity.

    Returns
    -------
    Maximum
        `converged` is False when the iterations ran out, passed `stop_beyond` or met an information that is
        not positive definite.
    """
    point, here = start, first or evaluate(start)
    smallest = np.inf
    for iteration in range(max_iterations):
        step, not_positive = dposv(here.information, here.gradient)[1:]
        decrement = float(step @ here.gradient)
        if not_positive or not decrement >= 0:
            return Maximum(point, here, iteration, converged=False)
        if decrement <= _CONVERGED or smallest <= decrement <= _AS_FAR_AS_ROUNDING_ALLOWS:
            return Maximum(point, here, iteration, converged=True)
        smallest = decrement
        longest = float(abs(step).max())
        if longest > _LONGEST_STEP:
            step *= _LONGEST_STEP / longest
        point, here = _climb(evaluate, point, here, step, decrement)
        if float(abs(point).max()) > stop_beyond:
            return Maximum(point, here, iteration + 1, converged=False)
    return Maximum(point, here, max_iterations, converged=False)


def _climb(
    evaluate: Callable[[FloatArray], Evaluation],
    point: FloatArray,
    here: Evaluation,
    step: FloatArray,
    decrement: float,
) -> tuple[FloatArray, Evaluation]:
    """Take the step, or the largest of its halves that does not lead downhill."""
    noise = 1e-13 * (1.0 + abs(here.log_likelihood))
    share = 1.0
    while True:
        further = point + share * step
        there = evaluate(further)
        if there.log_likelihood >= here.log_likelihood - noise or share < 1e-6 or decrement < 1e-12:
            return further, there
        share /= 2
