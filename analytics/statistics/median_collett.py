"""The median survival with the symmetric confidence interval that SPSS prints (Collett's formula)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from analytics.statistics.arrays import TIE_TOLERANCE
from analytics.statistics.kaplan_meier import KaplanMeier
from analytics.statistics.result import Result
from analytics.statistics.survival_quantile import NO_PATIENTS, NOT_REACHED
from registry.terminology.text import gettext_noop as _

METHOD = _("Kaplan–Meier; symmetric confidence interval, median ± z·SE (Collett; as SPSS prints)")
TOO_SHORT = _("the curve does not fall to 45 %, so the standard error of the median cannot be computed")


@dataclass(frozen=True)
class MedianCollett(Result):
    """Median ± z·SE.

    Attributes
    ----------
    value, std_err, lower, upper : float or None
        In the unit of the durations. `lower` may be negative: the formula knows no bound.
    reason : str or None
        Why a value is missing.
    """

    method: str
    conf_level: float
    n: int
    events: int
    value: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    reason: str | None


def median_collett(curve: KaplanMeier, half_window: float = 0.05) -> MedianCollett:
    """Estimate the median and its standard error from the slope of the curve around it.

    SE = se(S(t50)) / f with f = [S(u) − S(l)] / (l − u), where u is the last event time with
    S ≥ 0.5 + `half_window` (the origin if there is none) and l the first with S ≤ 0.5 − `half_window`.

    Parameters
    ----------
    curve : KaplanMeier
    half_window : float
        Collett and SPSS use 0.05.

    References
    ----------
    Collett D. Modelling Survival Data in Medical Research, 1994, section 2.4.
    """
    happened = curve.events_at > 0
    times, survival, std_errs = curve.times[happened], curve.survival[happened], curve.std_err[happened]
    reached = np.flatnonzero(survival <= 0.5 + TIE_TOLERANCE)
    if reached.size == 0:
        reason = NOT_REACHED if curve.n else NO_PATIENTS
        return _result(curve, None, None, reason)
    median = float(times[reached[0]])
    below = np.flatnonzero(survival <= 0.5 - half_window + TIE_TOLERANCE)
    if below.size == 0 or np.isnan(std_errs[reached[0]]):
        return _result(curve, median, None, TOO_SHORT)
    above = np.flatnonzero(survival >= 0.5 + half_window - TIE_TOLERANCE)
    u, s_u = (times[above[-1]], survival[above[-1]]) if above.size else (0.0, 1.0)
    low, s_l = times[below[0]], survival[below[0]]
    density = (s_u - s_l) / (low - u)
    return _result(curve, median, float(std_errs[reached[0]] / density), None)


def _result(
    curve: KaplanMeier, median: float | None, std_err: float | None, reason: str | None
) -> MedianCollett:
    lower = upper = None
    if median is not None and std_err is not None:
        z = float(ndtri(0.5 + curve.conf_level / 2))
        lower, upper = median - z * std_err, median + z * std_err
    return MedianCollett(
        METHOD, curve.conf_level, curve.n, curve.events, median, std_err, lower, upper, reason
    )
