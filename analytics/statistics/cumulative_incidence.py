"""The cumulative incidence of one type of event in the presence of others (Aalen–Johansen)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.competing_risks import competing_risks
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Aalen–Johansen cumulative incidence, Gray's variance, log-log confidence interval")
NO_PATIENTS = _("no patients")
BEYOND = _("beyond the last observation: not extrapolated")


@dataclass(frozen=True, eq=False)
class CumulativeIncidence(Result):
    """A cumulative incidence curve, one row for each time at which the event of interest happened.

    Attributes
    ----------
    n, events, competing_events : int
        Patients, events of interest and events of any other type.
    times, incidence, variance : ndarray of float, shape (k,)
        The incidence is 0 before the first time and constant between times.
    lower, upper : ndarray of float, shape (k,)
    last_time : float or None
        End of the longest observation; nothing is known beyond.
    reason : str or None
    """

    method: str
    conf_level: float
    n: int
    events: int
    competing_events: int
    times: FloatArray
    incidence: FloatArray
    variance: FloatArray
    lower: FloatArray
    upper: FloatArray
    last_time: float | None
    reason: str | None


@dataclass(frozen=True)
class IncidenceAt(Result):
    """The cumulative incidence at one time; None, with a reason, beyond the last observation."""

    method: str
    conf_level: float
    time: float
    incidence: float | None = None
    variance: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None


def cumulative_incidence(
    durations: npt.ArrayLike, event_types: npt.ArrayLike, cause: int = 1, conf_level: float = 0.95
) -> CumulativeIncidence:
    """Estimate the probability of having had an event of type `cause`, as R's ``cmprsk::cuminc`` does.

    One minus a Kaplan–Meier curve that censors the other types would be too high: it speaks of a world
    without them. Of two groups, each is estimated by a call of its own and compared by `gray_test`. Own code:
    lifelines breaks tied times at random.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_types : array_like of int, shape (n,)
        0 where the time is censored.
    cause : int
        The type of interest; every other type competes with it.
    conf_level : float
        The interval is symmetric on the scale of log(−log F) and stays within 0 and 1.

    References
    ----------
    Aalen OO, Johansen S. Scand J Stat 1978;5:141–150. Gray RJ. Ann Stat 1988;16:1141–1154.
    Choudhury JB. Stat Med 2002;21:1129–1144 (interval).
    """
    risks = competing_risks(durations, event_types, cause)
    n = int(risks.times.size)
    distinct, position = np.unique(risks.times, return_inverse=True)
    at_risk = n - np.searchsorted(np.sort(risks.times), distinct, side="left")
    of_interest = np.bincount(position[risks.of_interest], minlength=distinct.size)
    competing = np.bincount(position[risks.competing], minlength=distinct.size)

    survival = np.cumprod(1.0 - (of_interest + competing) / at_risk, dtype=np.float64)
    before = np.concatenate(([1.0], survival))[:-1]
    incidence = np.cumsum(before * of_interest / at_risk)
    variance = _variance(before, survival, incidence, at_risk, of_interest, competing)
    steps = of_interest > 0
    lower, upper = _log_log_interval(incidence[steps], variance[steps], conf_level)
    return CumulativeIncidence(
        method=METHOD,
        conf_level=conf_level,
        n=n,
        events=int(of_interest.sum()),
        competing_events=int(competing.sum()),
        times=distinct[steps],
        incidence=incidence[steps],
        variance=variance[steps],
        lower=lower,
        upper=upper,
        last_time=float(distinct[-1]) if n else None,
        reason=None if n else NO_PATIENTS,
    )


def incidence_at(curve: CumulativeIncidence, times: Iterable[float]) -> tuple[IncidenceAt, ...]:
    """Read a cumulative incidence curve at each of `times`, never beyond its last observation."""
    return tuple(_at(curve, time) for time in times)


def _at(curve: CumulativeIncidence, time: float) -> IncidenceAt:
    if curve.last_time is None or time > curve.last_time:
        return IncidenceAt(METHOD, curve.conf_level, time, reason=curve.reason or BEYOND)
    row = int(np.searchsorted(curve.times, time, side="right")) - 1
    if row < 0:
        return IncidenceAt(METHOD, curve.conf_level, time, 0.0, 0.0)
    return IncidenceAt(
        METHOD,
        curve.conf_level,
        time,
        incidence=float(curve.incidence[row]),
        variance=float(curve.variance[row]),
        lower=float(curve.lower[row]),
        upper=float(curve.upper[row]),
    )


def _variance(
    before: FloatArray,
    survival: FloatArray,
    incidence: FloatArray,
    at_risk: IntArray,
    of_interest: IntArray,
    competing: IntArray,
) -> FloatArray:
    """Gray's variance: each event moves F(t) by what it adds, less what it takes from those who follow.

    The increments have a common form, ∑(a + F(t)·b)², kept as its three sums because F(t) changes with t.
    When the last patients at risk have the event, nobody follows and nothing is taken.
    """
    followed = np.divide(1.0, survival, out=np.zeros_like(survival), where=survival > 0)
    own = before**2 * _of_tied(of_interest, at_risk)
    others = np.where(survival > 0, before**2 * _of_tied(competing, at_risk), 0.0)
    relative = followed * incidence
    square = np.cumsum((1.0 + relative) ** 2 * own + relative**2 * others)
    cross = np.cumsum(followed * ((1.0 + relative) * own + relative * others))
    slope = np.cumsum(followed**2 * (own + others))
    variance: FloatArray = square + incidence**2 * slope - 2.0 * incidence * cross
    return variance


def _of_tied(events: IntArray, at_risk: IntArray) -> FloatArray:
    """Variance of the share of `events` among those at risk, tied events drawn without replacement."""
    drawn = np.where(events > 1, 1.0 - (events - 1) / np.maximum(at_risk - 1, 1), 1.0)
    share: FloatArray = drawn * events / at_risk.astype(np.float64) ** 2
    return share


def _log_log_interval(
    incidence: FloatArray, variance: FloatArray, conf_level: float
) -> tuple[FloatArray, FloatArray]:
    """Where everybody has had the event (F = 1 but for rounding) the interval is that point."""
    open_ended = incidence < 1 - 1e-12
    log = np.log(np.where(open_ended, incidence, 0.5))
    spread = float(ndtri(0.5 + conf_level / 2)) * np.sqrt(np.maximum(variance, 0.0)) / (incidence * log)
    lower, upper = (np.where(open_ended, np.exp(log * np.exp(sign * spread)), 1.0) for sign in (-1.0, 1.0))
    return lower, upper
