"""Competing risks: the event types a patient can have, of which the first hides the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, IntArray, floats, survival_arrays

CENSORED = 0


def competing_risks_arrays(
    durations: npt.ArrayLike, event_types: npt.ArrayLike
) -> tuple[FloatArray, IntArray]:
    """Return durations and event types as arrays of equal length.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Times from the origin to the first event of any type, or to censoring; not negative.
    event_types : array_like of int, shape (n,)
        0 where the time is censored, otherwise a number for each type of event.

    Raises
    ------
    ValueError
        For missing, infinite or negative durations, for event types that are missing or no whole numbers,
        for unequal lengths.
    """
    types = floats("event_types", event_types).ravel()
    if np.any(types != np.rint(types)):
        raise ValueError("event_types contains values that are not whole numbers")
    if np.size(durations) != types.size:
        raise ValueError("durations and event_types differ in length")
    times, _ = survival_arrays(durations, types != CENSORED)
    return times, types.astype(np.intp)
