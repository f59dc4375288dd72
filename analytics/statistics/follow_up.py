"""How long the patients were followed: the reverse Kaplan–Meier estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import survival_arrays
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.result import Result
from analytics.statistics.survival_quantile import survival_quantile
from registry.terminology.text import gettext_noop as _

METHOD = _("reverse Kaplan–Meier: deaths censor the follow-up, the ends of observation are its events")


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
    alive_median : float or None
        Plain median of the times of patients without the event, shown beside it.
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
    alive_median: float | None
    reason: str | None


def follow_up(durations: npt.ArrayLike, event_observed: npt.ArrayLike, conf_level: float = 0.95) -> FollowUp:
    """Estimate the median follow-up by reversing the event indicator.

    At a tie a death stays at risk for the end of observation at the same time.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
        1 for death.
    conf_level : float

    References
    ----------
    Schemper M, Smith TL. Control Clin Trials 1996;17:343–346.
    """
    times, events = survival_arrays(durations, event_observed)
    reverse = kaplan_meier(times, ~events, conf_level)
    q1, median, q3 = (survival_quantile(reverse, probability) for probability in (0.25, 0.5, 0.75))
    alive = times[~events]
    return FollowUp(
        method=METHOD,
        conf_level=conf_level,
        n=reverse.n,
        events=reverse.events,
        median=median.value,
        lower=median.lower,
        upper=median.upper,
        q1=q1.value,
        q3=q3.value,
        alive_median=float(np.median(alive)) if alive.size else None,
        reason=median.reason,
    )
