"""Group labels as codes and as text."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import IntArray, distinct


def coded_groups(groups: npt.ArrayLike, rows: int) -> tuple[tuple[str, ...], IntArray]:
    """Return the distinct labels as text, in their order, and the code of each row.

    Parameters
    ----------
    groups : array_like, shape (rows,)
        Numbers are sorted by size, anything else as in a dictionary: signs, digits, letters of either case.
        Whole numbers are written without a decimal point.
    rows : int

    Raises
    ------
    ValueError
        For another number of rows and for a missing label.
    """
    labels = np.asarray(groups).ravel()
    if labels.size != rows:
        raise ValueError("groups and durations differ in length")
    if labels.dtype.kind in "iuf":
        numbers = labels.astype(np.float64)
        if not np.isfinite(numbers).all():
            raise ValueError("groups contains missing values")
        found, codes = distinct(numbers)
        return tuple(f"{number:.15g}" for number in found.tolist()), codes
    seen: dict[object, int] = {}
    codes = np.array([seen.setdefault(label, len(seen)) for label in labels.tolist()], dtype=np.intp)
    if any(label is None or label != label for label in seen):
        raise ValueError("groups contains missing values")
    names = [str(label) for label in seen]
    order = sorted(range(len(names)), key=lambda code: _as_in_a_dictionary(names[code]))
    return tuple(names[code] for code in order), np.argsort(order)[codes]


def _as_in_a_dictionary(label: str) -> tuple[list[tuple[bool, bool, str]], str]:
    signs_first = [(letter.isalpha(), letter.isdigit(), letter.lower()) for letter in label]
    return signs_first, label.swapcase()
