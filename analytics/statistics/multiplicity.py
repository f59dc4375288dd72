"""Adjusting p-values for their number.

Own code, of a line each: statsmodels has the same adjustments, but takes a second to import.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.statistics.arrays import FloatArray
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _


class Adjustment(StrEnum):
    """What is controlled, and how; the values are R's names."""

    NONE = "none"
    BONFERRONI = "bonferroni"
    HOLM = "holm"
    HOCHBERG = "hochberg"
    HOMMEL = "hommel"
    BENJAMINI_HOCHBERG = "BH"
    BENJAMINI_YEKUTIELI = "BY"


METHODS = {
    Adjustment.NONE: _("p not adjusted for the number of comparisons"),
    Adjustment.BONFERRONI: _("p adjusted by Bonferroni (family-wise error)"),
    Adjustment.HOLM: _("p adjusted by Holm (family-wise error)"),
    Adjustment.HOCHBERG: _("p adjusted by Hochberg (family-wise error)"),
    Adjustment.HOMMEL: _("p adjusted by Hommel (family-wise error)"),
    Adjustment.BENJAMINI_HOCHBERG: _("p adjusted by Benjamini–Hochberg (false discovery rate)"),
    Adjustment.BENJAMINI_YEKUTIELI: _("p adjusted by Benjamini–Yekutieli (false discovery rate)"),
}


@dataclass(frozen=True)
class AdjustedP(Result):
    """A family of p-values.

    Attributes
    ----------
    n : int
        Number of tests that have a p-value.
    p, adjusted : tuple of (float or None)
        In the order given; None for a test that gave none, and that counts as none.
    """

    method: str
    adjustment: Adjustment
    n: int
    p: tuple[float | None, ...]
    adjusted: tuple[float | None, ...]


def adjust(p: Sequence[float | None], adjustment: Adjustment = Adjustment.HOLM) -> AdjustedP:
    """Adjust a family of p-values, as R's ``p.adjust`` does.

    Parameters
    ----------
    p : sequence of (float or None)
    adjustment : Adjustment

    Raises
    ------
    ValueError
        For a p outside 0 to 1.

    References
    ----------
    Holm S. Scand J Stat 1979;6:65–70. Hochberg Y. Biometrika 1988;75:800–803. Hommel G. Biometrika
    1988;75:383–386. Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289–300. Benjamini Y, Yekutieli D.
    Ann Stat 2001;29:1165–1188.
    """
    known = np.array([value for value in p if value is not None], dtype=np.float64)
    if not np.all((known >= 0) & (known <= 1)):
        raise ValueError("p contains values outside 0 to 1")
    order = np.argsort(known, kind="stable")
    adjusted = np.empty_like(known)
    adjusted[order] = np.minimum(1.0, _ADJUST[adjustment](known[order]))
    found = iter(adjusted.tolist())
    return AdjustedP(
        method=METHODS[adjustment],
        adjustment=adjustment,
        n=known.size,
        p=tuple(p),
        adjusted=tuple(None if value is None else next(found) for value in p),
    )


# Each of these receives p ascending.


def _bonferroni(p: FloatArray) -> FloatArray:
    return p * p.size


def _holm(p: FloatArray) -> FloatArray:
    return np.maximum.accumulate(p * np.arange(p.size, 0, -1))


def _hochberg(p: FloatArray) -> FloatArray:
    return _least_above(p * np.arange(p.size, 0, -1))


def _benjamini_hochberg(p: FloatArray) -> FloatArray:
    return _least_above(p * p.size / np.arange(1, p.size + 1))


def _benjamini_yekutieli(p: FloatArray) -> FloatArray:
    return _benjamini_hochberg(p) * float(np.sum(1 / np.arange(1, p.size + 1)))


def _hommel(p: FloatArray) -> FloatArray:
    """Close the Simes tests: the largest Simes p of all sets of hypotheses that contain each one."""
    adjusted = np.zeros_like(p)
    for size in range(1, p.size + 1):
        ranks = np.arange(1, size + 1)
        # The least significant set of this size that contains a hypothesis is made of it and the largest p.
        largest = p[p.size - size :]
        worst = float(np.min(size * largest / ranks))
        adjusted[p.size - size :] = np.maximum(adjusted[p.size - size :], worst)
        if size < p.size:
            others = float(np.min(size * largest[1:] / ranks[1:])) if size > 1 else np.inf
            smaller = slice(0, p.size - size)
            adjusted[smaller] = np.maximum(adjusted[smaller], np.minimum(size * p[smaller], others))
    return adjusted


def _least_above(values: FloatArray) -> FloatArray:
    """Return at each place the smallest value from there on."""
    return np.minimum.accumulate(values[::-1])[::-1]


_ADJUST: dict[Adjustment, Callable[[FloatArray], FloatArray]] = {
    Adjustment.NONE: np.copy,
    Adjustment.BONFERRONI: _bonferroni,
    Adjustment.HOLM: _holm,
    Adjustment.HOCHBERG: _hochberg,
    Adjustment.HOMMEL: _hommel,
    Adjustment.BENJAMINI_HOCHBERG: _benjamini_hochberg,
    Adjustment.BENJAMINI_YEKUTIELI: _benjamini_yekutieli,
}
