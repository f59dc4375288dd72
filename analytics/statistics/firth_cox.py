"""Cox regression penalized by Jeffreys' prior: finite estimates under separation and with few events."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox import (
    BEYOND_NUMBERS,
    DROPPED,
    REASONS,
    ModelTest,
    Status,
    hazard_ratios,
    independent,
    model_test,
)
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.newton import Evaluation, Maximum, newton_raphson
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHODS = {
    Ties.EFRON: _(
        "Firth-penalized Cox regression, Efron ties; profile-likelihood confidence interval, p by the "
        "penalized likelihood ratio test"
    ),
    Ties.BRESLOW: _(
        "Firth-penalized Cox regression, Breslow ties; profile-likelihood confidence interval, p by the "
        "penalized likelihood ratio test"
    ),
}
UNBOUNDED = _("the penalized likelihood does not bound this confidence interval")

# Scoring with the unpenalized information is cheap and safe; where the penalty weighs much, with few events,
# it takes hundreds of steps. After these, the curvature of the penalized likelihood is worth its price.
_SCORING_STEPS = 15
# A limit this many standard deviations of the covariate away would be a hazard ratio of e^60.
_NO_LIMIT = 60.0


@dataclass(frozen=True)
class FirthTerm(Result):
    """One covariate of a Firth-penalized Cox model.

    Attributes
    ----------
    log_hazard_ratio, std_err, hazard_ratio : float or None
        The standard error is that of the unpenalized information at the estimate.
    lower, upper : float or None
        Profile penalized-likelihood limits of the hazard ratio.
    chi_square, p : float or None
        Penalized likelihood ratio test that this coefficient is 0, one degree of freedom.
    reason : str or None
        Why something is missing.
    """

    name: str
    log_hazard_ratio: float | None = None
    std_err: float | None = None
    hazard_ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    chi_square: float | None = None
    p: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class FirthCox(Result):
    """A fitted Firth-penalized Cox model.

    Attributes
    ----------
    status : Status
    reason : str or None
    terms : tuple of FirthTerm
        In the order given.
    log_likelihood_null, log_likelihood : float or None
        Penalized; the penalty is that of covariates scaled to a standard deviation of 1, as in R's coxphf.
    likelihood_ratio : ModelTest or None
        Penalized likelihood ratio test that all coefficients are 0.
    iterations : int or None
    """

    method: str
    conf_level: float
    n: int
    events: int
    status: Status
    reason: str | None
    terms: tuple[FirthTerm, ...]
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    likelihood_ratio: ModelTest | None = None
    iterations: int | None = None


def firth_cox(data: CoxData, conf_level: float = 0.95) -> FirthCox:
    """Fit a Cox model by maximizing the partial likelihood times the root of its information's determinant.

    The estimate is finite under complete separation too, and less biased away from 0 where events are few.
    Own code: R's coxphf has Breslow ties only, and no Python library has it.

    Parameters
    ----------
    data : CoxData
        From `cox_data.cox_data`.
    conf_level : float

    Returns
    -------
    FirthCox
        Aliased and constant covariates are dropped and say so, as in `cox.cox`.

    References
    ----------
    Firth D. Biometrika 1993;80:27–38. Heinze G, Schemper M. Biometrics 2001;57:114–119.
    """
    if data.n == 0:
        return _unestimated(data, conf_level, Status.NO_PATIENTS)
    if not data.events.any():
        return _unestimated(data, conf_level, Status.NO_EVENTS)
    kept = _estimable(data)
    if not kept:
        return _unestimated(data, conf_level, Status.CONSTANT)
    penalized = _PenalizedLikelihood(data.select(kept))
    everything = np.arange(len(kept))
    null, found = penalized(np.zeros(len(kept))), penalized.maximize(everything)
    if not found.converged:
        return _unestimated(data, conf_level, Status.NOT_CONVERGED)
    terms = {
        column: _term(penalized, found, position, data.names[column], conf_level)
        for position, column in enumerate(kept)
    }
    constant = _scale_of_penalty(data, kept, penalized.scale)
    return FirthCox(
        method=METHODS[data.ties],
        conf_level=conf_level,
        n=data.n,
        events=data.event_count,
        status=Status.ESTIMATED,
        reason=None,
        terms=tuple(
            terms.get(column, FirthTerm(name, reason=DROPPED)) for column, name in enumerate(data.names)
        ),
        log_likelihood_null=null.log_likelihood + constant,
        log_likelihood=found.evaluation.log_likelihood + constant,
        likelihood_ratio=_likelihood_ratio(found, null, len(kept)),
        iterations=found.iterations,
    )


def penalized_likelihood_ratio(data: CoxData, columns: Sequence[int]) -> ModelTest | None:
    """Test that the coefficients of some columns are 0, as the indicators of one category together.

    The penalty stays that of the whole model: it is the same likelihood under both hypotheses.

    Parameters
    ----------
    data : CoxData
    columns : sequence of int
        Positions in `data.names`; dropped ones take no degree of freedom.

    Returns
    -------
    ModelTest or None
        None when the model is not estimable or none of the columns is in it.

    References
    ----------
    Heinze G, Schemper M. Biometrics 2001;57:114–119.
    """
    kept = _estimable(data) if data.events.any() else []
    tested = [column for column in kept if column in set(columns)]
    if not tested:
        return None
    penalized = _PenalizedLikelihood(data.select(kept))
    found = penalized.maximize(np.arange(len(kept)))
    free = np.flatnonzero([column not in tested for column in kept])
    restricted = penalized.maximize(free)
    if not (found.converged and restricted.converged):
        return None
    return _likelihood_ratio(found, restricted.evaluation, len(tested))


class _PenalizedLikelihood:
    """The penalized partial likelihood as a function of coefficients of standardized covariates."""

    def __init__(self, data: CoxData) -> None:
        self.likelihood = PartialLikelihood(data)
        self.scale = self.likelihood.scale

    def __call__(self, coef: FloatArray) -> Evaluation:
        """Evaluate at `coef`; the information is the unpenalized one, with which scoring is safe."""
        here = self.likelihood(coef)
        try:
            root = np.linalg.cholesky(here.information)
        except np.linalg.LinAlgError:
            return here._replace(log_likelihood=-math.inf)
        penalty = float(np.log(np.diagonal(root)).sum())
        gradient = here.gradient + self._penalty_gradient(coef, np.linalg.inv(root)) / 2
        return Evaluation(here.log_likelihood + penalty, gradient, here.information)

    def _penalty_gradient(self, coef: FloatArray, whiten: FloatArray) -> FloatArray:
        """Return tr(I⁻¹ ∂I/∂β): the third moments of the covariates in the risk sets, whitened twice.

        For a term of the likelihood with mean μ it is Σ pⱼ |zⱼ − m|² (xⱼ − μ), where z and m are x and μ
        whitened by the information. Multiplied out and summed the other way around, over the terms a row is
        at risk in, it costs a few running sums.
        """
        likelihood = self.likelihood
        sets, x = likelihood.sets, likelihood.x
        hazard = likelihood.risk(coef)[1]

        def term_means(values: FloatArray) -> FloatArray:
            weighted = values * hazard
            dying = sets.death_sums(weighted) if likelihood.tied else None
            return likelihood.denominators(sets.sums(weighted), dying) / total

        total = np.ones(1)
        total = term_means(np.ones((1, hazard.size)))[0]
        z = whiten @ x
        squares = np.einsum("ij,ij->j", z, z)
        mean = term_means(x)
        whitened_mean = whiten @ mean
        mean_squares = np.einsum("ij,ij->j", whitened_mean, whitened_mean)

        inverse = likelihood.term_weight / total
        distances = squares * self._over_terms(inverse) + self._over_terms(inverse * mean_squares)
        for row, step in zip(z, whitened_mean, strict=True):
            distances -= 2 * row * self._over_terms(inverse * step)
        spread = term_means(squares[None, :])[0] - mean_squares
        gradient: FloatArray = x @ (hazard * distances) - mean @ (likelihood.term_weight * spread)
        return gradient

    def _over_terms(self, terms: FloatArray) -> FloatArray:
        """Sum over the terms in whose risk set each row is, less its share where it dies; shape (m,)."""
        likelihood, sets = self.likelihood, self.likelihood.sets
        rows = sets.accumulated(likelihood.per_group(terms))
        if likelihood.tied:
            rows[sets.deaths] -= likelihood.per_group(likelihood.fraction * terms)[likelihood.death_group]
        return rows

    def maximize(self, free: IntArray, start: FloatArray | None = None) -> Maximum:
        """Climb along the `free` coefficients; the others stay as in `start`, at 0 without one."""
        point = np.zeros(self.scale.size) if start is None else start.copy()

        def scoring(values: FloatArray) -> Evaluation:
            point[free] = values
            there = self(point)
            return there._replace(
                gradient=there.gradient[free], information=there.information[np.ix_(free, free)]
            )

        def newton(values: FloatArray) -> Evaluation:
            there = scoring(values)
            curvature = _curvature(lambda nearby: scoring(nearby).gradient, values)
            if np.linalg.eigvalsh(curvature)[0] <= 0:
                return there
            return there._replace(information=curvature)

        if not free.size:
            return Maximum(point, self(point), 0, converged=True)
        found = newton_raphson(scoring, point[free], max_iterations=_SCORING_STEPS)
        if not found.converged:
            found = newton_raphson(newton, found.point)
        point[free] = found.point
        return Maximum(point, self(point), found.iterations, found.converged)


def _curvature(gradient: Callable[[FloatArray], FloatArray], point: FloatArray) -> FloatArray:
    """Return minus the derivative of a gradient by central differences, good to ten digits."""
    steps = 1e-5 * np.eye(point.size)
    rows = np.array([gradient(point - step) - gradient(point + step) for step in steps]) / 2e-5
    curvature: FloatArray = (rows + rows.T) / 2
    return curvature


def _estimable(data: CoxData) -> list[int]:
    likelihood = PartialLikelihood(data)
    return independent(likelihood(np.zeros(len(data.names))).information)


def _term(
    penalized: _PenalizedLikelihood, found: Maximum, position: int, name: str, conf_level: float
) -> FirthTerm:
    scale = penalized.scale[position]
    others = np.delete(np.arange(penalized.scale.size), position)
    without = penalized.maximize(others)
    test = _likelihood_ratio(found, without.evaluation, 1) if without.converged else None
    limits = [_limit(penalized, found, position, direction, conf_level) for direction in (-1, 1)]
    hazard_ratio, lower, upper = hazard_ratios(np.array([found.point[position], *limits]) / scale)
    reason = None
    if test is None:
        reason = REASONS[Status.NOT_CONVERGED]
    elif np.isinf(limits).any():
        reason = UNBOUNDED
    elif None in (hazard_ratio, lower, upper):
        reason = BEYOND_NUMBERS
    return FirthTerm(
        name=name,
        log_hazard_ratio=float(found.point[position] / scale),
        std_err=float(np.sqrt(np.linalg.inv(found.evaluation.information)[position, position]) / scale),
        hazard_ratio=hazard_ratio,
        lower=lower,
        upper=upper,
        chi_square=None if test is None else test.chi_square,
        p=None if test is None else test.p,
        reason=reason,
    )


def _likelihood_ratio(found: Maximum, restricted: Evaluation, df: int) -> ModelTest:
    return model_test(2 * (found.evaluation.log_likelihood - restricted.log_likelihood), df)


def _limit(
    penalized: _PenalizedLikelihood, found: Maximum, position: int, direction: int, conf_level: float
) -> float:
    """Walk away from the maximum until the profile has fallen as far as the test accepts; infinite if never.

    The root of twice the fall is almost a straight line in the coefficient, so that Newton's method on it
    needs a few steps; the profile's slope is the gradient at its own maximum.
    """
    others = np.delete(np.arange(penalized.scale.size), position)
    accepted = math.sqrt(chdtri(1, 1 - conf_level))
    std_err = math.sqrt(np.linalg.inv(found.evaluation.information)[position, position])
    top, inside, outside = found.point[position], 0.0, math.inf
    away, profile = accepted * std_err, found
    while profile.converged and away <= _NO_LIMIT:
        start = profile.point.copy()
        start[position] = top + direction * away
        profile = penalized.maximize(others, start)
        fall = math.sqrt(max(0.0, 2 * (found.evaluation.log_likelihood - profile.evaluation.log_likelihood)))
        slope = -direction * profile.evaluation.gradient[position]
        inside, outside = (away, outside) if fall < accepted else (inside, away)
        proposed = away + (accepted - fall) * fall / slope if slope > 0 else math.inf
        if not inside < proposed < min(outside, 3 * away):
            proposed = 2 * away if math.isinf(outside) else (inside + outside) / 2
        if abs(proposed - away) <= 1e-9 * std_err:
            return float(top + direction * proposed)
        away = proposed
    return direction * math.inf


def _scale_of_penalty(data: CoxData, kept: list[int], scale: FloatArray) -> float:
    """Half the difference in log determinants between our standardization and that of all rows' spread."""
    repeats = 1 if data.frequencies is None else data.frequencies.astype(np.intp)
    spread = np.repeat(data.covariates[:, kept], repeats, axis=0).std(axis=0, ddof=1)
    return float(np.log(scale / spread).sum())


def _unestimated(data: CoxData, conf_level: float, status: Status) -> FirthCox:
    terms = tuple(FirthTerm(name, reason=REASONS[status]) for name in data.names)
    return FirthCox(METHODS[data.ties], conf_level, data.n, data.event_count, status, REASONS[status], terms)
