"""The mean survival time up to a stated time: the area under the Kaplan–Meier curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from analytics.statistics.kaplan_meier import KaplanMeier
from analytics.statistics.result import Result
from analytics.statistics.survival_probability import BEYOND
from analytics.statistics.survival_quantile import NO_PATIENTS
from registry.terminology.text import gettext_noop as _

METHOD = _("restricted mean survival time: area under the Kaplan–Meier curve, Greenwood-type variance")


@dataclass(frozen=True)
class RestrictedMean(Result):
    """Mean survival time, counting no more than `horizon` for anyone.

    Attributes
    ----------
    horizon : float or None
        The time up to which the area is taken.
    value, std_err, lower, upper : float or None
        In the unit of the durations; the limits are value ± z·SE.
    reason : str or None
        Why the mean is missing.
    """

    method: str
    conf_level: float
    n: int
    events: int
    horizon: float | None
    value: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    reason: str | None


def restricted_mean(curve: KaplanMeier, horizon: float | None = None) -> RestrictedMean:
    """Integrate a Kaplan–Meier curve from 0 to `horizon`, never beyond its last observation.

    Parameters
    ----------
    curve : KaplanMeier
    horizon : float, optional
        In the unit of the curve's times; the last observation if not given.

    Raises
    ------
    ValueError
        For a horizon that is not above 0.

    References
    ----------
    Irwin JO. J Hyg 1949;47:188–189. Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152.
    """
    if horizon is not None and not horizon > 0:
        raise ValueError("horizon must be above 0")
    until = curve.last_time if horizon is None else horizon
    if until is None or curve.last_time is None:
        return _result(curve, until, None, None, NO_PATIENTS)
    if until > curve.last_time and curve.survival[-1] > 0:
        return _result(curve, until, None, None, BEYOND)
    before = curve.times <= until
    times = np.concatenate(([0.0], curve.times[before], [until]))
    areas = np.diff(times) * np.concatenate(([1.0], curve.survival[before]))
    at_risk, events = curve.at_risk[before], curve.events_at[before]
    left = at_risk - events
    # Once S(t) is 0 there is no area left that could vary.
    hazard_variance = np.divide(events, at_risk * left, out=np.zeros(left.size), where=left > 0)
    area_after = np.cumsum(areas[:0:-1])[::-1]
    variance = float(np.sum(area_after**2 * hazard_variance))
    return _result(curve, until, float(areas.sum()), variance**0.5, None)


def _result(
    curve: KaplanMeier, horizon: float | None, value: float | None, std_err: float | None, reason: str | None
) -> RestrictedMean:
    lower = upper = None
    if value is not None and std_err is not None:
        width = float(ndtri(0.5 + curve.conf_level / 2)) * std_err
        lower, upper = value - width, value + width
    return RestrictedMean(
        METHOD, curve.conf_level, curve.n, curve.events, horizon, value, std_err, lower, upper, reason
    )
