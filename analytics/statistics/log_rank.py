"""The log-rank test that the survival curves of two or more groups are equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import survival_arrays
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("log-rank test over the whole curves")
NO_EVENTS = _("no events")
ONE_GROUP = _("fewer than two groups with patients at risk when an event happened")


@dataclass(frozen=True)
class Group(Result):
    """One group of a comparison: its label, its patients, its events."""

    label: str
    n: int
    events: int


@dataclass(frozen=True)
class LogRank(Result):
    """Result of a log-rank test; `chi_square`, `df` and `p` are None when `reason` says why."""

    method: str
    n: int
    events: int
    groups: tuple[Group, ...]
    chi_square: float | None
    df: int | None
    p: float | None
    reason: str | None


def log_rank(durations: npt.ArrayLike, event_observed: npt.ArrayLike, groups: npt.ArrayLike) -> LogRank:
    """Test H0: the hazard is the same in all groups at all times.

    A group that is no longer at risk when the first event happens carries no information and no degree of
    freedom, as in R's ``survdiff``.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    groups : array_like, shape (n,)
        Labels; sorted as text in the result.

    References
    ----------
    Mantel N. Cancer Chemother Rep 1966;50:163–170. Peto R, Peto J. J R Stat Soc A 1972;135:185–207.
    """
    times, events = survival_arrays(durations, event_observed)
    labels = np.array([str(label) for label in np.asarray(groups).ravel()], dtype=object)
    if labels.shape != times.shape:
        raise ValueError("groups and durations differ in length")
    counted = tuple(
        Group(label, int((labels == label).sum()), int(events[labels == label].sum()))
        for label in sorted(set(labels))
    )

    def result(chi_square: float | None, df: int | None, p: float | None, reason: str | None) -> LogRank:
        return LogRank(METHOD, int(times.size), int(events.sum()), counted, chi_square, df, p, reason)

    if not events.any():
        return result(None, None, None, NO_EVENTS)
    first_event = times[events].min()
    informative = [group.label for group in counted if times[labels == group.label].max() >= first_event]
    if len(informative) < 2:
        return result(None, None, None, ONE_GROUP)
    kept = np.isin(labels, informative)

    from lifelines.statistics import multivariate_logrank_test  # over a second to import

    test = multivariate_logrank_test(times[kept], labels[kept], events[kept])
    return result(float(test.test_statistic), len(informative) - 1, float(test.p_value), None)
