"""The bootstrap of a Cox model: resampled patients as frequencies, all replicates fitted together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox import Cox, Status, fit
from analytics.statistics.cox_data import CoxData, cox_data
from analytics.statistics.replicate_likelihood import ReplicateDesign, ReplicateLikelihoods
from analytics.statistics.replicate_newton import maximize
from analytics.statistics.result import Result
from analytics.statistics.separation import monotone_direction
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "bootstrap of patients; standard deviation and percentile interval of the replicates with an estimate"
)
NO_REPLICATE = _("no resample has an estimate")

# Numbers that one batch may hold in its working arrays.
_BATCH = 4_000_000


@dataclass(frozen=True)
class Replicates:
    """A Cox model fitted to each resample.

    Attributes
    ----------
    statuses : tuple of Status, length B
        What `cox.fit` would say of the resampled rows.
    estimated : ndarray of int, shape (k,)
        The replicates that have an estimate.
    coefficients : ndarray of float, shape (k, p)
        Their log hazard ratios; 0 for a covariate dropped because it is constant among those at risk, or an
        exact combination of earlier ones.
    """

    statuses: tuple[Status, ...]
    estimated: IntArray
    coefficients: FloatArray

    @property
    def failures(self) -> Mapping[Status, int]:
        """How many replicates have no estimate, by the reason."""
        return Counter(status for status in self.statuses if status is not Status.ESTIMATED)


@dataclass(frozen=True)
class BootstrapTerm(Result):
    """One covariate of a bootstrapped Cox model.

    Attributes
    ----------
    name : str
    log_hazard_ratio : float or None
        Of the patients themselves.
    std_err, lower, upper : float or None
        Standard deviation and percentiles of the log hazard ratio over the replicates.
    replicates : int
        How many have an estimate of this covariate.
    """

    name: str
    log_hazard_ratio: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    replicates: int


@dataclass(frozen=True)
class CoxBootstrap(Result):
    """A bootstrapped Cox model.

    Attributes
    ----------
    replicates, estimated : int
        Resamples drawn, and those with an estimate.
    failures : mapping of Status to int
        Resamples without an estimate, by the reason.
    seed : int or None
        None when the resamples were given.
    """

    method: str
    conf_level: float
    n: int
    events: int
    terms: tuple[BootstrapTerm, ...]
    replicates: int
    estimated: int
    failures: Mapping[Status, int]
    seed: int | None
    reason: str | None


def cox_bootstrap(
    data: CoxData,
    model: Cox,
    replicates: int = 1_000,
    seed: int = 1,
    conf_level: float = 0.95,
    *,
    resamples: npt.ArrayLike | None = None,
) -> CoxBootstrap:
    """Estimate how much the log hazard ratios vary from one sample of patients to another.

    Parameters
    ----------
    data : CoxData
        Without weights, frequencies and clusters.
    model : Cox
        Fitted to `data`.
    replicates, seed : int
    conf_level : float
        The interval lies between two quantiles (type 7) of the replicates.
    resamples : array_like of int, shape (B, n), optional
        The rows each replicate draws, numbered from 0, instead of drawing them at random.

    Raises
    ------
    ValueError
        For weighted or clustered data, and for resamples that are not row numbers.

    References
    ----------
    Efron B, Tibshirani R. Stat Sci 1986;1:54–75.
    """
    rows = resampled_rows(data.times.size, replicates, seed) if resamples is None else np.asarray(resamples)
    fitted = fit_replicates(data, frequencies_of(rows, data.times.size), model)
    terms = tuple(
        _term(name, term.log_hazard_ratio, column[column != 0], conf_level)
        for name, term, column in zip(data.names, model.terms, fitted.coefficients.T, strict=True)
    )
    return CoxBootstrap(
        method=METHOD,
        conf_level=conf_level,
        n=data.n,
        events=data.event_count,
        terms=terms,
        replicates=len(fitted.statuses),
        estimated=fitted.estimated.size,
        failures=fitted.failures,
        seed=seed if resamples is None else None,
        reason=model.reason if fitted.estimated.size else NO_REPLICATE,
    )


def _term(name: str, estimate: float | None, values: FloatArray, conf_level: float) -> BootstrapTerm:
    if values.size < 2:
        return BootstrapTerm(name, estimate, None, None, None, values.size)
    lower, upper = np.quantile(values, [0.5 - conf_level / 2, 0.5 + conf_level / 2]).tolist()
    return BootstrapTerm(name, estimate, float(values.std(ddof=1)), lower, upper, values.size)


def resampled_rows(n: int, replicates: int, seed: int) -> IntArray:
    """Draw n of n rows with replacement for each replicate; shape (replicates, n).

    The first replicates are the same whatever their number.
    """
    return np.random.default_rng(seed).integers(0, max(n, 1), size=(replicates, n), dtype=np.intp)


def frequencies_of(rows: npt.ArrayLike, n: int) -> FloatArray:
    """Count how often each replicate draws each of n rows; shape (B, draws) becomes (B, n).

    Raises
    ------
    ValueError
        For anything but numbers of rows.
    """
    drawn = np.asarray(rows)
    if drawn.ndim != 2 or drawn.dtype.kind not in "iu" or np.any((drawn < 0) | (drawn >= n)):
        raise ValueError(f"resamples must be numbers of rows from 0 to {n - 1}, one replicate a line")
    cells = drawn + n * np.arange(drawn.shape[0])[:, None]
    counts = np.bincount(cells.ravel(), minlength=drawn.shape[0] * n)
    return counts.reshape(drawn.shape[0], n).astype(np.float64)


def fit_replicates(data: CoxData, frequencies: FloatArray, model: Cox) -> Replicates:
    """Fit a Cox model to each resample, equal to `cox.fit` of the resampled rows.

    Newton–Raphson runs for all replicates at once, starting from `model`. The few that are neither at their
    maximum nor plainly separated after its iterations are fitted one by one.

    Parameters
    ----------
    data : CoxData
    frequencies : ndarray of float, shape (B, n)
        How often each replicate draws each row.
    model : Cox
        Fitted to `data`.

    Raises
    ------
    ValueError
        For weighted or clustered data.
    """
    if data.weights is not None or data.frequencies is not None or data.cluster is not None:
        raise ValueError("rows with weights, frequencies or clusters cannot be resampled one by one")
    statuses = np.full(frequencies.shape[0], Status.NO_EVENTS, dtype=object)
    coefficients = np.zeros((frequencies.shape[0], len(data.names)))
    with_events = np.flatnonzero(frequencies[:, data.events].any(axis=1))
    if with_events.size:
        design = ReplicateDesign(data)
        start = model.coefficients * design.likelihood.scale
        unit = np.where(design.likelihood.scale > 0, design.likelihood.scale, 1.0)
        size = max(1, _BATCH // design.footprint)
        for begin in range(0, with_events.size, size):
            batch = with_events[begin : begin + size]
            likelihoods = ReplicateLikelihoods(design, frequencies[batch][:, design.sets.order])
            found, statuses[batch] = maximize(likelihoods, np.tile(start, (batch.size, 1)))
            coefficients[batch] = found / unit
    for replicate in np.flatnonzero(statuses == Status.NOT_CONVERGED).tolist():
        statuses[replicate], coefficients[replicate] = _fit_one(data, frequencies[replicate])
    estimated = np.flatnonzero(statuses == Status.ESTIMATED)
    return Replicates(tuple(statuses.tolist()), estimated, coefficients[estimated])


def _fit_one(data: CoxData, frequencies: FloatArray) -> tuple[Status, FloatArray]:
    resampled = cox_data(
        data.times,
        data.events,
        data.covariates,
        data.names,
        entry=data.entry,
        strata=data.strata,
        frequencies=frequencies,
        offset=data.offset,
        ties=data.ties,
    )
    if monotone_direction(resampled).any():
        return Status.SEPARATION, np.zeros(len(data.names))
    model = fit(resampled)
    return model.status, model.coefficients
