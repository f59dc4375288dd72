"""Checking and preparing the arrays that the survival functions receive."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# R's survival package calls two times equal when they differ by less than this share of their size.
TIE_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def floats(name: str, values: npt.ArrayLike) -> FloatArray:
    """Return `values` as a float array, refusing NaN and infinities by naming the argument."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} contains missing or infinite values")
    return array


def survival_arrays(durations: npt.ArrayLike, event_observed: npt.ArrayLike) -> tuple[FloatArray, BoolArray]:
    """Return durations and event indicators as arrays of equal length.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Times from the origin, in any unit, not negative. Times that differ only by floating-point noise
        are made equal, as R's ``timefix`` does.
    event_observed : array_like of bool or 0/1, shape (n,)
        True where the event was seen, False where the time is censored.

    Raises
    ------
    ValueError
        For missing, infinite or negative values, for an indicator other than 0 and 1, for unequal lengths.
    """
    times = floats("durations", durations).ravel()
    events = floats("event_observed", event_observed).ravel()
    if times.shape != events.shape:
        raise ValueError("durations and event_observed differ in length")
    if np.any(times < 0):
        raise ValueError("durations contains negative values")
    if not np.all((events == 0) | (events == 1)):
        raise ValueError("event_observed contains values other than 0 and 1")
    return _merge_float_ties(times), events == 1


def _merge_float_ties(times: FloatArray) -> FloatArray:
    unique, inverse = np.unique(times, return_inverse=True)
    if unique.size < 2:
        return times
    gaps = np.diff(unique)
    apart = gaps > TIE_TOLERANCE * np.mean(np.abs(unique))
    if bool(np.all(apart)):
        return times
    first_of_tie = np.concatenate(([True], apart))
    merged: FloatArray = unique[first_of_tie][np.cumsum(first_of_tie) - 1][inverse]
    return merged
