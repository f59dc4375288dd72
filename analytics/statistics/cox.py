"""Cox proportional hazards regression."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv, dpotrf
from scipy.special import chdtrc, ndtr, ndtri

from analytics.statistics.arrays import FloatArray
from analytics.statistics.cox_data import CoxData, Ties, cox_data
from analytics.statistics.newton import Evaluation, Maximum, newton_raphson
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.result import Result
from analytics.statistics.score_process import ScoreProcess
from analytics.statistics.separation import separated_columns
from registry.terminology.text import gettext_noop as _

METHODS = {
    Ties.EFRON: _("Cox proportional hazards regression, Efron ties; Wald confidence interval and p"),
    Ties.BRESLOW: _("Cox proportional hazards regression, Breslow ties; Wald confidence interval and p"),
}
CLUSTERED = {
    Ties.EFRON: _(
        "Cox proportional hazards regression, Efron ties; variance robust to correlation within clusters; "
        "Wald confidence interval and p"
    ),
    Ties.BRESLOW: _(
        "Cox proportional hazards regression, Breslow ties; variance robust to correlation within clusters; "
        "Wald confidence interval and p"
    ),
}
METHOD = METHODS[Ties.EFRON]

# A standardized coefficient or standard error this large is worth a search for separation; on the way to a
# finite maximum hardly any coefficient passes the second.
_SUSPICIOUS = 4.0
FAR_OUT = 12.0

# A covariate is an exact combination of earlier ones when they leave this share of its information.
ALIASED = 1e-10

# exp of more is beyond double precision, of less is 0.
_LARGEST_LOG = 700.0

# A robust variance below this share of the naive one is rounding: the clusters' scores cancel.
NO_VARIANCE = 1e-10


class Status(StrEnum):
    """Whether a model could be estimated, and if not, why not."""

    ESTIMATED = "estimated"
    NO_PATIENTS = "no_patients"
    NO_EVENTS = "no_events"
    CONSTANT = "constant"
    SEPARATION = "separation"
    NOT_CONVERGED = "not_converged"
    FEW_CLUSTERS = "few_clusters"


REASONS = {
    Status.ESTIMATED: None,
    Status.NO_PATIENTS: _("no patients"),
    Status.NO_EVENTS: _("no events"),
    Status.CONSTANT: _("all patients at risk when an event happened have the same value"),
    Status.SEPARATION: _("separation: the events order this covariate completely, no finite estimate exists"),
    Status.NOT_CONVERGED: _("the iterations did not converge"),
    Status.FEW_CLUSTERS: _("too few clusters for a robust variance"),
}
SEPARATED = _(
    "separation: the events order a covariate completely and no finite estimate exists; "
    "Firth's penalized likelihood has one"
)
TENDS_TO = {
    -1: _("separation: the events order this covariate completely, and its hazard ratio tends to 0"),
    0: REASONS[Status.SEPARATION],
    1: _("separation: the events order this covariate completely, and its hazard ratio tends to infinity"),
}
BEYOND_NUMBERS = _(
    "a hazard ratio for one unit of this covariate is beyond all numbers; choose a larger unit"
)
DROPPED = _("dropped: constant among those at risk, or an exact combination of earlier terms")


@dataclass(frozen=True)
class CoxTerm(Result):
    """One covariate of a Cox model.

    Attributes
    ----------
    name : str
    log_hazard_ratio, std_err, hazard_ratio, lower, upper, z, p : float or None
        Wald statistics; None when not estimable.
    naive_std_err : float or None
        Beside a robust `std_err`, the one that takes all rows for independent.
    reason : str or None
        Why this term is missing: constant, an exact combination of earlier terms, separated.
    """

    name: str
    log_hazard_ratio: float | None = None
    std_err: float | None = None
    hazard_ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    z: float | None = None
    p: float | None = None
    naive_std_err: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ModelTest(Result):
    """A test that all coefficients are zero."""

    chi_square: float
    df: int
    p: float


@dataclass(frozen=True)
class Cox(Result):
    """A fitted Cox model.

    Attributes
    ----------
    status : Status
    reason : str or None
        A sentence for the reader when the model is not estimated.
    terms : tuple of CoxTerm
        In the order given.
    covariance : tuple of tuple of float
        Of the coefficients of the terms that have an estimate, in their order; robust if there are clusters.
    log_likelihood_null, log_likelihood, aic : float or None
        Partial log-likelihood at zero and at the estimate.
    likelihood_ratio, wald, score : ModelTest or None
        Tests that all coefficients are zero. With clusters the Wald test is robust, the others take all rows
        for independent; with too few clusters for it the Wald test is None.
    robust_score : ModelTest or None
        The score test with the variance of the clusters' scores.
    iterations : int or None
    """

    method: str
    conf_level: float
    n: int
    events: int
    status: Status
    reason: str | None
    terms: tuple[CoxTerm, ...]
    covariance: tuple[tuple[float, ...], ...] = ()
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    aic: float | None = None
    likelihood_ratio: ModelTest | None = None
    wald: ModelTest | None = None
    score: ModelTest | None = None
    robust_score: ModelTest | None = None
    iterations: int | None = None

    @property
    def estimated(self) -> tuple[int, ...]:
        """The positions in `terms` of those that have an estimate."""
        return tuple(i for i, term in enumerate(self.terms) if term.log_hazard_ratio is not None)

    @property
    def coefficients(self) -> FloatArray:
        """Log hazard ratios, shape (p,); 0 for a dropped term, which adds nothing to a linear predictor."""
        return np.array([term.log_hazard_ratio or 0.0 for term in self.terms])


def cox(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    conf_level: float = 0.95,
    *,
    entry: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
    offset: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    ties: Ties = Ties.EFRON,
) -> Cox:
    """Fit a Cox model by maximizing the partial likelihood.

    Parameters
    ----------
    durations, event_observed, covariates, names, entry, strata, weights, frequencies, offset, cluster, ties
        See `cox_data.cox_data`, which checks them and says what it raises.
    conf_level : float

    Returns
    -------
    Cox
        A model without patients, without events or without a finite maximum says so in `status` and
        `reason`; a hazard ratio of 0 or infinity is never returned.

    References
    ----------
    Cox DR. J R Stat Soc B 1972;34:187–220. Efron B. J Am Stat Assoc 1977;72:557–565.
    Lin DY, Wei LJ. J Am Stat Assoc 1989;84:1074–1078 (robust variance).
    """
    data = cox_data(
        durations,
        event_observed,
        covariates,
        names,
        entry=entry,
        strata=strata,
        weights=weights,
        frequencies=frequencies,
        offset=offset,
        cluster=cluster,
        ties=ties,
    )
    return fit(data, conf_level)


def fit(data: CoxData, conf_level: float = 0.95) -> Cox:
    """Fit a Cox model to data already checked; see `cox`."""
    if data.n == 0:
        return _unestimated(data, conf_level, Status.NO_PATIENTS)
    if not data.events.any():
        return _unestimated(data, conf_level, Status.NO_EVENTS)
    likelihood = PartialLikelihood(data)
    null = likelihood(np.zeros(likelihood.scale.size))
    kept = independent(null.information)
    if not kept:
        return _unestimated(data, conf_level, Status.CONSTANT)
    if len(kept) < len(data.names):
        likelihood = PartialLikelihood(data.select(kept))
        null = likelihood(np.zeros(len(kept)))
    start = np.zeros(len(kept))
    found = newton_raphson(likelihood, start, null, stop_beyond=FAR_OUT)
    if is_suspicious(found):
        separated = separated_columns(data.select(kept))
        if separated:
            blamed = {kept[column]: TENDS_TO[direction] for column, direction in separated.items()}
            return _unestimated(data, conf_level, Status.SEPARATION, blamed)
        if not found.converged:
            found = newton_raphson(likelihood, start, null)
    if not found.converged:
        return _unestimated(data, conf_level, Status.NOT_CONVERGED)
    return _estimated(data, conf_level, kept, likelihood, null, found)


def independent(information: FloatArray) -> list[int]:
    """Return the columns that are neither constant nor an exact combination of earlier ones, as R does.

    Parameters
    ----------
    information : ndarray of float, shape (p, p)
        Of standardized covariates, at zero.
    """
    own = np.diagonal(information).copy()
    root, failed = dpotrf(information, lower=1)
    if not failed and np.all(np.diagonal(root) ** 2 > ALIASED * np.maximum(own, 1.0)):
        return list(range(own.size))
    remaining = information.copy()
    kept = []
    for column in range(own.size):
        pivot = remaining[column, column]
        if own[column] <= ALIASED or pivot <= ALIASED * own[column]:
            continue
        kept.append(column)
        remaining -= np.outer(remaining[:, column], remaining[column] / pivot)
    return kept


def is_suspicious(found: Maximum) -> bool:
    """Whether a maximum on standardized covariates is worth a search for separation."""
    if not found.converged:
        return True
    largest = max(abs(found.point).max(), math.sqrt(found.covariance.diagonal().max()))
    return bool(largest > _SUSPICIOUS)


def _unestimated(
    data: CoxData, conf_level: float, status: Status, blamed: Mapping[int, str | None] | None = None
) -> Cox:
    reasons = dict.fromkeys(range(len(data.names)), REASONS[status]) if blamed is None else blamed
    terms = tuple(CoxTerm(name, reason=reasons.get(column)) for column, name in enumerate(data.names))
    reason = REASONS[status] if blamed is None else SEPARATED
    return Cox(METHODS[data.ties], conf_level, data.n, data.event_count, status, reason, terms)


def _estimated(
    data: CoxData,
    conf_level: float,
    kept: list[int],
    likelihood: PartialLikelihood,
    null: Evaluation,
    found: Maximum,
) -> Cox:
    at, scale, df = found.evaluation, likelihood.scale, len(kept)
    naive = variance = found.covariance
    wald: ModelTest | None = model_test(float(found.point @ at.information @ found.point), df)
    robust_score: ModelTest | None = None
    naive_std_err: FloatArray | None = None
    if data.cluster is not None:
        cluster = data.cluster[data.risk_sets.order]
        variance = naive @ ScoreProcess(likelihood, found.point).variance(cluster) @ naive
        if np.any(np.diagonal(variance) <= NO_VARIANCE * np.diagonal(naive)):
            return _unestimated(data, conf_level, Status.FEW_CLUSTERS)
        wald = zero_mean_test(found.point, variance)
        at_null = ScoreProcess(likelihood, np.zeros(df))
        robust_score = zero_mean_test(null.gradient, at_null.variance(cluster))
        naive_std_err = np.sqrt(np.diagonal(naive)) / scale
    coef, std_err = found.point / scale, np.sqrt(np.diagonal(variance)) / scale
    return Cox(
        method=(METHODS if data.cluster is None else CLUSTERED)[data.ties],
        conf_level=conf_level,
        n=data.n,
        events=data.event_count,
        status=Status.ESTIMATED,
        reason=None,
        terms=wald_terms(data.names, kept, coef, std_err, conf_level, naive_std_err),
        covariance=tuple(tuple(row) for row in (variance / np.outer(scale, scale)).tolist()),
        log_likelihood_null=null.log_likelihood,
        log_likelihood=at.log_likelihood,
        aic=2.0 * (df - at.log_likelihood),
        likelihood_ratio=model_test(2.0 * (at.log_likelihood - null.log_likelihood), df),
        wald=wald,
        score=model_test(float(null.gradient @ dposv(null.information, null.gradient)[1]), df),
        robust_score=robust_score,
        iterations=found.iterations,
    )


def model_test(chi_square: float, df: int) -> ModelTest:
    """Compare a statistic with χ²; rounding below 0 is 0."""
    statistic = max(0.0, chi_square)
    return ModelTest(statistic, df, float(chdtrc(df, statistic)))


def zero_mean_test(vector: FloatArray, covariance: FloatArray) -> ModelTest | None:
    """Test that a vector with this covariance has mean zero; None when the covariance is singular."""
    spread = np.sqrt(np.diagonal(covariance))
    if not spread.all():
        return None
    standardized = vector / spread
    correlation = covariance / np.outer(spread, spread)
    if len(independent(correlation)) < vector.size:
        return None
    return model_test(float(standardized @ np.linalg.solve(correlation, standardized)), vector.size)


def wald_terms(
    names: Sequence[str],
    kept: Sequence[int],
    coef: FloatArray,
    std_err: FloatArray,
    conf_level: float,
    naive_std_err: FloatArray | None = None,
) -> tuple[CoxTerm, ...]:
    """Return a term for each of `names`, with Wald statistics for the `kept` and a reason for the others."""
    width = float(ndtri(0.5 + conf_level / 2)) * std_err
    z = coef / std_err
    columns = (
        coef.tolist(),
        std_err.tolist(),
        *(hazard_ratios(logs) for logs in (coef, coef - width, coef + width)),
        z.tolist(),
        (2 * ndtr(-np.abs(z))).tolist(),
        [None] * len(kept) if naive_std_err is None else naive_std_err.tolist(),
    )
    rows = {
        column: (*row, BEYOND_NUMBERS if None in row[2:5] else None)
        for column, *row in zip(kept, *columns, strict=True)
    }
    return tuple(
        CoxTerm(name, *rows[i]) if i in rows else CoxTerm(name, reason=DROPPED)
        for i, name in enumerate(names)
    )


def hazard_ratios(logs: FloatArray) -> list[float | None]:
    """Return the hazard ratios of their logarithms; None for one beyond what a number can hold."""
    return [math.exp(log) if abs(log) < _LARGEST_LOG else None for log in logs.tolist()]
