"""The median survival with the symmetric confidence interval that SPSS prints (Collett's formula)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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
    before, after : float or None
        The event times around the median between which the slope is taken.
    density : float or None
        That slope: the density of the survival time at the median.
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
    before: float | None
    after: float | None
    density: float | None
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
        return _result(curve, None, NOT_REACHED if curve.n else NO_PATIENTS)
    median, std_err = float(times[reached[0]]), float(std_errs[reached[0]])
    below = np.flatnonzero(survival <= 0.5 - half_window + TIE_TOLERANCE)
    if below.size == 0 or np.isnan(std_err):
        return _result(curve, median, TOO_SHORT)
    above = np.flatnonzero(survival >= 0.5 + half_window - TIE_TOLERANCE)
    u, s_u = (float(times[above[-1]]), float(survival[above[-1]])) if above.size else (0.0, 1.0)
    low, s_l = float(times[below[0]]), float(survival[below[0]])
    density = (s_u - s_l) / (low - u)
    return _result(curve, median, None, _Slope(u, low, density, std_err / density))


class _Slope(NamedTuple):
    before: float
    after: float
    density: float
    std_err: float


def _result(
    curve: KaplanMeier, median: float | None, reason: str | None, slope: _Slope | None = None
) -> MedianCollett:
    width = None if slope is None else float(ndtri(0.5 + curve.conf_level / 2)) * slope.std_err
    return MedianCollett(
        method=METHOD,
        conf_level=curve.conf_level,
        n=curve.n,
        events=curve.events,
        value=median,
        std_err=slope.std_err if slope else None,
        lower=median - width if median is not None and width is not None else None,
        upper=median + width if median is not None and width is not None else None,
        before=slope.before if slope else None,
        after=slope.after if slope else None,
        density=slope.density if slope else None,
        reason=reason,
    )
