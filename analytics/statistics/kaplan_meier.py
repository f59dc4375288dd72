"""The Kaplan–Meier estimate of a survival function, with its pointwise confidence band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import BoolArray, FloatArray, survival_arrays
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Kaplan–Meier, Greenwood variance, log(−log) confidence interval")


@dataclass(frozen=True)
class KaplanMeier(Result):
    """A survival curve as a table with one row per distinct time.

    Attributes
    ----------
    method : str
    conf_level : float
    n, events : int
    times : tuple of float
        Distinct event and censoring times, ascending, in the unit of the durations.
    at_risk, events_at, censored_at : tuple of int
        Counts just before and at each time. An event precedes a censoring at the same time.
    survival : tuple of float
        S(t) at and after each time, up to the next.
    std_err : tuple of (float or None)
        Greenwood standard error of S(t); None where S(t) is 0.
    lower, upper : tuple of (float or None)
        Log(−log) confidence limits; None where S(t) is 0 or 1, as in R.
    """

    method: str
    conf_level: float
    n: int
    events: int
    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events_at: tuple[int, ...]
    censored_at: tuple[int, ...]
    survival: tuple[float, ...]
    std_err: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]

    @property
    def last_time(self) -> float | None:
        """The longest time observed: the curve says nothing beyond it."""
        return self.times[-1] if self.times else None


def kaplan_meier(
    durations: npt.ArrayLike, event_observed: npt.ArrayLike, conf_level: float = 0.95
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

    Returns
    -------
    KaplanMeier
        Without patients, a curve with no rows.

    Raises
    ------
    ValueError
        For missing, negative or infinite times.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–481. Kalbfleisch JD, Prentice RL. The Statistical
    Analysis of Failure Time Data, 1980 (log(−log) limits).
    """
    times, events = survival_arrays(durations, event_observed)
    if times.size == 0:
        return KaplanMeier(METHOD, conf_level, 0, 0, (), (), (), (), (), (), (), ())
    timeline, at_risk, observed, censored, survival = _product_limit(times, events)
    se_log = _greenwood(at_risk, observed)
    lower, upper = _log_log_limits(survival, se_log, conf_level)
    reached_zero = survival <= 0
    std_err = np.where(reached_zero, np.nan, survival * np.where(reached_zero, 0.0, se_log))
    return KaplanMeier(
        method=METHOD,
        conf_level=conf_level,
        n=int(times.size),
        events=int(events.sum()),
        times=tuple(map(float, timeline)),
        at_risk=tuple(map(int, at_risk)),
        events_at=tuple(map(int, observed)),
        censored_at=tuple(map(int, censored)),
        survival=tuple(map(float, survival)),
        std_err=_or_none(std_err),
        lower=_or_none(lower),
        upper=_or_none(upper),
    )


def _product_limit(
    times: FloatArray, events: BoolArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    from lifelines import KaplanMeierFitter  # over a second to import

    fitter = KaplanMeierFitter().fit(times, events)
    table = fitter.event_table
    rows = table["removed"].to_numpy() > 0  # lifelines adds a row at the origin
    columns = (table[name].to_numpy(dtype=np.float64)[rows] for name in ("at_risk", "observed", "censored"))
    at_risk, observed, censored = columns
    survival = fitter.survival_function_.iloc[:, 0].to_numpy(dtype=np.float64)[rows]
    return table.index.to_numpy(dtype=np.float64)[rows], at_risk, observed, censored, survival


def _greenwood(at_risk: FloatArray, observed: FloatArray) -> FloatArray:
    """Return the standard error of log S(t); infinite once S(t) is 0."""
    left = at_risk - observed
    terms = np.divide(observed, at_risk * left, out=np.full_like(at_risk, np.inf), where=left > 0)
    std_err: FloatArray = np.sqrt(np.cumsum(terms))
    return std_err


def _log_log_limits(
    survival: FloatArray, se_log: FloatArray, conf_level: float
) -> tuple[FloatArray, FloatArray]:
    z = float(ndtri(0.5 + conf_level / 2))
    inside = (survival > 0) & (survival < 1)
    log_s = np.log(np.where(inside, survival, 0.5))
    half_width = z * np.where(inside, se_log, 0.0) / -log_s
    center = np.log(-log_s)
    lower = np.where(inside, np.exp(-np.exp(center + half_width)), np.nan)
    upper = np.where(inside, np.exp(-np.exp(center - half_width)), np.nan)
    return lower, upper


def _or_none(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)
