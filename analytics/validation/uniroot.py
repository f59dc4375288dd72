"""The root that R's ``uniroot`` reports: its default tolerance leaves three or four digits.

Some of R's results are such roots, so a better root disagrees with them. Brent's method is deterministic:
the same equation, bracket and tolerance lead through the same steps to the same early stop.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_EPSILON = float(np.finfo(np.float64).eps)
TOLERANCE = _EPSILON**0.25


def uniroot(function: Callable[[float], float], low: float, high: float) -> float:
    """Search a root between two points at which the function has different signs.

    Parameters
    ----------
    function : callable
    low, high : float

    References
    ----------
    Brent RP. Algorithms for Minimization without Derivatives. 1973, chapter 4.
    """
    previous, best = low, high
    at_previous, at_best = function(previous), function(best)
    other, at_other = previous, at_previous  # the root lies between `best` and `other`
    while True:
        last_step = best - previous
        if abs(at_other) < abs(at_best):
            previous, best, other = best, other, best
            at_previous, at_best, at_other = at_best, at_other, at_best
        smallest_step = 2 * _EPSILON * abs(best) + TOLERANCE / 2
        half = (other - best) / 2
        if abs(half) <= smallest_step or at_best == 0:
            return best
        step = half
        if abs(last_step) >= smallest_step and abs(at_previous) > abs(at_best):
            interpolated = _interpolation((best, at_best), (previous, at_previous), (other, at_other))
            room = min(1.5 * abs(half) - smallest_step / 2, abs(last_step) / 2)
            if interpolated * half > 0 and abs(interpolated) < room:
                step = interpolated
        if abs(step) < smallest_step:
            step = float(np.copysign(smallest_step, step))
        previous, at_previous = best, at_best
        best += step
        at_best = function(best)
        if at_best * at_other > 0:
            other, at_other = previous, at_previous


def _interpolation(
    best: tuple[float, float], previous: tuple[float, float], other: tuple[float, float]
) -> float:
    """The step from `best` to where the line, or the inverse parabola, through the points is zero."""
    (b, fb), (a, fa), (c, fc) = best, previous, other
    if a == c:
        return (c - b) * fb / (fb - fa)
    q, r, s = fa / fc, fb / fc, fb / fa
    return s * ((b - a) * (r - 1) - (c - b) * q * (q - r)) / ((q - 1) * (r - 1) * (s - 1))
