"""Cox regression with a ridge penalty, for models with many covariates and few events.

The penalty shrinks coefficients toward 0 and so tempers overfitting. (Separation and sparse groups are a
matter for Firth's penalty instead.) Own code: no Python library has Efron ties, strata and the effective
degrees of freedom together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from analytics.statistics.arrays import FloatArray
from analytics.statistics.cox import DROPPED, REASONS, Status
from analytics.statistics.cox_data import CoxData
from analytics.statistics.newton import Evaluation, Maximum, newton_raphson
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Cox regression with a ridge penalty on coefficients per standard deviation")
CHOSEN = _(
    "Cox regression with a ridge penalty that minimizes AIC, counted with effective degrees of freedom"
)

# Per event: at the smallest of these penalties nothing is shrunk to speak of, at the largest all but to 0.
_PENALTIES_PER_EVENT = np.geomspace(1e-4, 1e3, 29)


@dataclass(frozen=True)
class RidgeTerm(Result):
    """One covariate of a penalized Cox model.

    There is no confidence interval and no p: the estimate is biased toward 0 on purpose, and an interval
    around it would not cover the truth as often as it says.

    Attributes
    ----------
    name : str
    log_hazard_ratio, std_err, hazard_ratio : float or None
    reason : str or None
        Why the term is missing.
    """

    name: str
    log_hazard_ratio: float | None = None
    std_err: float | None = None
    hazard_ratio: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Ridge(Result):
    """A Cox model fitted with a ridge penalty.

    Attributes
    ----------
    n, events : int
    penalty : float or None
        λ in log-likelihood − λ/2 · Σ (coefficient × standard deviation)²; the `theta` of R's ``ridge()``.
    effective_df : float or None
        How many unpenalized coefficients the model is worth.
    terms : tuple of RidgeTerm
        In the order given.
    log_likelihood, aic : float or None
        Without the penalty, at the penalized estimate; AIC counts `effective_df` parameters.
    reason : str or None
        Why there is no model.
    """

    method: str
    n: int
    events: int
    terms: tuple[RidgeTerm, ...]
    penalty: float | None = None
    effective_df: float | None = None
    log_likelihood: float | None = None
    aic: float | None = None
    reason: str | None = None


def ridge(data: CoxData, penalty: float | None = None) -> Ridge:
    """Fit a Cox model with a ridge penalty.

    Parameters
    ----------
    data : CoxData
        Collinear covariates, and more covariates than events, are welcome.
    penalty : float, optional
        λ > 0. Without it, the λ of the smallest AIC with effective degrees of freedom is taken, which needs
        no random folds.

    Returns
    -------
    Ridge

    Raises
    ------
    ValueError
        For a penalty that is not positive.

    References
    ----------
    Verweij PJM, van Houwelingen HC. Stat Med 1994;13:2427–2436. Gray RJ. J Am Stat Assoc 1992;87:942–951.
    """
    if penalty is not None and not 0 < penalty < np.inf:
        raise ValueError("penalty must be a positive number")
    method = CHOSEN if penalty is None else METHOD
    if not data.events.any():
        status = Status.NO_EVENTS if data.n else Status.NO_PATIENTS
        return _unestimated(method, data, status)
    likelihood = PartialLikelihood(data)
    kept = np.flatnonzero(likelihood.scale)
    if not kept.size:
        return _unestimated(method, data, Status.CONSTANT)
    if kept.size < len(data.names):
        likelihood = PartialLikelihood(data.select(kept.tolist()))
    penalized = _PenalizedLikelihood(likelihood, _variances(data)[kept])
    chosen = penalized.best(data.event_count) if penalty is None else penalty
    found = penalized.maximize(chosen)
    if not found.converged:
        return _unestimated(method, data, Status.NOT_CONVERGED)
    inverse = np.linalg.inv(found.evaluation.information)
    std_err = np.sqrt(np.diagonal(inverse)) / likelihood.scale
    log_likelihood, df = penalized.fit_and_df(found, chosen)
    coefficients = dict(zip(kept.tolist(), found.point / likelihood.scale, strict=True))
    errors = dict(zip(kept.tolist(), std_err.tolist(), strict=True))
    return Ridge(
        method=method,
        n=data.n,
        events=data.event_count,
        terms=tuple(
            RidgeTerm(name, float(coefficients[i]), errors[i], float(np.exp(coefficients[i])))
            if i in coefficients
            else RidgeTerm(name, reason=DROPPED)
            for i, name in enumerate(data.names)
        ),
        penalty=float(chosen),
        effective_df=df,
        log_likelihood=log_likelihood,
        aic=2.0 * (df - log_likelihood),
    )


def _unestimated(method: str, data: CoxData, status: Status) -> Ridge:
    reason = REASONS[status]
    terms = tuple(RidgeTerm(name, reason=reason) for name in data.names)
    return Ridge(method, data.n, data.event_count, terms, reason=reason)


def _variances(data: CoxData) -> FloatArray:
    """Sample variances of the covariates, over patients."""
    variances: FloatArray = np.diagonal(
        np.atleast_2d(
            np.cov(
                data.covariates,
                rowvar=False,
                fweights=None if data.frequencies is None else data.frequencies.astype(np.intp),
            )
        )
    )
    return variances


class _PenalizedLikelihood:
    def __init__(self, likelihood: PartialLikelihood, variances: FloatArray) -> None:
        self.likelihood = likelihood
        self.relative = (
            variances / likelihood.scale**2
        )  # the likelihood's own scale counts those at risk only

    def maximize(self, penalty: float) -> Maximum:
        weights = penalty * self.relative

        def evaluate(coef: FloatArray) -> Evaluation:
            at = self.likelihood(coef)
            return Evaluation(
                at.log_likelihood - 0.5 * float(weights @ coef**2),
                at.gradient - weights * coef,
                at.information + np.diag(weights),
            )

        return newton_raphson(evaluate, np.zeros(weights.size))

    def fit_and_df(self, found: Maximum, penalty: float) -> tuple[float, float]:
        """Log-likelihood without the penalty, and the trace of I(I + λD)⁻¹."""
        weights = penalty * self.relative
        log_likelihood = found.evaluation.log_likelihood + 0.5 * float(weights @ found.point**2)
        shrunk = np.diagonal(np.linalg.inv(found.evaluation.information)) @ weights
        return log_likelihood, weights.size - float(shrunk)

    def aic(self, penalty: float) -> float:
        log_likelihood, df = self.fit_and_df(self.maximize(penalty), penalty)
        return 2.0 * (df - log_likelihood)

    def best(self, events: int) -> float:
        grid = events * _PENALTIES_PER_EVENT
        lowest = int(np.argmin([self.aic(penalty) for penalty in grid]))
        between = np.log(grid[[max(lowest - 1, 0), min(lowest + 1, grid.size - 1)]])
        found = minimize_scalar(
            lambda log: self.aic(np.exp(log)), bounds=between, method="bounded", options={"xatol": 1e-6}
        )
        return float(np.exp(found.x))
