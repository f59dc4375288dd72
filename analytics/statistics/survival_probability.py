"""The probability of being event-free at a stated time, and the number at risk there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analytics.statistics.kaplan_meier import KaplanMeier
from analytics.statistics.result import Result, nullable
from analytics.statistics.survival_quantile import NO_PATIENTS
from registry.terminology.text import gettext_noop as _

BEYOND = _("beyond the last observation: not extrapolated")


@dataclass(frozen=True)
class SurvivalProbability(Result):
    """S(t) at one time.

    Attributes
    ----------
    time : float
    survival, std_err, lower, upper : float or None
        None when not estimable; `reason` says why the estimate itself is missing.
    at_risk : int or float
        Patients still under observation and event-free just before `time`.
    cumulative_events : int or float
        Events up to and at `time`.
    """

    method: str
    conf_level: float
    n: int
    events: int
    time: float
    survival: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    at_risk: float
    cumulative_events: float
    reason: str | None


def survival_probability(curve: KaplanMeier, time: float) -> SurvivalProbability:
    """Read S(`time`) off a Kaplan–Meier curve, never beyond its last observation.

    A curve that has reached 0 stays there: everyone has had the event, so nothing is extrapolated.

    Parameters
    ----------
    curve : KaplanMeier
    time : float
        In the unit of the curve's times.
    """
    at_risk = number_at_risk(curve, [time])[0]
    estimate: list[float | None] = [None, None, None, None]
    reason = None
    row = int(np.searchsorted(curve.times, time, side="right")) - 1
    if curve.last_time is None:
        reason = NO_PATIENTS
    elif time > curve.last_time and curve.survival[-1] > 0:
        reason = BEYOND
    else:
        bands = (curve.survival, curve.std_err, curve.lower, curve.upper)
        estimate = [1.0, 0.0, 1.0, 1.0] if row < 0 else nullable(np.array([band[row] for band in bands]))
    survival, std_err, lower, upper = estimate
    return SurvivalProbability(
        curve.method,
        curve.conf_level,
        curve.n,
        curve.events,
        time,
        survival,
        std_err,
        lower,
        upper,
        at_risk,
        curve.events_at[: row + 1].sum().item(),
        reason,
    )


def number_at_risk(curve: KaplanMeier, times: Iterable[float]) -> tuple[float, ...]:
    """Count the patients whose time is at least each of `times`; a sum where there are weights."""
    rows = np.searchsorted(curve.times, np.fromiter(times, dtype=np.float64), side="left")
    return tuple(np.append(curve.at_risk, 0)[rows].tolist())
