"""Gray's test: does one type of event happen equally often in the groups, competing risks allowed for?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from analytics.statistics.arrays import FloatArray, IntArray, codes
from analytics.statistics.competing_risks import CompetingRisks, competing_risks
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Gray's test")
ONE_GROUP = _("fewer than two groups")
NO_EVENTS = _("no events")
NOT_COMPARABLE = _("the groups were never at risk together when an event happened")


@dataclass(frozen=True)
class GrayTest(Result):
    """Comparison of cumulative incidence curves; `chi_square` and `p` are None when there is no test."""

    method: str
    n: int
    events: int
    groups: int
    df: int
    chi_square: float | None
    p: float | None
    reason: str | None


def gray_test(
    durations: npt.ArrayLike,
    event_types: npt.ArrayLike,
    group: npt.ArrayLike,
    cause: int = 1,
    strata: npt.ArrayLike | None = None,
) -> GrayTest:
    """Compare the subdistribution hazards of `cause` between groups, as R's ``cmprsk::cuminc`` does.

    Hypothesis: the cumulative incidence of `cause` is the same in all groups. The log-rank test of the
    cause-specific hazards answers another question, whether the event happens equally often among those
    still free of any. Own code: no Python library among the dependencies has the test.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_types : array_like of int, shape (n,)
        0 where the time is censored.
    group : array_like, shape (n,)
        Labels.
    cause : int
    strata : array_like, shape (n,), optional
        Labels; the groups are compared within each stratum.

    References
    ----------
    Gray RJ. Ann Stat 1988;16:1141–1154.
    """
    risks = competing_risks(durations, event_types, cause)
    n, events = int(risks.times.size), int(np.count_nonzero(risks.of_interest))
    groups = codes("group", group, n)
    k = int(groups.max()) + 1 if groups.size else 0
    stratum = np.zeros_like(groups) if strata is None else codes("strata", strata, n)

    def result(chi_square: float | None, reason: str | None) -> GrayTest:
        p = None if chi_square is None else float(chdtrc(k - 1, chi_square))
        return GrayTest(METHOD, n, events, k, max(k - 1, 0), chi_square, p, reason)

    if k < 2:
        return result(None, ONE_GROUP)
    if events == 0:
        return result(None, NO_EVENTS)
    score, variance = np.zeros(k), np.zeros((k, k))
    for rows in (stratum == number for number in np.unique(stratum[risks.of_interest])):
        stratum_score, stratum_variance = _score(_Counts.of(risks.rows(rows), groups[rows], k))
        score += stratum_score
        variance += stratum_variance
    score, variance = score[:-1], variance[:-1, :-1]
    if np.linalg.matrix_rank(variance, tol=1e-7 * float(np.abs(variance).max()), hermitian=True) < k - 1:
        return result(None, NOT_COMPARABLE)
    return result(float(score @ np.linalg.solve(variance, score)), None)


@dataclass(frozen=True, slots=True)
class _Counts:
    """At each time with an event of any type: who is at risk and who has which; shape (times, groups)."""

    at_risk: FloatArray
    of_interest: FloatArray
    competing: FloatArray

    @classmethod
    def of(cls, risks: CompetingRisks, groups: IntArray, k: int) -> _Counts:
        distinct = np.unique(risks.times[~risks.censored])
        lived_through = np.searchsorted(distinct, risks.times, side="right")

        def table(counted: npt.NDArray[np.bool_] | float) -> FloatArray:
            counts = np.zeros((distinct.size + 1, k))
            np.add.at(counts, (lived_through, groups), counted)
            return counts

        return cls(
            at_risk=np.cumsum(table(1.0)[::-1], axis=0)[::-1][1:],
            of_interest=table(risks.of_interest)[1:],
            competing=table(risks.competing)[1:],
        )


def _score(counts: _Counts) -> tuple[FloatArray, FloatArray]:
    """Return the scores of the groups, observed minus expected, and their covariance; in Gray's notation.

    Of each group: h is the number at risk over the event-free survival, h·(1 − F) the number at risk for the
    subdistribution, F the cumulative incidence. `common` is the cumulative incidence of all groups together.
    """
    at_risk, events, competing = counts.at_risk, counts.of_interest, counts.competing
    present = at_risk > 0
    people = np.where(present, at_risk, 1.0)
    survival = np.cumprod(1.0 - (events + competing) / people, axis=0, dtype=np.float64)
    before = _left_limit(survival, 1.0)
    incidence_before = _left_limit(np.cumsum(before * events / people, axis=0), 0.0)
    h = np.divide(at_risk, before, out=np.zeros_like(at_risk), where=present)
    total_h = h.sum(axis=1, keepdims=True)
    total = events.sum(axis=1, keepdims=True)
    common = np.cumsum(total / total_h, axis=0)
    common_before = _left_limit(common, 0.0)

    at_risk_subdistribution = h * (1.0 - incidence_before)
    expected = total * at_risk_subdistribution / at_risk_subdistribution.sum(axis=1, keepdims=True)
    score = (events - expected).sum(axis=0)

    # Integrands of the score's martingales: what an event of group k does to the score of group i,
    # at once and through all that is expected later.
    at_once = h[:, :, None] * (np.eye(h.shape[1]) - (h / total_h)[:, None, :])
    # When whole groups have died out, the common estimate can reach 1 before the others' last event.
    remaining = total_h * (1.0 - common_before)
    hazard = np.divide(total, remaining, out=np.zeros_like(total), where=np.abs(remaining) > 1e-9)
    accumulated = np.cumsum(at_once * hazard[:, :, None], axis=0)
    later = accumulated[-1] - accumulated
    survivors = np.where(survival > 0, survival, 1.0)
    ratio = np.where(survival > 0, (1.0 - common) / survivors, 0.0)
    own = at_once + (1.0 - ratio)[:, None, :] * later
    own_variance = np.where(present, before * total / (total_h * people), 0.0)
    own_variance *= _tied(total, np.where(present, total_h * before, np.inf))
    others = ratio[:, None, :] * later
    others_variance = _tied(competing, people) * before**2 * competing / people**2
    covariance = np.einsum("tik,tjk,tk->ij", own, own, own_variance)
    covariance += np.einsum("tik,tjk,tk->ij", others, others, others_variance)
    return score, covariance


def _left_limit(right_continuous: FloatArray, start: float) -> FloatArray:
    shifted = np.empty_like(right_continuous)
    shifted[:1], shifted[1:] = start, right_continuous[:-1]
    return shifted


def _tied(events: FloatArray, among: FloatArray) -> FloatArray:
    """Factor by which the variance shrinks when events are tied."""
    tied = events > 1
    factor: FloatArray = np.where(tied, 1.0 - (events - 1.0) / np.where(tied, among - 1.0, 1.0), 1.0)
    return factor
