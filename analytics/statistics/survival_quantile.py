"""Quantiles of a survival time (the median is one) with their confidence interval, by R's rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.statistics.arrays import TIE_TOLERANCE, FloatArray
from analytics.statistics.kaplan_meier import ConfType, KaplanMeier
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHODS = {
    ConfType.LOG_LOG: _("Kaplan–Meier; confidence interval by Brookmeyer–Crowley on the log(−log) scale"),
    ConfType.LOG: _("Kaplan–Meier; confidence interval by Brookmeyer–Crowley on the log scale"),
    ConfType.PLAIN: _("Kaplan–Meier; confidence interval by Brookmeyer–Crowley on the plain scale"),
}
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

    Raises
    ------
    ValueError
        For a probability of 0 or less, or of more than 1.

    References
    ----------
    Brookmeyer R, Crowley J. Biometrics 1982;38:29–41.
    """
    if not 0 < probability <= 1:
        raise ValueError("probability must be above 0 and at most 1")
    value, lower, upper = (
        time_of_fall(curve.times, band, 1.0 - probability)
        for band in (curve.survival, curve.lower, curve.upper)
    )
    reason = None
    if value is None:
        reason = NOT_REACHED if curve.n else NO_PATIENTS
    return SurvivalQuantile(
        METHODS[curve.conf_type],
        probability,
        curve.conf_level,
        curve.n,
        curve.events,
        value,
        lower,
        upper,
        reason,
    )


def time_of_fall(times: FloatArray, curve: FloatArray, level: float) -> float | None:
    """Return when a step function falls to `level`, or the middle of the plateau where it equals it.

    A limit of a survival curve need not fall everywhere: as in R, the highest of its values that are not
    above the level is taken, wherever it stands.

    Parameters
    ----------
    times, curve : ndarray of float, shape (m,)
        NaN where there is no value.
    level : float

    Returns
    -------
    float or None
        None when it does not fall that far.
    """
    reached = _time_of_highest(times, curve, level + TIE_TOLERANCE)
    beyond = _time_of_highest(times, curve, level - TIE_TOLERANCE)
    if reached is not None and beyond is None and abs(curve[-1] - level) < TIE_TOLERANCE:
        beyond = float(times[-1])  # the plateau lasts to the end
    return None if reached is None or beyond is None else (reached + beyond) / 2


def _time_of_highest(times: FloatArray, curve: FloatArray, bound: float) -> float | None:
    candidates = np.where(curve <= bound, curve, -1.0)
    best = int(np.argmax(candidates)) if candidates.size else 0
    return float(times[best]) if candidates.size and candidates[best] >= 0 else None
