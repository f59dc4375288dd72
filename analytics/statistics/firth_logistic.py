"""Logistic regression penalized by Jeffreys' prior: finite estimates under separation and with few events."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, expit, log_expit

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, floats, matrix
from analytics.statistics.cox import DROPPED, ModelTest, independent, model_test
from analytics.statistics.newton import Evaluation, Maximum, newton_raphson
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "Firth-penalized logistic regression; profile-likelihood confidence interval, p by the penalized "
    "likelihood ratio test"
)
INTERCEPT = "(Intercept)"
NO_PATIENTS = _("no patients")
NOT_CONVERGED = _("the iterations did not converge")
UNBOUNDED = _("the penalized likelihood does not bound this confidence interval")

_ITERATIONS = 200
# A limit this many standard deviations of the covariate away would be an odds ratio of e^60.
_NO_LIMIT = 60.0


@dataclass(frozen=True)
class FirthTerm(Result):
    """One term of a Firth-penalized logistic model.

    Attributes
    ----------
    log_odds_ratio, std_err, odds_ratio : float or None
        The standard error is that of the unpenalized information at the estimate.
    lower, upper : float or None
        Profile penalized-likelihood limits of the odds ratio.
    chi_square, p : float or None
        Penalized likelihood ratio test that this coefficient is 0, one degree of freedom.
    reason : str or None
        Why something is missing.
    """

    name: str
    log_odds_ratio: float | None = None
    std_err: float | None = None
    odds_ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    chi_square: float | None = None
    p: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class FirthLogistic(Result):
    """A fitted Firth-penalized logistic model.

    Attributes
    ----------
    n, events : int
    reason : str or None
        Why the model is not estimated.
    terms : tuple of FirthTerm
        The intercept, then the covariates in the order given.
    log_likelihood_null, log_likelihood : float or None
        Penalized, of the covariates scaled to unit spread: at the best intercept alone, and at the estimate.
    likelihood_ratio : ModelTest or None
        Penalized likelihood ratio test that all coefficients but the intercept are 0.
    """

    method: str
    conf_level: float
    n: int
    events: int
    reason: str | None
    terms: tuple[FirthTerm, ...]
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    likelihood_ratio: ModelTest | None = None
    iterations: int | None = None


def firth_logistic(
    response: npt.ArrayLike, covariates: npt.ArrayLike, names: Sequence[str], conf_level: float = 0.95
) -> FirthLogistic:
    """Fit a logistic model by maximizing the likelihood times the root of its information's determinant.

    The estimate is finite under complete separation too, and less biased away from 0 where events are few.
    Own code, as no Python library has it; R's ``brglm2`` (mean bias reduction) and ``logistf`` do.

    Parameters
    ----------
    response : array_like of bool or 0/1, shape (n,)
    covariates : array_like of float, shape (n, p)
    names : sequence of str
    conf_level : float

    Returns
    -------
    FirthLogistic
        Constant and aliased covariates are dropped and say so.

    Raises
    ------
    ValueError
        For missing values (naming the column), a response other than 0 and 1, unequal lengths.

    References
    ----------
    Firth D. Biometrika 1993;80:27–38. Heinze G, Schemper M. Stat Med 2002;21:2409–2419.
    """
    y = floats("response", response).ravel()
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("response contains values other than 0 and 1")
    x = matrix("covariates", covariates, names, y.size)
    if not y.size:
        return _unestimated(y, names, conf_level, NO_PATIENTS)
    center = x.mean(axis=0)
    scale = (x - center).std(axis=0)
    scale[scale <= 1e-12 * np.abs(center)] = np.inf
    standardized = (x - center) / scale
    kept = independent(standardized.T @ standardized / y.size)
    penalized = _PenalizedLikelihood(y == 1, standardized[:, kept])
    found = penalized.maximize()
    null = penalized.maximize(dict.fromkeys(range(1, len(kept) + 1), 0.0))
    if not (found.converged and null.converged):
        return _unestimated(y, names, conf_level, NOT_CONVERGED)
    # The intercept is where the covariates are 0, not where they have their means.
    at_zero = _PenalizedLikelihood(y == 1, x[:, kept] / scale[kept])
    terms = {
        column: _term(penalized, found, position, float(scale[column]), names[column], conf_level)
        for position, column in enumerate(kept, 1)
    }
    return FirthLogistic(
        method=METHOD,
        conf_level=conf_level,
        n=y.size,
        events=int(y.sum()),
        reason=None,
        terms=(
            _term(at_zero, at_zero.maximize(), 0, 1.0, INTERCEPT, conf_level),
            *(terms.get(column, FirthTerm(name, reason=DROPPED)) for column, name in enumerate(names)),
        ),
        log_likelihood_null=null.evaluation.log_likelihood,
        log_likelihood=found.evaluation.log_likelihood,
        likelihood_ratio=_likelihood_ratio(found, null, len(kept)) if kept else None,
        iterations=found.iterations,
    )


class _PenalizedLikelihood:
    """The penalized log-likelihood as a function of the intercept and the coefficients."""

    def __init__(self, event: BoolArray, x: FloatArray) -> None:
        self._sign = np.where(event, 1.0, -1.0)
        self._design = np.column_stack((np.ones(event.size), x))

    def __call__(self, coef: FloatArray, free: IntArray) -> Evaluation:
        """Evaluate at `coef`, with the derivatives in the `free` ones.

        The second derivatives are exact where they are those of a maximum. Elsewhere the information is that
        of rows counted 1 + leverage times, which leads uphill from anywhere.
        """
        linear = self._design @ coef
        weight = expit(linear) * expit(-linear)
        information = self.information(coef)
        sign, log_determinant = np.linalg.slogdet(information)
        if not (sign > 0 and math.isfinite(log_determinant)):
            return Evaluation(-math.inf, np.zeros(free.size), np.eye(free.size))
        whitened = np.linalg.solve(np.linalg.cholesky(information), self._design.T).T
        leverage = weight * np.einsum("ij,ij->i", whitened, whitened)
        skew = 1 - 2 * expit(linear)
        residual = self._sign * expit(-self._sign * linear) + leverage * skew / 2
        log_likelihood = float(log_expit(self._sign * linear).sum() + log_determinant / 2)

        safe = self._weighted(weight * (1 + leverage))
        third = np.einsum("ij,ik,i,il->jkl", whitened, whitened, weight * skew, self._design, optimize=True)
        third = third.reshape(-1, coef.size)
        exact = safe - self._weighted(leverage * skew**2 / 2) + third.T @ third / 2
        chosen = np.ix_(free, free)
        is_maximum = np.linalg.eigvalsh(exact[chosen])[0] > 0
        return Evaluation(
            log_likelihood, (residual @ self._design)[free], exact[chosen] if is_maximum else safe[chosen]
        )

    def information(self, coef: FloatArray) -> FloatArray:
        """Return the unpenalized information, shape (p, p)."""
        linear = self._design @ coef
        return self._weighted(expit(linear) * expit(-linear))

    def _weighted(self, weight: FloatArray) -> FloatArray:
        gram: FloatArray = (self._design.T * weight) @ self._design
        return gram

    def maximize(self, fixed: Mapping[int, float] | None = None, start: FloatArray | None = None) -> Maximum:
        """Climb to the maximum with some coefficients held at a value."""
        point = np.zeros(self._design.shape[1]) if start is None else start.copy()
        for position, value in (fixed or {}).items():
            point[position] = value
        free = np.array([i for i in range(point.size) if i not in (fixed or {})], dtype=np.intp)

        def evaluate(values: FloatArray) -> Evaluation:
            full = point.copy()
            full[free] = values
            return self(full, free)

        if not free.size:
            return Maximum(point, self(point, np.arange(point.size)), 0, converged=True)
        found = newton_raphson(evaluate, point[free], max_iterations=_ITERATIONS)
        point[free] = found.point
        return replace(found, point=point)


def _term(
    penalized: _PenalizedLikelihood, found: Maximum, position: int, scale: float, name: str, conf_level: float
) -> FirthTerm:
    coef = float(found.point[position])
    std_err = math.sqrt(np.linalg.inv(penalized.information(found.point))[position, position])
    test = _likelihood_ratio(found, penalized.maximize({position: 0.0}), 1)
    accepted = float(chdtri(1, 1 - conf_level))

    def excess(value: float) -> float:
        profile = penalized.maximize({position: value}, found.point)
        return 2 * (found.evaluation.log_likelihood - profile.evaluation.log_likelihood) - accepted

    limits = [_limit(excess, coef, direction * std_err) for direction in (-1, 1)]
    lower, upper = (None if limit is None else math.exp(limit / scale) for limit in limits)
    return FirthTerm(
        name=name,
        log_odds_ratio=coef / scale,
        std_err=std_err / scale,
        odds_ratio=math.exp(coef / scale),
        lower=lower,
        upper=upper,
        chi_square=test.chi_square,
        p=test.p,
        reason=UNBOUNDED if lower is None or upper is None else None,
    )


def _limit(excess: Callable[[float], float], top: float, step: float) -> float | None:
    """Walk away from the maximum until the profile has fallen too far, then find where."""
    from scipy.optimize import brentq

    away = top + 2 * step
    while excess(away) < 0:
        if abs(away - top) > _NO_LIMIT:
            return None
        away += 2 * (away - top)
    return float(brentq(excess, top, away, xtol=1e-10 * abs(step), rtol=1e-14))


def _likelihood_ratio(found: Maximum, restricted: Maximum, df: int) -> ModelTest:
    return model_test(2 * (found.evaluation.log_likelihood - restricted.evaluation.log_likelihood), df)


def _unestimated(y: FloatArray, names: Sequence[str], conf_level: float, reason: str) -> FirthLogistic:
    terms = tuple(FirthTerm(name, reason=reason) for name in (INTERCEPT, *names))
    return FirthLogistic(METHOD, conf_level, y.size, int(y.sum()), reason, terms)
