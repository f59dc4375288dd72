"""Checking and preparing the arrays that the survival functions receive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]
Number = TypeVar("Number", np.float64, np.intp)

# R's survival package calls two times equal when they differ by less than this share of their size.
TIE_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def floats(name: str, values: npt.ArrayLike) -> FloatArray:
    """Return `values` as a float array, refusing NaN and infinities by naming the argument."""
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
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
    times, happened = unmerged_arrays(durations, event_observed)
    return merge_float_ties(times), happened


def unmerged_arrays(durations: npt.ArrayLike, event_observed: npt.ArrayLike) -> tuple[FloatArray, BoolArray]:
    """Check as `survival_arrays`, for a caller that merges the float ties of the distinct times itself."""
    times = floats("durations", durations).ravel()
    happened = np.asarray(event_observed).ravel()
    if times.shape != happened.shape:
        raise ValueError("durations and event_observed differ in length")
    if times.size and times.min() < 0:
        raise ValueError("durations contains negative values")
    if happened.dtype != np.bool_:
        events = floats("event_observed", happened)
        happened = events != 0
        if not (events == happened).all():
            raise ValueError("event_observed contains values other than 0 and 1")
    return times, happened


def merge_float_ties(times: FloatArray) -> FloatArray:
    """Make times equal that differ only by floating-point noise; each becomes the earliest of its tie."""
    if not times.size:
        return times
    if np.abs(times).max() < 0.5 / TIE_TOLERANCE and (times == np.rint(times)).all():
        return times  # whole days or months are equal, or a unit apart
    found = np.unique(times)
    first = _first_of_tie(found)
    if first.all():
        return times
    merged: FloatArray = found[first][np.cumsum(first) - 1][np.searchsorted(found, times)]
    return merged


def _first_of_tie(ascending_times: FloatArray) -> BoolArray:
    """Tell which of distinct times are more than noise after the one before."""
    apart = np.diff(ascending_times) > TIE_TOLERANCE * np.mean(np.abs(ascending_times))
    return np.concatenate(([True], apart))


def matrix(name: str, values: npt.ArrayLike, columns: Sequence[str], rows: int) -> FloatArray:
    """Return `values` as a float matrix of shape (rows, len(columns)); a missing value names its column.

    Raises
    ------
    ValueError
        For missing or infinite values, and for another number of rows or columns.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim < 2:
        array = array.reshape(rows, -1) if rows else np.empty((0, len(columns)))
    if array.shape != (rows, len(columns)):
        raise ValueError(f"{name} must have {rows} rows and one column for each of {len(columns)} names")
    known = np.isfinite(array)
    if not known.all():
        column = columns[int(np.argmin(known.all(axis=0)))]
        raise ValueError(f"{name}: {column} contains missing or infinite values")
    return array


def codes(name: str, labels: npt.ArrayLike, rows: int) -> IntArray:
    """Number the distinct values of `labels` 0, 1, 2 … in their sorted order.

    Raises
    ------
    ValueError
        For a missing label and for another number of rows.
    """
    array = np.asarray(labels).ravel()
    if array.size != rows:
        raise ValueError(f"{name} must have {rows} rows")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} contains missing values")
    if array.dtype.kind == "O":
        if any(label is None or label != label for label in array):
            raise ValueError(f"{name} contains missing values")
        array = array.astype(str)
    return np.unique(array, return_inverse=True)[1].astype(np.intp)


def weight_array(name: str, values: npt.ArrayLike, rows: int) -> FloatArray:
    """Return weights, refusing missing or negative ones; a row of weight 0 is as if it were not there."""
    weights = floats(name, values).ravel()
    if weights.size != rows:
        raise ValueError(f"{name} must have {rows} rows")
    if np.any(weights < 0):
        raise ValueError(f"{name} contains negative values")
    return weights


def frequency_array(name: str, values: npt.ArrayLike, rows: int) -> FloatArray:
    """Return how often each row is repeated, refusing what is not a whole number."""
    frequencies = weight_array(name, values, rows)
    if np.any(frequencies != np.rint(frequencies)):
        raise ValueError(f"{name} must be whole numbers")
    return frequencies


def entry_array(entry: npt.ArrayLike, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return entries (left truncation) and `times`, with the float ties between the two merged.

    Raises
    ------
    ValueError
        For missing entries, another number of rows, and an entry not before its time.
    """
    entered = floats("entry", entry).ravel()
    if entered.size != times.size:
        raise ValueError(f"entry must have {times.size} rows")
    entered, times = np.split(merge_float_ties(np.concatenate((entered, times))), 2)
    if np.any(entered >= times):
        raise ValueError("entry must come before durations")
    return entered, times


def distinct(values: npt.NDArray[Number]) -> tuple[npt.NDArray[Number], IntArray]:
    """Return the distinct values, ascending, and the position of each value among them.

    Small whole numbers (months, days, codes) are counted, not sorted.
    """
    if values.size and values.min() >= 0 and values.max() < 1 << 16:
        whole = values.astype(np.intp)
        if (whole == values).all():
            seen = (np.bincount(whole) > 0).nonzero()[0]
            position = np.empty(seen[-1] + 1, dtype=np.intp)
            position[seen] = np.arange(seen.size)
            return seen.astype(values.dtype), position[whole]
    found, positions = np.unique(values, return_inverse=True)
    return found, positions


def distinct_times(times: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return as `distinct`, with times made equal that differ only by floating-point noise."""
    found, positions = distinct(times)
    if not found.size or (found[-1] < 0.5 / TIE_TOLERANCE and (found == np.rint(found)).all()):
        return found, positions
    first = _first_of_tie(found)
    return found[first], (np.cumsum(first) - 1)[positions]


def ascending(times: FloatArray) -> IntArray:
    """Return the stable order that sorts `times` ascending.

    Small whole numbers (months, days) are sorted as integers, in a tenth of the time.
    """
    if times.size and times.min() >= 0 and times.max() <= np.iinfo(np.uint16).max:
        whole = times.astype(np.uint16)
        if np.array_equal(whole, times):
            return np.argsort(whole, kind="stable")
    return np.argsort(times, kind="stable")
