"""The log-rank test for a trend over ordered groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from analytics.statistics.arrays import floats
from analytics.statistics.log_rank import NO_EVENTS, ONE_GROUP, Group, compare
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("log-rank test for trend over the ordered groups")
STRATIFIED = _("stratified log-rank test for trend over the ordered groups")


@dataclass(frozen=True)
class LogRankTrend(Result):
    """Result of a trend test; `z`, `chi_square` and `p` are None when `reason` says why.

    Attributes
    ----------
    scores : tuple of float
        One per group, in the order of `groups`.
    z : float or None
        Positive when the hazard rises with the score.
    """

    method: str
    n: int
    events: int
    groups: tuple[Group, ...]
    scores: tuple[float, ...]
    z: float | None
    chi_square: float | None
    df: int
    p: float | None
    reason: str | None


def log_rank_trend(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    groups: npt.ArrayLike,
    scores: Sequence[float] | None = None,
    *,
    strata: npt.ArrayLike | None = None,
) -> LogRankTrend:
    """Test H0 against a hazard that rises, or falls, from group to group; one degree of freedom.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    groups : array_like, shape (n,)
        Labels; numbers are sorted by size, others as text.
    scores : sequence of float, optional
        One per group in that order; 0, 1, 2 … if not given.
    strata : array_like, shape (n,), optional

    Raises
    ------
    ValueError
        For missing values and for another number of scores than of groups.

    References
    ----------
    Tarone RE. Biometrika 1975;62:679–682.
    """
    compared = compare(durations, event_observed, groups, strata=strata)
    score = floats("scores", np.arange(len(compared.groups)) if scores is None else scores)
    if score.size != len(compared.groups):
        raise ValueError("scores must have one value for each group")
    scores_given = tuple(score.tolist())
    score = score - score.mean() if score.size else score
    variance = float(score @ compared.covariance @ score)
    events = sum(group.events for group in compared.groups)
    z = None
    if variance > 1e-12 * float(score**2 @ np.diagonal(compared.covariance)):
        z = float(score @ compared.excess) / variance**0.5
    return LogRankTrend(
        method=METHOD if strata is None else STRATIFIED,
        n=sum(group.n for group in compared.groups),
        events=events,
        groups=compared.groups,
        scores=scores_given,
        z=z,
        chi_square=None if z is None else z**2,
        df=1,
        p=None if z is None else float(2 * ndtr(-abs(z))),
        reason=None if z is not None else ONE_GROUP if events else NO_EVENTS,
    )
