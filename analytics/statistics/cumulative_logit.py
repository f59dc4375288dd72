"""The likelihood of an ordered response: logit P(Y ≤ j) = αⱼ − xᵀβ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit, log_expit

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray
from analytics.statistics.newton import Evaluation, Maximum, newton_raphson

# With standardized covariates a coefficient this large is worth a search for separation; at the second the
# maximum may lie at infinity.
_SUSPICIOUS = 8.0
_FAR_OUT = 40.0
_TOLERANCE = 1e-9


class CumulativeLogit:
    """Log-likelihood, gradient and information of a cumulative logit model.

    The probability of level j is F(u) − F(l) with u = αⱼ − xᵀβ and l = αⱼ₋₁ − xᵀβ, that is
    F(u) · F(−l) · (1 − exp(l − u)). Each factor is log-concave in a linear function of the parameters, so the
    sum of their three logarithms has simple derivatives and one maximum.

    Parameters
    ----------
    level : ndarray of int, shape (n,)
        0, 1, …, each taken by someone.
    x : ndarray of float, shape (n, p)
    frequencies : ndarray of float, shape (n,)
    nominal : sequence of int
        Columns whose coefficient differs between the thresholds: not proportional.

    Attributes
    ----------
    start : ndarray of float, shape (q,)
        The maximum without covariates. Thresholds come first, then the coefficients of the proportional
        columns, then for each other column one at each threshold.
    """

    def __init__(
        self, level: IntArray, x: FloatArray, frequencies: FloatArray, nominal: Sequence[int] = ()
    ) -> None:
        thresholds = int(level.max())
        self._frequencies = frequencies
        at_or_below = np.cumsum(np.bincount(level, weights=frequencies))[:-1] / frequencies.sum()
        proportional = np.delete(x, list(nominal), axis=1)

        def design(threshold: IntArray) -> FloatArray:
            here = np.eye(thresholds)[np.clip(threshold, 0, thresholds - 1)]
            slopes = [-x[:, [column]] * here for column in nominal]
            rows = np.concatenate((here, -proportional, *slopes), axis=1)
            rows[(threshold < 0) | (threshold == thresholds)] = 0.0
            return rows

        self.upper, self.lower = design(level), design(level - 1)
        self._no_upper = np.where(level == thresholds, np.inf, 0.0)
        self._no_lower = np.where(level == 0, np.inf, 0.0)
        self.start = np.zeros(self.upper.shape[1])
        self.start[:thresholds] = np.log(at_or_below / (1 - at_or_below))

    def __call__(self, point: FloatArray) -> Evaluation:
        """Evaluate at `point`, shape (q,); minus infinity where the thresholds are out of order."""
        upper = self.upper @ point + self._no_upper
        lower = self.lower @ point - self._no_lower
        width = upper - lower
        if np.any(width <= 0):
            return Evaluation(-np.inf, np.zeros(point.size), np.eye(point.size))
        narrow = np.exp(-width) / -np.expm1(-width)
        between = self.upper - self.lower
        log_likelihood = log_expit(upper) + log_expit(-lower) + np.log(-np.expm1(-width))
        gradient = expit(-upper) @ self._counted(self.upper) - expit(lower) @ self._counted(self.lower)
        information: FloatArray = np.zeros((point.size, point.size))
        for design, weight in (
            (self.upper, expit(upper) * expit(-upper)),
            (self.lower, expit(lower) * expit(-lower)),
            (between, narrow * (1 + narrow)),
        ):
            information += (design.T * weight) @ self._counted(design)
        return Evaluation(
            float(self._frequencies @ log_likelihood), gradient + narrow @ self._counted(between), information
        )

    def maximize(self) -> Maximum:
        """Climb to the maximum; not converged where there is none."""
        found = newton_raphson(self, self.start, stop_beyond=_FAR_OUT)
        if found.converged and np.abs(found.point).max() <= _SUSPICIOUS:
            return found
        if self.runs_off().any():
            return replace(found, converged=False)
        return found if found.converged else newton_raphson(self, self.start)

    def runs_off(self) -> BoolArray:
        """Return the parameters that can grow without end and make no one's response less likely, shape (q,).

        None when the maximum exists.

        References
        ----------
        Albert A, Anderson JA. Biometrika 1984;71:1–10.
        """
        from scipy.optimize import linprog

        constraints = np.unique(np.concatenate((-self.upper, self.lower)), axis=0)

        def free(direction: FloatArray) -> bool:
            solution = linprog(
                -direction, A_ub=constraints, b_ub=np.zeros(len(constraints)), bounds=(-1, 1), method="highs"
            )
            return bool(-solution.fun > _TOLERANCE)

        if not free(-constraints.sum(axis=0)):
            return np.zeros(self.start.size, dtype=np.bool_)
        return np.array([free(axis) or free(-axis) for axis in np.eye(self.start.size)])

    def _counted(self, rows: FloatArray) -> FloatArray:
        return rows * self._frequencies[:, None]
