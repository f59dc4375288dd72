"""The Kaplan–Meier estimate of a survival function, with its pointwise confidence band.

Own code: lifelines finds the same S(t), but has log(−log) limits only, other quantiles than R, and takes many
times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import (
    FloatArray,
    entry_array,
    frequency_array,
    unmerged_arrays,
    weight_array,
)
from analytics.statistics.event_table import Counts, EventTable, event_table
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _


class ConfType(StrEnum):
    """The scale on which a confidence interval of S(t) is symmetric."""

    LOG_LOG = "log-log"
    LOG = "log"
    PLAIN = "plain"


METHODS = {
    ConfType.LOG_LOG: _("Kaplan–Meier, Greenwood variance, log(−log) confidence interval"),
    ConfType.LOG: _("Kaplan–Meier, Greenwood variance, log confidence interval"),
    ConfType.PLAIN: _("Kaplan–Meier, Greenwood variance, plain confidence interval"),
}
METHOD = METHODS[ConfType.LOG_LOG]


@dataclass(frozen=True, eq=False)
class KaplanMeier(Result):
    """A survival curve as a table with one row per distinct time.

    Attributes
    ----------
    method : str
    conf_type : ConfType
    conf_level : float
    n, events : int
        Patients: rows, or rows repeated.
    times : ndarray of float, shape (m,)
        Distinct event and censoring times, ascending, in the unit of the durations.
    at_risk, events_at, censored_at : ndarray, shape (m,)
        Counts just before and at each time; sums where there are weights. An event precedes a censoring at
        the same time.
    survival : ndarray of float, shape (m,)
        S(t) at and after each time, up to the next.
    std_err : ndarray of float, shape (m,)
        Greenwood standard error of S(t); NaN where S(t) is 0.
    lower, upper : ndarray of float, shape (m,)
        Confidence limits; NaN where S(t) is 0, and on the log(−log) scale where it is 1, as in R.
    """

    nullable_arrays = ("std_err", "lower", "upper")

    method: str
    conf_type: ConfType
    conf_level: float
    n: int
    events: int
    times: FloatArray
    at_risk: Counts
    events_at: Counts
    censored_at: Counts
    survival: FloatArray
    std_err: FloatArray
    lower: FloatArray
    upper: FloatArray

    @property
    def last_time(self) -> float | None:
        """The longest time observed: the curve says nothing beyond it."""
        return float(self.times[-1]) if self.times.size else None

    @property
    def std_err_log(self) -> FloatArray:
        """Greenwood standard error of log S(t), shape (m,); infinite where S(t) is 0."""
        ratio = np.full(self.survival.size, np.inf)
        np.divide(self.std_err, self.survival, out=ratio, where=self.survival > 0)
        return ratio


def kaplan_meier(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    conf_level: float = 0.95,
    *,
    conf_type: ConfType = ConfType.LOG_LOG,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
) -> KaplanMeier:
    """Estimate S(t) by the product-limit method.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Times from the origin; any unit.
    event_observed : array_like of 0/1, shape (n,)
        1 where the event was seen, 0 where the time is censored.
    conf_level : float
        Level of the pointwise confidence limits.
    conf_type : ConfType
    entry : array_like of float, shape (n,), optional
        When each row came under observation, before its duration (left truncation).
    weights, frequencies : array_like of float, shape (n,), optional
        Case weights, whose sums replace the counts in estimate and variance (R's `weights` with
        ``robust=FALSE``), or whole numbers of repetitions; not both. A row of weight 0 is left out.

    Returns
    -------
    KaplanMeier
        Without patients, a curve with no rows.

    Raises
    ------
    ValueError
        For missing, negative or infinite times, entries not before their durations, frequencies that are
        not whole, weights beside frequencies.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–481. Kalbfleisch JD, Prentice RL. The Statistical
    Analysis of Failure Time Data, 1980 (log(−log) limits).
    """
    times, events = unmerged_arrays(durations, event_observed)
    entered = None
    if entry is not None:
        entered, times = entry_array(entry, times)
    counted = _counted(weights, frequencies, times.size)
    n, happened = times.size, int(np.count_nonzero(events))
    if counted is not None:
        each = counted if weights is None else counted > 0
        n, happened = int(each.sum()), int(each[events].sum())
    return product_limit(
        event_table(times, events, entry=entered, weights=counted), n, happened, conf_level, conf_type
    )


def product_limit(
    table: EventTable, n: int, events: int, conf_level: float, conf_type: ConfType
) -> KaplanMeier:
    """Estimate S(t) from the counts of one group; see `kaplan_meier`."""
    at_risk, failing, censored = table.at_risk[0], table.events[0], table.censored[0]
    left = at_risk - failing
    survival = (left / at_risk).cumprod()
    positive = int(np.count_nonzero(survival))  # S(t) stays 0 once it is
    std_err_log = np.sqrt((failing[:positive] / (at_risk * left)[:positive]).cumsum())
    bands = np.full((3, survival.size), np.nan)
    bands[0, :positive] = survival[:positive] * std_err_log
    # Before the first event the log(−log) scale has no limits; an event makes S(t) less than 1.
    first = int(np.count_nonzero(survival == 1)) if conf_type is ConfType.LOG_LOG else 0
    width = float(ndtri(0.5 + conf_level / 2)) * std_err_log[first:]
    bands[1, first:positive], bands[2, first:positive] = _LIMITS[conf_type](survival[first:positive], width)
    std_err, lower, upper = bands
    return KaplanMeier(
        method=METHODS[conf_type],
        conf_type=conf_type,
        conf_level=conf_level,
        n=n,
        events=events,
        times=table.times,
        at_risk=at_risk,
        events_at=failing,
        censored_at=censored,
        survival=survival,
        std_err=std_err,
        lower=lower,
        upper=upper,
    )


def _counted(
    weights: npt.ArrayLike | None, frequencies: npt.ArrayLike | None, rows: int
) -> FloatArray | None:
    if weights is not None and frequencies is not None:
        raise ValueError("weights and frequencies cannot be combined")
    if weights is not None:
        return weight_array("weights", weights, rows)
    return None if frequencies is None else frequency_array("frequencies", frequencies, rows)


def _log_log(survival: FloatArray, width: FloatArray) -> tuple[FloatArray, FloatArray]:
    log_survival = np.log(survival)
    ratio = np.exp(width / log_survival)
    return np.exp(log_survival / ratio), np.exp(log_survival * ratio)


def _log(survival: FloatArray, width: FloatArray) -> tuple[FloatArray, FloatArray]:
    return survival * np.exp(-width), np.minimum(survival * np.exp(width), 1.0)


def _plain(survival: FloatArray, width: FloatArray) -> tuple[FloatArray, FloatArray]:
    half = survival * width
    return np.maximum(survival - half, 0.0), np.minimum(survival + half, 1.0)


_LIMITS: dict[ConfType, Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]] = {
    ConfType.LOG_LOG: _log_log,
    ConfType.LOG: _log,
    ConfType.PLAIN: _plain,
}
