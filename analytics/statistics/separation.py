"""Detecting covariates for which the Cox partial likelihood has no maximum (monotone likelihood)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from analytics.statistics.arrays import BoolArray, FloatArray

_TOLERANCE = 1e-9


def separated_columns(durations: FloatArray, events: BoolArray, covariates: FloatArray) -> tuple[int, ...]:
    """Return the columns along which a coefficient runs off to infinity; empty when the maximum exists.

    The partial likelihood is monotone if and only if some direction g ≠ 0 puts each failing patient at the
    top of its risk set: (x_failing − x_j)·g ≥ 0 for everyone at risk, with at least one inequality strict.
    Because the failing patient of the next event time is itself at risk, comparing with it covers everyone
    after it, so the number of inequalities grows with n and not with n². A linear program decides.

    Parameters
    ----------
    durations : ndarray of float, shape (n,)
    events : ndarray of bool, shape (n,)
    covariates : ndarray of float, shape (n, p)

    References
    ----------
    Heinze G, Schemper M. Biometrics 2001;57:114–119. Bryson MC, Johnson ME. Technometrics 1981;23:381–383.
    """
    differences = _risk_set_differences(durations, events, covariates)
    if differences.shape[0] == 0:
        return ()
    if _reach(differences, differences.sum(axis=0)) <= _TOLERANCE:
        return ()
    axes = np.eye(differences.shape[1])
    return tuple(
        column
        for column, axis in enumerate(axes)
        if max(_reach(differences, axis), _reach(differences, -axis)) > _TOLERANCE
    )


def _reach(differences: FloatArray, direction: FloatArray) -> float:
    """How far one can go along `direction`, within a box, without leaving the monotone directions."""
    solution = linprog(
        c=-direction,
        A_ub=-differences,
        b_ub=np.zeros(differences.shape[0]),
        bounds=[(-1.0, 1.0)] * differences.shape[1],
        method="highs",
    )
    return float(-solution.fun)


def _risk_set_differences(durations: FloatArray, events: BoolArray, covariates: FloatArray) -> FloatArray:
    spread = covariates.std(axis=0)
    scaled = (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    event_times = np.unique(durations[events])
    rows: list[FloatArray] = []
    for position, time in enumerate(event_times):
        failing = scaled[events & (durations == time)]
        top = failing[0]
        rows.extend((top - failing[1:], failing[1:] - top))  # tied failures must be equal
        is_last = position + 1 == event_times.size
        until = np.inf if is_last else event_times[position + 1]
        waiting = (durations >= time) & (durations < until) & ~(events & (durations == time))
        rows.append(top - scaled[waiting])
        if not is_last:
            rows.append(top - scaled[events & (durations == until)])
    stacked = np.concatenate(rows) if rows else np.empty((0, scaled.shape[1]))
    distinct: FloatArray = np.unique(stacked[np.any(stacked != 0, axis=1)], axis=0)
    return distinct
