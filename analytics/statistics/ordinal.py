"""Ordinal logistic regression: the proportional-odds model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from analytics.statistics.arrays import FloatArray, IntArray, matrix, weight_array
from analytics.statistics.cox import DROPPED, ModelTest, independent, model_test
from analytics.statistics.cumulative_logit import CumulativeLogit
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("proportional-odds logistic regression; Wald confidence interval and p")
NO_PATIENTS = _("no patients")
ONE_LEVEL = _("fewer than two levels of the response observed")
SEPARATION = _("separation: the covariates order the response completely, no finite estimate exists")
NOT_CONVERGED = _("the iterations did not converge")


@dataclass(frozen=True)
class OrdinalTerm(Result):
    """One covariate; an odds ratio above 1 goes with higher levels.

    Attributes
    ----------
    name : str
    log_odds_ratio, std_err, odds_ratio, lower, upper, z, p : float or None
        Wald statistics; None when not estimable.
    reason : str or None
        Why this term is missing.
    """

    name: str
    log_odds_ratio: float | None = None
    std_err: float | None = None
    odds_ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    z: float | None = None
    p: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Threshold(Result):
    """The log odds of a level not above `level`, with all covariates at 0."""

    level: str
    estimate: float
    std_err: float


@dataclass(frozen=True)
class OrdinalLogit(Result):
    """A fitted proportional-odds model.

    Attributes
    ----------
    n : int
    levels : tuple of str
        Those observed, in ascending order.
    counts : tuple of int
        Patients at each.
    reason : str or None
        Why the model is not estimated.
    terms : tuple of OrdinalTerm
        In the order given.
    thresholds : tuple of Threshold
        One for each level but the highest.
    covariance : tuple of tuple of float
        Of the thresholds and the coefficients of the terms that have an estimate, in this order.
    log_likelihood_null, log_likelihood : float or None
    likelihood_ratio : ModelTest or None
        Test that all coefficients are zero.
    """

    method: str
    conf_level: float
    n: int
    levels: tuple[str, ...]
    counts: tuple[int, ...]
    reason: str | None
    terms: tuple[OrdinalTerm, ...]
    thresholds: tuple[Threshold, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    likelihood_ratio: ModelTest | None = None
    iterations: int | None = None

    @property
    def estimated(self) -> tuple[int, ...]:
        """The positions in `terms` of those that have an estimate."""
        return tuple(i for i, term in enumerate(self.terms) if term.log_odds_ratio is not None)


@dataclass(frozen=True)
class OrdinalData:
    """Checked input of an ordinal model.

    Attributes
    ----------
    level : ndarray of int, shape (n,)
        Positions in `levels`.
    levels : tuple of str
        Those observed, in ascending order.
    covariates : ndarray of float, shape (n, p)
    names : tuple of str
    frequencies : ndarray of float, shape (n,)
        How many patients each row stands for.
    """

    level: IntArray
    levels: tuple[str, ...]
    covariates: FloatArray
    names: tuple[str, ...]
    frequencies: FloatArray

    @property
    def n(self) -> int:
        """How many patients."""
        return int(self.frequencies.sum())

    def without(self, columns: Sequence[int]) -> OrdinalData:
        """Return the data with some covariates left out."""
        kept = [column for column in range(len(self.names)) if column not in columns]
        return replace(
            self, covariates=self.covariates[:, kept], names=tuple(self.names[column] for column in kept)
        )

    def standardized(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the covariates centered and scaled, with centers and scales; a constant has scale 1."""
        center = np.average(self.covariates, axis=0, weights=self.frequencies)
        centered = self.covariates - center
        scale = np.sqrt(np.average(centered**2, axis=0, weights=self.frequencies))
        scale[scale <= 1e-12 * np.abs(center)] = 1.0
        scale[scale == 0] = 1.0
        return centered / scale, center, scale


def ordinal_data(
    response: npt.ArrayLike,
    levels: Sequence[str],
    covariates: npt.ArrayLike,
    names: Sequence[str],
    frequencies: npt.ArrayLike | None = None,
) -> OrdinalData:
    """Check the input of an ordinal model.

    Parameters
    ----------
    response : array_like of str, shape (n,)
    levels : sequence of str
        In ascending order; levels nobody has are left out.
    covariates : array_like of float, shape (n, p)
    names : sequence of str
        Of the covariates.
    frequencies : array_like of int, shape (n,), optional
        How many patients each row stands for; a row of 0 is as if it were not there.

    Raises
    ------
    ValueError
        For a response outside `levels`, missing values (naming the column), unequal lengths, negative or
        fractional frequencies.
    """
    labels = np.asarray(response, dtype=object).ravel()
    if unknown := sorted({str(label) for label in labels} - set(levels)):
        raise ValueError(f"response contains values that are not levels: {', '.join(unknown)}")
    position = {label: code for code, label in enumerate(levels)}
    level = np.array([position[str(label)] for label in labels], dtype=np.intp)
    x = matrix("covariates", covariates, names, level.size)
    counted = np.ones(level.size)
    if frequencies is not None:
        counted = weight_array("frequencies", frequencies, level.size)
        if np.any(counted != np.rint(counted)):
            raise ValueError("frequencies must be whole numbers")
    there = counted > 0
    observed, level = np.unique(level[there], return_inverse=True)
    return OrdinalData(
        level.astype(np.intp),
        tuple(levels[code] for code in observed),
        x[there],
        tuple(names),
        counted[there],
    )


