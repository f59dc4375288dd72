"""Competing risks: patients can have events of several types, of which the first hides the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, floats, survival_arrays

CENSORED = 0


class CompetingRisks(NamedTuple):
    """First events seen from one type: the time of each row, and which kind of end it has.

    Attributes
    ----------
    times : ndarray of float, shape (n,)
    of_interest, competing, censored : ndarray of bool, shape (n,)
        One of them is true for each row.
    """

    times: FloatArray
    of_interest: BoolArray
    competing: BoolArray
    censored: BoolArray

    def rows(self, chosen: BoolArray | IntArray) -> CompetingRisks:
        """Return some of the rows, or all in another order."""
        ends = (self.of_interest[chosen], self.competing[chosen], self.censored[chosen])
        return CompetingRisks(self.times[chosen], *ends)


def competing_risks(durations: npt.ArrayLike, event_types: npt.ArrayLike, cause: int) -> CompetingRisks:
    """Check the arguments of an analysis of competing risks.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Times from the origin to the first event of any type, or to censoring; not negative.
    event_types : array_like of int, shape (n,)
        0 where the time is censored, otherwise a number for each type of event.
    cause : int
        The type of interest.

    Raises
    ------
    ValueError
        For missing, infinite or negative durations, for event types that are missing or no whole numbers,
        for unequal lengths, for the cause 0.
    """
    types = floats("event_types", event_types).ravel()
    if np.any(types != np.rint(types)):
        raise ValueError("event_types contains values that are not whole numbers")
    if np.size(durations) != types.size:
        raise ValueError("durations and event_types differ in length")
    if cause == CENSORED:
        raise ValueError("cause 0 stands for censored times")
    censored, of_interest = types == CENSORED, types == cause
    times, _ = survival_arrays(durations, ~censored)
    return CompetingRisks(times, of_interest, ~(censored | of_interest), censored)
