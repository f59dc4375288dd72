"""How long the patients were followed: the reverse Kaplan–Meier estimate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import TIE_TOLERANCE, unmerged_arrays
from analytics.statistics.event_table import event_table
from analytics.statistics.kaplan_meier import ConfType, KaplanMeier, product_limit
from analytics.statistics.result import Result
from analytics.statistics.survival_quantile import survival_quantile
from registry.terminology.text import gettext_noop as _

METHOD = _("reverse Kaplan–Meier: deaths censor the follow-up, the ends of observation are its events")
STRICT = _(
    "reverse Kaplan–Meier: deaths censor the follow-up, before the ends of observation at the same time, "
    "which are its events"
)


@dataclass(frozen=True)
class FollowUp(Result):
    """Potential follow-up.

    Attributes
    ----------
    n, events : int
        `events` counts the ends of observation (patients alive), which are the events of this curve.
    median, lower, upper : float or None
        Median and its confidence interval, in the unit of the durations.
    q1, q3 : float or None
        Quartiles of follow-up.
    first_below_half : float or None
        First time at which the curve is below one half and not yet 0: the median by R's ``prodlim``.
    alive_median, naive_median : float or None
        Plain median of the times of patients without the event, and of all, shown beside it.
    reason : str or None
        Why the median is missing.
    """

    method: str
    conf_level: float
    n: int
    events: int
    median: float | None
    lower: float | None
    upper: float | None
    q1: float | None
    q3: float | None
    first_below_half: float | None
    alive_median: float | None
    naive_median: float | None
    reason: str | None


def follow_up(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    conf_level: float = 0.95,
    *,
    conf_type: ConfType = ConfType.LOG_LOG,
    strict: bool = False,
) -> FollowUp:
    """Estimate the median follow-up by reversing the event indicator.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
        1 for death.
    conf_level : float
    conf_type : ConfType
    strict : bool
        At a tie a death stays at risk for the end of observation at the same time, as in any Kaplan–Meier
        curve; strictly it has left before, as in R's ``prodlim``, which matters when time is in months.

    References
    ----------
    Schemper M, Smith TL. Control Clin Trials 1996;17:343–346.
    """
    times, events = unmerged_arrays(durations, event_observed)
    table = event_table(times, ~events)
    if strict:
        ends = table.events > 0
        table = replace(table, at_risk=np.where(ends, table.at_risk - table.censored, table.at_risk))
    alive = times[~events]
    reverse = product_limit(table, times.size, alive.size, conf_level, conf_type)
    q1, median, q3 = (survival_quantile(reverse, probability) for probability in (0.25, 0.5, 0.75))
    return FollowUp(
        method=STRICT if strict else METHOD,
        conf_level=conf_level,
        n=reverse.n,
        events=reverse.events,
        median=median.value,
        lower=median.lower,
        upper=median.upper,
        q1=q1.value,
        q3=q3.value,
        first_below_half=_first_below_half(reverse),
        alive_median=float(np.median(alive)) if alive.size else None,
        naive_median=float(np.median(times)) if times.size else None,
        reason=median.reason,
    )


def _first_below_half(curve: KaplanMeier) -> float | None:
    below = (curve.survival < 0.5 - TIE_TOLERANCE) & (curve.survival > 0)
    return float(curve.times[below][0]) if below.any() else None
