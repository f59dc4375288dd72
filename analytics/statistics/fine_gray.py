"""Fine–Gray regression: how covariates change the cumulative incidence of one type of event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, ascending, matrix
from analytics.statistics.censoring_distribution import censoring_distribution
from analytics.statistics.competing_risks import CompetingRisks, competing_risks
from analytics.statistics.cox import (
    FAR_OUT,
    NO_VARIANCE,
    TENDS_TO,
    CoxTerm,
    ModelTest,
    Status,
    independent,
    is_suspicious,
    wald_terms,
    zero_mean_test,
)
from analytics.statistics.cox import REASONS as COX_REASONS
from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.newton import Evaluation, newton_raphson
from analytics.statistics.result import Result
from analytics.statistics.separation import separated_columns
from registry.terminology.text import gettext_noop as _

METHOD = _("Fine–Gray regression of the subdistribution hazard, weighted by inverse probability of censoring")
# Each patient is a cluster.
REASONS = COX_REASONS | {Status.FEW_CLUSTERS: _("too few patients for a robust variance")}


@dataclass(frozen=True)
class FineGray(Result):
    """A fitted Fine–Gray model.

    Attributes
    ----------
    n, events, competing_events : int
    status : Status
    reason : str or None
        A sentence for the reader when the model is not estimated.
    terms : tuple of CoxTerm
        In the order given; their hazard ratios are ratios of subdistribution hazards.
    covariance : tuple of tuple of float
        Robust, of the coefficients of the terms that have an estimate.
    log_likelihood_null, log_likelihood : float or None
        Of the weighted partial likelihood. Twice their difference is no χ².
    wald : ModelTest or None
        Test that all coefficients are zero.
    """

    method: str
    conf_level: float
    n: int
    events: int
    competing_events: int
    status: Status
    reason: str | None
    terms: tuple[CoxTerm, ...]
    covariance: tuple[tuple[float, ...], ...] = ()
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    wald: ModelTest | None = None


def fine_gray(
    durations: npt.ArrayLike,
    event_types: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    cause: int = 1,
    conf_level: float = 0.95,
) -> FineGray:
    """Fit the proportional subdistribution hazards model for `cause`, as R's ``cmprsk::crr`` does.

    Who has a competing event stays at risk, with the weight G(t)/G(T) of not being censored in the meantime:
    that is what makes a hazard ratio speak of the cumulative incidence. For the effect on the rate among
    those still free of any event, fit a Cox model with the other types censored (the cause-specific hazard).
    Tied events share their risk set as in Breslow's method. Own code: no Python library among the
    dependencies has this model.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_types : array_like of int, shape (n,)
        0 where the time is censored.
    covariates : array_like of float, shape (n, p) or (n,)
        Indicators for categories, reference category left out.
    names : sequence of str, length p
    cause : int
        The type of interest.
    conf_level : float

    Returns
    -------
    FineGray
        A model without patients, without events or without a finite maximum says so in `status` and `reason`.

    Raises
    ------
    ValueError
        For missing values; the argument and its column are named.

    References
    ----------
    Fine JP, Gray RJ. J Am Stat Assoc 1999;94:496–509.
    """
    risks = competing_risks(durations, event_types, cause)
    n, events = int(risks.times.size), int(np.count_nonzero(risks.of_interest))
    counts = (n, events, int(np.count_nonzero(risks.competing)))
    x = matrix("covariates", covariates, names, n)

    def unestimated(status: Status, blamed: Mapping[int, str | None] | None = None) -> FineGray:
        reason = REASONS[status]
        reasons = dict.fromkeys(range(len(names)), reason) if blamed is None else blamed
        terms = tuple(CoxTerm(name, reason=reasons.get(column)) for column, name in enumerate(names))
        return FineGray(METHOD, conf_level, *counts, status, reason, terms)

    if not n:
        return unestimated(Status.NO_PATIENTS)
    if not events:
        return unestimated(Status.NO_EVENTS)
    data = _Subdistribution(risks, x)
    null = data(np.zeros(len(names)))
    kept = independent(null.information)
    if not kept:
        return unestimated(Status.CONSTANT)
    if len(kept) < len(names):
        data = _Subdistribution(risks, x[:, kept])
        null = data(np.zeros(len(kept)))
    found = newton_raphson(data, np.zeros(len(kept)), null, stop_beyond=FAR_OUT)
    separated = _separated(risks, x[:, kept]) if is_suspicious(found) else {}
    if separated:
        return unestimated(Status.SEPARATION, {kept[i]: TENDS_TO[way] for i, way in separated.items()})
    if not found.converged:
        found = newton_raphson(data, np.zeros(len(kept)), null)
    if not found.converged:
        return unestimated(Status.NOT_CONVERGED)
    naive = np.linalg.inv(found.evaluation.information)
    influence = naive @ data.score(found.point)
    variance = influence @ influence.T
    if np.any(np.diagonal(variance) <= NO_VARIANCE * np.diagonal(naive)):
        return unestimated(Status.FEW_CLUSTERS)
    coef, covariance = found.point / data.scale, variance / np.outer(data.scale, data.scale)
    return FineGray(
        METHOD,
        conf_level,
        *counts,
        status=Status.ESTIMATED,
        reason=None,
        terms=wald_terms(names, kept, coef, np.sqrt(np.diagonal(covariance)), conf_level),
        covariance=tuple(tuple(row) for row in covariance.tolist()),
        log_likelihood_null=null.log_likelihood,
        log_likelihood=found.evaluation.log_likelihood,
        wald=zero_mean_test(coef, covariance),
    )


class _Subdistribution:
    """The weighted partial likelihood as a function of coefficients of standardized covariates.

    A row is fully at risk at the event times up to its own; after a competing event it stays at risk with the
    weight G(t)/G(T), which is written as one factor of the event time and one of the row.

    Attributes
    ----------
    scale : ndarray of float, shape (p,)
        A covariate x enters as (x − mean)/scale.
    """

    def __init__(self, risks: CompetingRisks, covariates: FloatArray) -> None:
        order = ascending(risks.times)
        self.times, self.event, competing, self.censored = risks.rows(order)
        self.event_times, self.deaths = np.unique(self.times[self.event], return_counts=True)
        censoring = censoring_distribution(self.times, self.censored, events_first=False)
        self.uncensored = censoring.before(self.event_times)
        # Who was censored at time 0 was never observed, and no weight speaks of them.
        self.staying = competing / censoring.before(np.maximum(self.times, np.nextafter(0.0, 1.0)))
        self.passed = np.searchsorted(self.event_times, self.times, side="right")
        self.first_free = np.searchsorted(self.times, self.event_times, side="left")

        x = covariates[order].T
        center = x.mean(axis=1, keepdims=True)
        scale = np.sqrt(((x - center) ** 2).mean(axis=1, keepdims=True))
        constant = scale <= 1e-12 * np.maximum(1.0, np.abs(center))
        self.x = np.where(constant, 0.0, (x - center) / np.where(constant, 1.0, scale))
        self.scale = scale.ravel()

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum `values`, shape (…, n), over the weighted risk set of each event time."""
        still_free = _from(values)[..., self.first_free]
        gone_before: FloatArray = _before(values * self.staying)[..., self.first_free]
        return still_free + self.uncensored * gone_before

    def exposure(self, increments: FloatArray) -> FloatArray:
        """Sum increments of the event times over the weighted stay of each row; (…, times) to (…, n)."""
        until: FloatArray = _before(increments)[..., self.passed]
        until += self.staying * _from(increments * self.uncensored)[..., self.passed]
        return until

    def __call__(self, coef: FloatArray) -> Evaluation:
        """Evaluate at `coef`, shape (p,), on the standardized scale."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            eta, hazard = self._hazard(coef)
            at_risk = self.sums(hazard)
            weighted = self.x * hazard
            totals = self.sums(weighted)
            gram = (totals * (self.deaths / at_risk**2)) @ totals.T
            weighted *= self.exposure(self.deaths / at_risk)
            log_likelihood = float(eta[self.event].sum() - self.deaths @ np.log(at_risk))
            gradient = self.x[:, self.event].sum(axis=1) - weighted.sum(axis=1)
            return Evaluation(log_likelihood, gradient, weighted @ self.x.T - gram)

    def score(self, coef: FloatArray) -> FloatArray:
        """Contribution of each row to the score, also through the estimated weights; shape (p, n)."""
        _, hazard = self._hazard(coef)
        at_risk = self.sums(hazard)
        increments = self.deaths / at_risk
        means = self.sums(self.x * hazard) / at_risk
        score = -hazard * (self.x * self.exposure(increments) - self.exposure(increments * means))
        score[:, self.event] += self.x[:, self.event] - means[:, self.passed[self.event] - 1]
        return score + self._score_of_weights(hazard, increments * self.uncensored, means)

    def _score_of_weights(self, hazard: FloatArray, increments: FloatArray, means: FloatArray) -> FloatArray:
        """What each row's censoring, or its not being censored, does: ψ of Fine and Gray."""
        first = np.searchsorted(self.times, self.times, side="left")
        last = np.searchsorted(self.times, self.times, side="right")
        at_risk = self.times.size - first
        ahead = np.searchsorted(self.event_times, self.times, side="left")
        stayed = hazard * self.staying
        q = _before(self.x * stayed)[:, first] * _from(increments)[ahead]
        q -= _before(stayed)[first] * _from(increments * means)[:, ahead]
        own: FloatArray = self.censored * q / at_risk
        return own - _before(own / at_risk)[:, last]

    def _hazard(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        eta = coef @ self.x
        eta -= eta.max()
        return eta, np.exp(eta)


def _before(values: FloatArray) -> FloatArray:
    """Sum of all values before each, and at the end of all; shape (…, n) becomes (…, n + 1)."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def _from(values: FloatArray) -> FloatArray:
    """Sum of each value and all after it, and 0 at the end; shape (…, n) becomes (…, n + 1)."""
    return _before(values[..., ::-1])[..., ::-1]


def _separated(risks: CompetingRisks, covariates: FloatArray) -> dict[int, int]:
    """Look for separation among the risk sets, which competing events never leave, whatever their weights."""
    durations = np.where(risks.competing, risks.times.max() + 1.0, risks.times)
    names = [str(column) for column in range(covariates.shape[1])]
    return separated_columns(cox_data(durations, risks.of_interest, covariates, names, ties=Ties.BRESLOW))
