"""Quantiles of a survival time (the median is one) with their confidence interval, by R's rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.statistics.arrays import TIE_TOLERANCE, FloatArray
from analytics.statistics.kaplan_meier import KaplanMeier
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Kaplan–Meier; confidence interval by Brookmeyer–Crowley on the log(−log) scale")
NO_PATIENTS = _("no patients")
NOT_REACHED = _("not reached")


@dataclass(frozen=True)
class SurvivalQuantile(Result):
    """The time by which the share `probability` has had the event.

    Attributes
    ----------
    value : float or None
        None when the curve does not fall that far; `reason` then says so.
    lower, upper : float or None
        Confidence limits; None when the band does not fall that far.
    """

    method: str
    probability: float
    conf_level: float
    n: int
    events: int
    value: float | None
    lower: float | None
    upper: float | None
    reason: str | None


def survival_quantile(curve: KaplanMeier, probability: float = 0.5) -> SurvivalQuantile:
    """Read a quantile off a Kaplan–Meier curve.

    The quantile is the first time at which S(t) falls to 1 − `probability` or below. Where S(t) equals it
    exactly, the midpoint of that plateau is taken, as R's ``quantile.survfit`` does. The limits are read
    off the limits of the curve in the same way.

    Parameters
    ----------
    curve : KaplanMeier
    probability : float
        0.5 for the median.

    References
    ----------
    Brookmeyer R, Crowley J. Biometrics 1982;38:29–41.
    """
    level = 1.0 - probability
    times = np.array(curve.times, dtype=np.float64)
    value, lower, upper = (
        _first_time_below(times, np.array(band, dtype=np.float64), level)
        for band in (curve.survival, curve.lower, curve.upper)
    )
    reason = None
    if value is None:
        reason = NOT_REACHED if curve.n else NO_PATIENTS
    return SurvivalQuantile(
        METHOD, probability, curve.conf_level, curve.n, curve.events, value, lower, upper, reason
    )


def _first_time_below(times: FloatArray, curve: FloatArray, level: float) -> float | None:
    known = ~np.isnan(curve)
    reached = np.flatnonzero(known & (np.where(known, curve, 1.0) <= level + TIE_TOLERANCE))
    if reached.size == 0:
        return None
    first = reached[0]
    if abs(curve[first] - level) >= TIE_TOLERANCE:
        return float(times[first])
    beyond = np.flatnonzero(known & (np.where(known, curve, 1.0) < level - TIE_TOLERANCE))
    plateau_end = times[beyond[0]] if beyond.size else times[-1]
    return float((times[first] + plateau_end) / 2)