def ordinal_logit(
    response: npt.ArrayLike,
    levels: Sequence[str],
    covariates: npt.ArrayLike,
    names: Sequence[str],
    frequencies: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
) -> OrdinalLogit:
    """Fit a proportional-odds model; `ordinal_data` and `fit` in one.

    Parameters
    ----------
    response, levels, covariates, names, frequencies
        As of `ordinal_data`.
    conf_level : float

    References
    ----------
    McCullagh P. J R Stat Soc B 1980;42:109–142.
    """
    return fit(ordinal_data(response, levels, covariates, names, frequencies), conf_level)


def fit(data: OrdinalData, conf_level: float = 0.95) -> OrdinalLogit:
    """Fit logit P(Y ≤ j) = αⱼ − xᵀβ by maximum likelihood.

    Standard errors are from the analytic information, as in R's ``ordinal::clm``; those of ``MASS::polr`` are
    from finite differences, and off by some percent where a covariate has large values. The Newton–Raphson is
    our own: statsmodels' model has no frequencies and no word on separation.

    Parameters
    ----------
    data : OrdinalData
        From `ordinal_data`.
    conf_level : float

    Returns
    -------
    OrdinalLogit
        Constant and aliased covariates are dropped and say so.
    """
    if not data.n:
        return _unestimated(data, conf_level, NO_PATIENTS)
    if len(data.levels) < 2:
        return _unestimated(data, conf_level, ONE_LEVEL)
    x, center, scale = data.standardized()
    kept = estimable(data)
    likelihood = CumulativeLogit(data.level, x[:, kept], data.frequencies)
    null = likelihood(likelihood.start)
    found = likelihood.maximize()
    if not found.converged:
        separated = [kept[column] for column in np.flatnonzero(likelihood.runs_off()[len(data.levels) - 1 :])]
        return _unestimated(data, conf_level, SEPARATION if separated else NOT_CONVERGED, separated)

    cut = len(data.levels) - 1
    back = _to_the_covariates_scale(cut, center[kept], scale[kept])
    point: FloatArray = back @ found.point
    covariance = back @ np.linalg.inv(found.evaluation.information) @ back.T
    std_err = np.sqrt(np.diagonal(covariance))
    terms = {
        column: _term(data.names[column], float(point[cut + i]), float(std_err[cut + i]), conf_level)
        for i, column in enumerate(kept)
    }
    return OrdinalLogit(
        method=METHOD,
        conf_level=conf_level,
        n=data.n,
        levels=data.levels,
        counts=_counts(data),
        reason=None,
        terms=tuple(
            terms.get(column, OrdinalTerm(name, reason=DROPPED)) for column, name in enumerate(data.names)
        ),
        thresholds=tuple(
            Threshold(level, float(point[i]), float(std_err[i])) for i, level in enumerate(data.levels[:-1])
        ),
        covariance=tuple(map(tuple, covariance.tolist())),
        log_likelihood_null=null.log_likelihood,
        log_likelihood=found.evaluation.log_likelihood,
        likelihood_ratio=(
            model_test(2 * (found.evaluation.log_likelihood - null.log_likelihood), len(kept))
            if kept
            else None
        ),
        iterations=found.iterations,
    )


def estimable(data: OrdinalData) -> list[int]:
    """Return the columns that are neither constant nor an exact combination of earlier ones."""
    x = data.standardized()[0]
    return independent((x.T * data.frequencies) @ x / data.n)


def _to_the_covariates_scale(thresholds: int, center: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the matrix that takes parameters of standardized covariates to those of the covariates."""
    back = np.eye(thresholds + scale.size)
    back[:thresholds, thresholds:] = center / scale
    back[thresholds:, thresholds:] = np.diag(1 / scale)
    return back


def _term(name: str, coef: float, std_err: float, conf_level: float) -> OrdinalTerm:
    z, margin = coef / std_err, float(ndtri((1 + conf_level) / 2)) * std_err
    return OrdinalTerm(
        name=name,
        log_odds_ratio=coef,
        std_err=std_err,
        odds_ratio=float(np.exp(coef)),
        lower=float(np.exp(coef - margin)),
        upper=float(np.exp(coef + margin)),
        z=z,
        p=float(2 * ndtr(-abs(z))),
    )


def _unestimated(
    data: OrdinalData, conf_level: float, reason: str, blamed: Sequence[int] = ()
) -> OrdinalLogit:
    """A model without estimates, by reason of some of its terms or of all."""
    return OrdinalLogit(
        method=METHOD,
        conf_level=conf_level,
        n=data.n,
        levels=data.levels,
        counts=_counts(data),
        reason=reason,
        terms=tuple(
            OrdinalTerm(name, reason=reason if not blamed or column in blamed else None)
            for column, name in enumerate(data.names)
        ),
    )


def _counts(data: OrdinalData) -> tuple[int, ...]:
    return tuple(np.bincount(data.level, weights=data.frequencies).astype(int).tolist())
