"""How long patients would have been followed if no event had ended their observation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.statistics.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class CensoringDistribution:
    """Kaplan–Meier curve of the time to censoring: `uncensored` from each of `times` on."""

    times: FloatArray
    uncensored: FloatArray

    def at(self, times: FloatArray) -> FloatArray:
        """Return the probability of still being uncensored after each of `times`."""
        return self._read(np.searchsorted(self.times, times, side="right"))

    def before(self, times: FloatArray) -> FloatArray:
        """Return the probability of being uncensored up to, but not including, each of `times`."""
        return self._read(np.searchsorted(self.times, times, side="left"))

    def _read(self, steps: np.intp | np.ndarray) -> FloatArray:
        curve: FloatArray = np.concatenate(([1.0], self.uncensored))[steps]
        return curve


def censoring_distribution(
    times: FloatArray, censored: BoolArray, *, events_first: bool
) -> CensoringDistribution:
    """Estimate it with the roles of event and censoring exchanged.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Ties already merged.
    censored : ndarray of bool, shape (n,)
    events_first : bool
        Who has the event at a time is no longer at risk of being censored at that time. That is the exact
        counterpart of the Kaplan–Meier curve, where a censoring at the time of an event comes after it.
    """
    distinct, position = np.unique(times, return_inverse=True)
    leaving = np.bincount(position, minlength=distinct.size)
    lost = np.bincount(position[censored], minlength=distinct.size)
    at_risk = times.size - np.cumsum(leaving) + (lost if events_first else leaving)
    hazard = np.divide(lost, at_risk, out=np.zeros(distinct.size), where=at_risk > 0)
    return CensoringDistribution(distinct, np.cumprod(1.0 - hazard))
