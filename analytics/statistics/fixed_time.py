"""Comparing two or more survival probabilities at one stated time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtri

from analytics.statistics.arrays import FloatArray, survival_arrays
from analytics.statistics.groups import coded_groups
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.result import Result
from analytics.statistics.survival_probability import SurvivalProbability, survival_probability
from registry.terminology.text import gettext_noop as _

METHOD = _("survival probabilities at {time:g} compared on the complementary log–log scale")
ONE_GROUP = _("fewer than two groups")
NOT_ESTIMABLE = _("{label}: {reason}")
NO_VARIANCE = _("{label}: at 0 or 100 % the probability has no standard error")


@dataclass(frozen=True)
class GroupAtTime(Result):
    """The survival probability of one group."""

    label: str
    probability: SurvivalProbability


@dataclass(frozen=True)
class FixedTime(Result):
    """Result of a comparison at one time; it says nothing about the rest of the curves.

    Attributes
    ----------
    groups : tuple of GroupAtTime
    difference, difference_lower, difference_upper : float or None
        S(t) of the second group minus that of the first, for two groups, with a Wald interval.
    chi_square, df, p : float, int, float or None
        None when `reason` says why.
    """

    method: str
    conf_level: float
    n: int
    events: int
    time: float
    groups: tuple[GroupAtTime, ...]
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    chi_square: float | None
    df: int | None
    p: float | None
    reason: str | None


def compare_at(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    groups: npt.ArrayLike,
    time: float,
    conf_level: float = 0.95,
) -> FixedTime:
    """Test H0: S(`time`) is the same in all groups.

    log(−log S) is compared, which keeps its size in small groups where the plain difference does not.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    groups : array_like, shape (n,)
        Labels; numbers are sorted by size, others as text.
    time : float
        In the unit of the durations.
    conf_level : float

    Raises
    ------
    ValueError
        For missing values and lengths that do not agree.

    References
    ----------
    Klein JP, Logan B, Harhoff M, Andersen PK. Stat Med 2007;26:4505–4519.
    """
    times, events = survival_arrays(durations, event_observed)
    labels, code = coded_groups(groups, times.size)
    found = tuple(
        GroupAtTime(
            label,
            survival_probability(kaplan_meier(times[code == own], events[code == own], conf_level), time),
        )
        for own, label in enumerate(labels)
    )
    survival, std_err = (
        np.array([getattr(group.probability, name) for group in found], dtype=np.float64)
        for name in ("survival", "std_err")
    )
    reason = _reason(found)
    difference = lower = upper = chi_square = df = p = None
    if len(found) == 2 and not np.isnan(survival).any():
        difference = float(survival[1] - survival[0])
    if reason is None:
        chi_square, df = _homogeneity(survival, std_err), len(found) - 1
        p = float(chdtrc(df, chi_square))
        if difference is not None:
            width = float(ndtri(0.5 + conf_level / 2) * np.hypot(*std_err))
            lower, upper = max(-1.0, difference - width), min(1.0, difference + width)
    return FixedTime(
        method=METHOD.format(time=time),
        conf_level=conf_level,
        n=times.size,
        events=int(events.sum()),
        time=time,
        groups=found,
        difference=difference,
        difference_lower=lower,
        difference_upper=upper,
        chi_square=chi_square,
        df=df,
        p=p,
        reason=reason,
    )


def _reason(groups: tuple[GroupAtTime, ...]) -> str | None:
    if len(groups) < 2:
        return ONE_GROUP
    for group in groups:
        at = group.probability
        if at.survival is None:
            return NOT_ESTIMABLE.format(label=group.label, reason=at.reason)
        if at.survival in (0.0, 1.0):
            return NO_VARIANCE.format(label=group.label)
    return None


def _homogeneity(survival: FloatArray, std_err: FloatArray) -> float:
    """Weigh each group by its precision; for two groups this is the squared difference over its variance."""
    log_survival = np.log(survival)
    transformed = np.log(-log_survival)
    precision = (survival * log_survival / std_err) ** 2
    pooled = float(precision @ transformed) / float(precision.sum())
    return float(precision @ (transformed - pooled) ** 2)
