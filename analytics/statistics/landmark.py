"""Landmark analysis: survival by something that happened after time 0, such as a response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import BoolArray, FloatArray, floats, survival_arrays
from analytics.statistics.log_rank import LogRank, log_rank
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "landmark analysis: patients under observation and free of the event at the landmark, grouped by what "
    "was known then, followed from there; log-rank test"
)
AT_START = _("patients grouped by what was known at time 0; log-rank test over the whole curves")
EXPOSED, UNEXPOSED = _("exposed"), _("not exposed")


class ImmortalTimeError(ValueError):
    """Refusal to compare, from time 0, groups that were told apart only later."""


@dataclass(frozen=True)
class Landmark(Result):
    """Patients at risk at a landmark, and the comparison of those exposed by then with the others.

    Attributes
    ----------
    landmark : float
    n, events : int
        Patients at risk at the landmark, and their events after it.
    excluded, excluded_events : int
        Patients no longer at risk at the landmark, and their events before it.
    exposed_n : int
        Patients at risk who had been exposed by the landmark.
    at_risk : ndarray of bool, shape of the arguments
        The n patients; the arrays below are theirs, for curves and for models with further covariates.
    durations : ndarray of float, shape (n,)
        From the landmark.
    event_observed, exposed : ndarray of bool, shape (n,)
    log_rank : LogRank
    reason : str or None
        Why there is no test.
    """

    method: str
    landmark: float
    n: int
    events: int
    excluded: int
    excluded_events: int
    exposed_n: int
    at_risk: BoolArray
    durations: FloatArray
    event_observed: BoolArray
    exposed: BoolArray
    log_rank: LogRank
    reason: str | None


def landmark_analysis(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    exposure_times: npt.ArrayLike,
    landmark: float | None = None,
) -> Landmark:
    """Compare the survival of patients exposed by the landmark with that of the others.

    A patient must survive long enough to be exposed. Counted from time 0 that wait is credited to the
    exposed, though none of them could have died in it: such a comparison favors any exposure and is refused.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    exposure_times : array_like of float, shape (n,)
        When each patient was exposed, on the scale of `durations`; infinity for never. An exposure after the
        patient's own duration is after the landmark of all who can be compared.
    landmark : float, optional
        Can be left out only if all who are ever exposed are exposed at time 0.

    Raises
    ------
    ImmortalTimeError
        Without a landmark when somebody was exposed after time 0.
    ValueError
        For missing values, lengths that differ, and a negative landmark.

    References
    ----------
    Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710–719. Suissa S. Am J Epidemiol 2008;167:492–499.
    """
    times, events = survival_arrays(durations, event_observed)
    exposed_at = np.asarray(exposure_times, dtype=np.float64).ravel()
    if exposed_at.shape != times.shape:
        raise ValueError("exposure_times and durations differ in length")
    if np.isnan(exposed_at).any():
        raise ValueError("exposure_times contains missing values; infinity says that there was no exposure")
    if landmark is None:
        _refuse_immortal_time(exposed_at)
        start = 0.0
        at_risk = np.ones(times.size, dtype=np.bool_)
    else:
        start = float(floats("landmark", landmark))
        if start < 0:
            raise ValueError("landmark is negative")
        at_risk = times > start
    exposed = exposed_at[at_risk] <= start
    remaining, happened = times[at_risk] - start, events[at_risk]
    test = log_rank(remaining, happened, np.where(exposed, EXPOSED, UNEXPOSED))
    return Landmark(
        method=AT_START if landmark is None else METHOD,
        landmark=start,
        n=int(at_risk.sum()),
        events=int(happened.sum()),
        excluded=int((~at_risk).sum()),
        excluded_events=int(events[~at_risk].sum()),
        exposed_n=int(exposed.sum()),
        at_risk=at_risk,
        durations=remaining,
        event_observed=happened,
        exposed=exposed,
        log_rank=test,
        reason=test.reason,
    )


def _refuse_immortal_time(exposed_at: FloatArray) -> None:
    later = int((np.isfinite(exposed_at) & (exposed_at > 0)).sum())
    if later:
        raise ImmortalTimeError(
            f"{later} patients were exposed after time 0: they had to survive until then, so that comparing "
            "them with the others from time 0 is biased in their favor; choose a landmark"
        )
