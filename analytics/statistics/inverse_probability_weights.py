"""Inverse probability of censoring weights: the patients whose state at a time is known stand for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import BoolArray, FloatArray, survival_arrays
from analytics.statistics.censoring_distribution import censoring_distribution


@dataclass(frozen=True, slots=True)
class InverseProbabilityWeights:
    """Weights at one time; rows are in the order given.

    Attributes
    ----------
    time : float
    times : ndarray of float, shape (n,)
    cases, controls : ndarray of bool, shape (n,)
        Who has had the event by `time`, and who is still being observed after it. Who was censored before is
        neither and has the weight 0.
    weights : ndarray of float, shape (n,)
        One over the probability of having been observed so long.
    censored : ndarray of bool, shape (n,)
    """

    time: float
    times: FloatArray
    cases: BoolArray
    controls: BoolArray
    weights: FloatArray
    censored: BoolArray

    def influence_of_weights(self, contributions: FloatArray) -> FloatArray:
        """Return what each row adds to ∑ `contributions` through the estimated weights; shape (n,).

        Parameters
        ----------
        contributions : ndarray of float, shape (n,)
            Proportional to the weights; 0 where the weight is.

        References
        ----------
        Blanche P, Dartigues JF, Jacqmin-Gadda H. Stat Med 2013;32:5381–5397 (appendix).
        """
        n = self.times.size
        distinct, row = np.unique(self.times, return_inverse=True)
        at_risk = n - np.searchsorted(np.sort(self.times), distinct, side="left")
        lost = np.bincount(row[self.censored], minlength=distinct.size)
        compensator = np.cumsum(n * lost / at_risk**2)
        own = np.where(self.censored, n / at_risk[row], 0.0) - compensator[row]

        # A case weighs what those censored before its own time make it weigh, a control those up to `time`.
        of_cases = np.bincount(row, np.where(self.cases, contributions, 0.0), minlength=distinct.size)
        earlier = np.cumsum(of_cases * np.concatenate(([0.0], compensator[:-1])))
        later = of_cases.sum() - np.cumsum(of_cases)
        of_controls = contributions[self.controls].sum()
        until = int(np.searchsorted(distinct, self.time, side="right"))
        at_time = compensator[until - 1] if until else 0.0
        through_cases: FloatArray = later[row] * own - earlier[row]
        through_controls: FloatArray = of_controls * np.where(self.times <= self.time, own, -at_time)
        return through_cases + through_controls


def inverse_probability_weights(
    durations: npt.ArrayLike, event_observed: npt.ArrayLike, time: float
) -> InverseProbabilityWeights:
    """Weigh the patients whose state at `time` is known; censoring is assumed independent.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of bool or 0/1, shape (n,)
    time : float
        In the unit of the durations, not negative.

    Raises
    ------
    ValueError
        For data that `arrays.survival_arrays` refuses, and for a time that is negative or not finite.

    References
    ----------
    Graf E, Schmoor C, Sauerbrei W, Schumacher M. Stat Med 1999;18:2529–2545.
    """
    if not 0 <= time < np.inf:
        raise ValueError("time must be finite and not negative")
    times, events = survival_arrays(durations, event_observed)
    censoring = censoring_distribution(times, ~events, events_first=True)
    cases, controls = events & (times <= time), times > time
    observed = np.where(cases, censoring.before(times), 1.0)
    observed[controls] = censoring.at(np.array([time]))
    weights = np.where(cases | controls, 1.0 / observed, 0.0)
    return InverseProbabilityWeights(time, times, cases, controls, weights, ~events)
