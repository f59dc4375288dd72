"""How well a score orders the patients: Harrell's concordance, with its jackknife standard error.

Counting pairs one by one costs n². Here the events are a sequence in time, each patient outlived a stretch of
it, and "how many events of this stretch have a smaller score" is answered for all patients together, one
binary digit of the positions at a time (a wavelet matrix): n log n, without a loop over patients.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox import Cox, Status
from analytics.statistics.cox_data import CoxData, cox_data
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Harrell's concordance, a tied score counting one half; infinitesimal-jackknife standard error")
NO_PAIRS = _("no two patients can be compared: nobody was observed beyond an event of another")


@dataclass(frozen=True)
class Concordance(Result):
    """Share of comparable pairs in which the patient with the higher score has the event first.

    Attributes
    ----------
    n, events : int
    concordance, std_err : float or None
        A pair with equal scores counts one half.
    concordant, discordant, tied_score : float
        Comparable pairs by their scores; weighted when there are weights.
    tied_time, tied_both : float
        Pairs with events at the same time, which cannot be compared: with different and with equal scores.
    reason : str or None
        Why there is no concordance.
    """

    method: str
    n: int
    events: int
    concordance: float | None = None
    std_err: float | None = None
    concordant: float = 0.0
    discordant: float = 0.0
    tied_score: float = 0.0
    tied_time: float = 0.0
    tied_both: float = 0.0
    reason: str | None = None


def concordance(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    entry: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> Concordance:
    """Measure how well `scores` order the events in time; the same as R's ``concordance(reverse = TRUE)``.

    Two patients can be compared when one had the event while the other was under observation and event-free;
    a patient censored at the time of an event outlived it. Only patients of one stratum are compared.

    Parameters
    ----------
    durations, event_observed, entry, strata, weights, frequencies, cluster
        See `cox_data.cox_data`, which checks them. The standard error treats rows of one cluster as one.
    scores : array_like of float, shape (n,)
        Higher means an earlier event; give the negative of a score of which the opposite is true.

    Returns
    -------
    Concordance

    Raises
    ------
    ValueError
        As `cox_data.cox_data`.

    References
    ----------
    Harrell FE, Lee KL, Mark DB. Stat Med 1996;15:361–387. Therneau TM, Watson DA. The concordance statistic
    and the Cox model. Mayo Clinic Technical Report 85, 2015.
    """
    data = cox_data(
        durations,
        event_observed,
        scores,
        ("scores",),
        entry=entry,
        strata=strata,
        weights=weights,
        frequencies=frequencies,
        cluster=cluster,
    )
    return _concordance(data, data.covariates[:, 0])


def cox_concordance(data: CoxData, model: Cox) -> Concordance:
    """Measure how well the linear predictor of `model` orders the patients it was fitted to.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`; when it has no estimate, its reason is passed on.
    """
    if model.status is not Status.ESTIMATED:
        return Concordance(METHOD, data.n, data.event_count, reason=model.reason)
    # Added up one by one: a matrix product may round equal patients differently, and they would not be tied.
    predictor = np.zeros(data.times.size) if data.offset is None else data.offset.copy()
    for coefficient, covariate in zip(model.coefficients, data.covariates.T, strict=True):
        predictor += coefficient * covariate
    return _concordance(data, predictor)


def _concordance(data: CoxData, scores: FloatArray) -> Concordance:
    counted = data.weights if data.weights is not None else data.frequencies
    weights = np.ones(scores.size) if counted is None else counted
    rank = np.unique(scores, return_inverse=True)[1]
    moment, entered = _moments(data)
    pairs = _pairs(data, moment, entered, rank, weights)
    discordant, tied, concordant = (0.5 * (pairs @ weights)).tolist()
    counts = (concordant, discordant, tied, *_tied_events(data, moment, rank, weights))
    comparable = concordant + discordant + tied
    if comparable == 0:
        return Concordance(METHOD, data.n, data.event_count, None, None, *counts, reason=NO_PAIRS)
    somers = (concordant - discordant) / comparable
    influence = 0.5 * (pairs[2] - pairs[0] - somers * pairs.sum(axis=0)) / comparable
    std_err = _std_err(data, influence, weights)
    return Concordance(METHOD, data.n, data.event_count, 0.5 * (1 + somers), std_err, *counts)


def _moments(data: CoxData) -> tuple[IntArray, IntArray]:
    """Number times and entries from 0, stratum after stratum, so that all strata share one axis of time."""
    rows = data.times.size
    # Without late entry everyone enters before the first event of the stratum.
    entry = np.full(rows, -1.0) if data.entry is None else data.entry
    distinct, moment = np.unique(np.concatenate((data.times, entry)), return_inverse=True)
    stratum = np.zeros(rows, dtype=np.intp) if data.strata is None else data.strata
    return moment[:rows] + stratum * distinct.size, moment[rows:] + stratum * distinct.size


def _pairs(
    data: CoxData, moment: IntArray, entered: IntArray, rank: IntArray, weights: FloatArray
) -> FloatArray:
    """Weigh the partners of each row in discordant, tied and concordant pairs; shape (3, n)."""
    events = np.flatnonzero(data.events)
    events = events[np.argsort(moment[events], kind="stable")]
    times = moment[events]
    # Each row outlived the events between two positions: those after its entry and before its end.
    end = np.where(data.events, np.searchsorted(times, moment), np.searchsorted(times, moment, side="right"))
    begin = np.searchsorted(times, entered, side="right")
    pairs = np.zeros((3, rank.size))
    for sign, prefix in ((1.0, end), (-1.0, begin)):
        if prefix.any():
            of_events, of_rows = _dominance(rank[events], weights[events], prefix, rank, weights)
            pairs += sign * of_rows
            pairs[:, events] += sign * of_events
    return pairs


def _dominance(
    point_rank: IntArray, point_weight: FloatArray, prefix: IntArray, rank: IntArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Pair each query with the first `prefix` points, by whether the point's rank is lower, equal or higher.

    Returns
    -------
    of_points, of_queries : ndarray of float, shape (3, points), (3, queries)
        The weights of the partners of each point and of each query.
    """
    positions = np.argsort(point_rank, kind="stable")
    ranked = point_rank[positions]
    # For each query three runs of the ranked points: lower, equal and higher.
    bounds = np.zeros((4, rank.size), dtype=np.intp)
    bounds[1], bounds[2] = np.searchsorted(ranked, rank), np.searchsorted(ranked, rank, side="right")
    bounds[3] = ranked.size
    of_points, of_queries = np.zeros((3, ranked.size)), np.zeros((3, rank.size))
    for bit in reversed(range(ranked.size.bit_length())):
        # Of the positions that agree with the prefix in all higher digits, those with 0 where it has 1
        # belong to it; those with 1 are decided by lower digits.
        is_low = (positions >> bit) & 1 == 0
        low = positions[is_low]
        lows_before = np.concatenate(([0], np.cumsum(is_low)))
        ones = (prefix >> bit) & 1 == 1
        has_one = np.flatnonzero(ones)
        in_low = lows_before[bounds]
        edges = in_low[:, has_one]
        sums = np.concatenate(([0.0], np.cumsum(point_weight[low])))
        of_queries[:, has_one] += np.diff(sums[edges], axis=0)
        steps = np.array([np.bincount(edge, weight[has_one], minlength=low.size + 1) for edge in edges])
        of_points[:, low] += np.cumsum(steps[:-1] - steps[1:], axis=1)[:, :-1]
        bounds = np.where(ones, low.size + bounds - in_low, in_low)
        positions = np.concatenate((low, positions[~is_low]))
    return of_points, of_queries


def _tied_events(data: CoxData, moment: IntArray, rank: IntArray, weights: FloatArray) -> tuple[float, float]:
    """Weigh the pairs of events at the same time, with different and with equal scores."""
    moment, rank, weights = moment[data.events], rank[data.events], weights[data.events]
    themselves = float(weights.sum() if data.frequencies is not None else weights @ weights)
    together, alike = (
        np.bincount(np.unique(label, return_inverse=True)[1], weights)
        for label in (moment, moment * (rank.max(initial=0) + 1) + rank)
    )
    both = 0.5 * (float(alike @ alike) - themselves)
    return 0.5 * (float(together @ together) - themselves) - both, both


def _std_err(data: CoxData, influence: FloatArray, weights: FloatArray) -> float:
    if data.cluster is not None:
        return float(np.linalg.norm(np.bincount(data.cluster, weights * influence)))
    if data.frequencies is not None:  # each repetition has its own influence
        return float(np.sqrt(weights @ influence**2))
    return float(np.linalg.norm(weights * influence))
