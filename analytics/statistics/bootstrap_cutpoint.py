"""How far a cut-off chosen by the log-rank test would move in other patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import BoolArray, FloatArray, floats, survival_arrays
from analytics.statistics.cox_bootstrap import NO_REPLICATE, frequencies_of, resampled_rows
from analytics.statistics.cutpoint import log_rank_scores, maximally_selected
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("bootstrap of the maximally selected log-rank cut-off; percentile interval")
NO_CUT = _("no cut-off can be chosen")


@dataclass(frozen=True)
class BootstrapCutpoint(Result):
    """A chosen cut-off with its bootstrap interval.

    Attributes
    ----------
    cutpoint, lower, upper : float or None
        The groups are marker ≤ cutpoint and marker > cutpoint.
    replicates, estimated : int
        Resamples drawn, and those in which a cut-off can be chosen.
    chosen : ndarray of float, shape (k,)
        The distinct cut-offs the resamples chose, ascending.
    times_chosen : ndarray of int, shape (k,)
    seed : int or None
        None when the resamples were given.
    """

    method: str
    conf_level: float
    n: int
    events: int
    cutpoint: float | None
    lower: float | None
    upper: float | None
    replicates: int
    estimated: int
    chosen: FloatArray
    times_chosen: npt.NDArray[np.intp]
    seed: int | None
    reason: str | None


def bootstrap_cutpoint(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    marker: npt.ArrayLike,
    replicates: int = 1_000,
    seed: int = 1,
    conf_level: float = 0.95,
    *,
    min_proportion: float = 0.1,
    max_proportion: float = 0.9,
    resamples: npt.ArrayLike | None = None,
) -> BootstrapCutpoint:
    """Choose the cut-off anew in each resample of the patients.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    marker : array_like of float, shape (n,)
    replicates, seed : int
    conf_level : float
        The interval lies between two quantiles of the chosen cut-offs, each of them one that was chosen.
    min_proportion, max_proportion : float
        The share of patients that has to lie at or below a cut-off, and the share that may.
    resamples : array_like of int, shape (B, n), optional
        The rows each replicate draws, numbered from 0, instead of drawing them at random.

    Raises
    ------
    ValueError
        For missing values, lengths that differ, proportions that are not 0 < min ≤ max < 1, and resamples
        that are not row numbers.

    References
    ----------
    Efron B, Tibshirani R. Stat Sci 1986;1:54–75. Altman DG, Lausen B, Sauerbrei W, Schumacher M. J Natl
    Cancer Inst 1994;86:829–835.
    """
    times, events = survival_arrays(durations, event_observed)
    values = floats("marker", marker).ravel()
    shares = min_proportion, max_proportion
    own = _best(times, events, values, shares)
    frequencies = frequencies_of(
        resampled_rows(times.size, replicates, seed) if resamples is None else resamples, times.size
    )
    cuts = []
    for counts in frequencies.astype(np.intp):
        rows = np.repeat(np.arange(times.size), counts)
        cuts.append(_best(times[rows], events[rows], values[rows], shares))
    known = np.array([cut for cut in cuts if cut is not None])
    lower = upper = None
    if own is not None and known.size:
        tails = [0.5 - conf_level / 2, 0.5 + conf_level / 2]
        lower, upper = np.quantile(known, tails, method="inverted_cdf").tolist()
    chosen, times_chosen = np.unique(known, return_counts=True)
    return BootstrapCutpoint(
        method=METHOD,
        conf_level=conf_level,
        n=times.size,
        events=int(events.sum()),
        cutpoint=own,
        lower=lower,
        upper=upper,
        replicates=len(cuts),
        estimated=known.size,
        chosen=chosen,
        times_chosen=times_chosen,
        seed=seed if resamples is None else None,
        reason=NO_CUT if own is None else None if known.size else NO_REPLICATE,
    )


def _best(
    times: FloatArray, events: BoolArray, marker: FloatArray, shares: tuple[float, float]
) -> float | None:
    selection = maximally_selected(log_rank_scores(times, events), marker, *shares)
    return float(selection.cuts[selection.best]) if selection.cuts.size else None
