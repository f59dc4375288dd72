"""Detecting covariates for which the Cox partial likelihood has no maximum (monotone likelihood)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox_data import CoxData
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.risk_sets import RiskSets

_TOLERANCE = 1e-9


def separated_columns(data: CoxData) -> dict[int, int]:
    """Return the columns along which a coefficient runs off to infinity; empty when the maximum exists.

    The partial likelihood is monotone if and only if some direction g ≠ 0 puts each failing patient at the
    top of its risk set: (x_failing − x_j)·g ≥ 0 for everyone at risk, with at least one inequality strict.
    Because the failing patient of the next event time is itself at risk, comparing with it covers everyone
    after it, so the number of inequalities grows with n and not with n². A linear program decides. (With left
    truncation that patient may not be at risk yet, and everyone at risk is compared.)

    Parameters
    ----------
    data : CoxData
        With at least one event.

    Returns
    -------
    dict of int to int
        Column → 1 when its hazard ratio tends to infinity, −1 when to 0, 0 when either can be meant because
        other columns run off with it.

    References
    ----------
    Heinze G, Schemper M. Biometrics 2001;57:114–119. Bryson MC, Johnson ME. Technometrics 1981;23:381–383.
    """
    differences = _risk_set_differences(data)
    if differences.shape[0] == 0 or _reach(differences, differences.sum(axis=0)) <= _TOLERANCE:
        return {}
    separated = {}
    for column, axis in enumerate(np.eye(differences.shape[1])):
        up, down = (_reach(differences, direction) > _TOLERANCE for direction in (axis, -axis))
        if up or down:
            separated[column] = up - down
    return separated


def monotone_direction(data: CoxData) -> FloatArray:
    """Return a direction, shape (p,), of standardized covariates along which the likelihood keeps rising.

    All zeros when the maximum exists.

    Parameters
    ----------
    data : CoxData
        With at least one event.
    """
    differences = _risk_set_differences(data)
    if differences.shape[0] == 0:
        return np.zeros(differences.shape[1])
    total = differences.sum(axis=0)
    farthest = _farthest(differences, total)
    return farthest if total @ farthest > _TOLERANCE else np.zeros(total.size)


def _reach(differences: FloatArray, direction: FloatArray) -> float:
    return float(direction @ _farthest(differences, direction))


def _farthest(differences: FloatArray, direction: FloatArray) -> FloatArray:
    """Go as far as possible along `direction`, within a box, without leaving the monotone directions."""
    solution = linprog(
        c=-direction,
        A_ub=-differences,
        b_ub=np.zeros(differences.shape[0]),
        bounds=[(-1.0, 1.0)] * differences.shape[1],
        method="highs",
    )
    return np.asarray(solution.x, dtype=np.float64)


def _risk_set_differences(data: CoxData) -> FloatArray:
    sets, x = data.risk_sets, PartialLikelihood(data).x.T
    rows = list(_everyone_at_risk(sets, x) if sets.late.size else _those_who_join(sets, x))
    stacked = np.concatenate(rows) if rows else np.empty((0, x.shape[1]))
    distinct: FloatArray = np.unique(stacked[np.any(stacked != 0, axis=1)], axis=0)
    return distinct


def _those_who_join(sets: RiskSets, x: FloatArray) -> Iterator[FloatArray]:
    for first, last in sets.strata:
        later: FloatArray | None = None  # a patient failing at the stratum's next event time
        for group in range(first, last):
            failing = x[_deaths(sets, group)]
            top = failing[0]
            joining = x[sets.starts[group] : sets.starts[group] + sets.lengths[group]]
            yield top - failing  # patients failing together must be equal
            yield failing - top
            yield top - joining
            if later is not None:
                yield (top - later)[None, :]
            later = top


def _everyone_at_risk(sets: RiskSets, x: FloatArray) -> Iterator[FloatArray]:
    for first, last in sets.strata:
        rows = np.arange(sets.starts[first], sets.starts[last - 1] + sets.lengths[last - 1])
        for group in range(first, last):
            joined = rows[rows < sets.starts[group] + sets.lengths[group]]
            failing = x[_deaths(sets, group)]
            yield failing - failing[0]
            yield failing[0] - failing
            yield failing[0] - x[joined[sets.leaves[joined] > group]]


def _deaths(sets: RiskSets, group: int) -> IntArray:
    begin = sets.death_starts[group]
    return sets.deaths[begin : begin + sets.death_counts[group]]
