"""Cox proportional hazards regression."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import chi2, norm

from analytics.statistics.arrays import BoolArray, FloatArray, floats, survival_arrays
from analytics.statistics.result import Result
from analytics.statistics.separation import separated_columns
from registry.terminology.text import gettext_noop as _

METHOD = _("Cox proportional hazards regression, Efron ties; Wald confidence interval and p")

# A standardized coefficient or standard error this large is worth a search for separation.
_SUSPICIOUS = 4.0


# lifelines' default stops when the log-likelihood changes by 1e-9 of itself, which moves coefficients by up
# to 4e-4 standard errors; a Newton decrement of 1e-18 leaves 1e-9 of one.
_TO_THE_LAST_DIGIT = {"precision": 1e-18, "r_precision": 0.0, "max_steps": 100}


class Status(StrEnum):
    """Whether a model could be estimated, and if not, why not."""

    ESTIMATED = "estimated"
    NO_PATIENTS = "no_patients"
    NO_EVENTS = "no_events"
    CONSTANT = "constant"
    SEPARATION = "separation"
    NOT_CONVERGED = "not_converged"


REASONS = {
    Status.ESTIMATED: None,
    Status.NO_PATIENTS: _("no patients"),
    Status.NO_EVENTS: _("no events"),
    Status.CONSTANT: _("all patients at risk when an event happened have the same value"),
    Status.SEPARATION: _("separation: the events order this covariate completely, no finite estimate exists"),
    Status.NOT_CONVERGED: _("the iterations did not converge"),
}


@dataclass(frozen=True)
class CoxTerm(Result):
    """One covariate of a Cox model.

    Attributes
    ----------
    name : str
    log_hazard_ratio, std_err, hazard_ratio, lower, upper, z, p : float or None
        Wald statistics; None when not estimable.
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
    reason: str | None = None


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
    log_likelihood_null, log_likelihood : float or None
        Partial log-likelihood at zero and at the estimate.
    lr_chi_square, lr_df, lr_p
        Likelihood-ratio test that all coefficients are zero.
    """

    method: str
    conf_level: float
    n: int
    events: int
    status: Status
    reason: str | None
    terms: tuple[CoxTerm, ...]
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    lr_chi_square: float | None = None
    lr_df: int | None = None
    lr_p: float | None = None


def cox(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    conf_level: float = 0.95,
) -> Cox:
    """Fit a Cox model by maximizing the partial likelihood with Efron's handling of ties.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    covariates : array_like of float, shape (n, p) or (n,)
        Indicators for categories, reference category left out.
    names : sequence of str, length p
    conf_level : float

    Returns
    -------
    Cox
        A model without patients, without events or without a finite maximum says so in `status` and
        `reason`; a hazard ratio of 0 or infinity is never returned.

    Raises
    ------
    ValueError
        For missing values (the argument is named) or lengths that do not agree.

    References
    ----------
    Cox DR. J R Stat Soc B 1972;34:187–220. Efron B. J Am Stat Assoc 1977;72:557–565.
    """
    times, events = survival_arrays(durations, event_observed)
    x = floats("covariates", covariates).reshape(times.size, -1) if times.size else np.empty((0, len(names)))
    if x.shape[1] != len(names):
        raise ValueError("covariates and names differ in length")

    total = int(times.size)

    def unestimated(status: Status, blamed: Sequence[int] = ()) -> Cox:
        terms = tuple(
            CoxTerm(name, reason=REASONS[status] if not blamed or column in blamed else None)
            for column, name in enumerate(names)
        )
        return Cox(METHOD, conf_level, total, int(events.sum()), status, REASONS[status], terms)

    if times.size == 0:
        return unestimated(Status.NO_PATIENTS)
    if not events.any():
        return unestimated(Status.NO_EVENTS)
    informative = times >= times[events].min()  # the others were never at risk when an event happened
    times, events, x = times[informative], events[informative], x[informative]
    kept = _independent_columns(x)
    if not kept:
        return unestimated(Status.CONSTANT)
    fit = None if _has_group_without_events(x[:, kept], events) else _maximize(times, events, x[:, kept])
    if fit is None or _is_suspicious(fit, x[:, kept]):
        separated = separated_columns(times, events, x[:, kept])
        if separated:
            return unestimated(Status.SEPARATION, [kept[column] for column in separated])
        fit = fit or _maximize(times, events, x[:, kept])
    if fit is None:
        return unestimated(Status.NOT_CONVERGED)
    lr = max(0.0, 2 * (fit.log_likelihood - fit.log_likelihood_null))
    return Cox(
        method=METHOD,
        conf_level=conf_level,
        n=total,
        events=int(events.sum()),
        status=Status.ESTIMATED,
        reason=None,
        terms=_terms(fit, kept, names, conf_level),
        log_likelihood_null=fit.log_likelihood_null,
        log_likelihood=fit.log_likelihood,
        lr_chi_square=lr,
        lr_df=len(kept),
        lr_p=float(chi2.sf(lr, len(kept))),
    )


@dataclass(frozen=True)
class _Fit:
    coef: FloatArray
    std_err: FloatArray
    log_likelihood_null: float
    log_likelihood: float


def _maximize(times: FloatArray, events: BoolArray, x: FloatArray) -> _Fit | None:
    import pandas as pd
    from lifelines import CoxPHFitter  # over a second to import
    from lifelines.exceptions import ConvergenceError

    frame = pd.DataFrame(x, columns=[f"x{column}" for column in range(x.shape[1])])
    frame["duration"], frame["event"] = times, events
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they warn of is examined by the caller
            fitter = CoxPHFitter().fit(frame, "duration", "event", fit_options=_TO_THE_LAST_DIGIT)
    except (ConvergenceError, np.linalg.LinAlgError):
        return None
    fit = _Fit(
        fitter.params_.to_numpy(dtype=np.float64),
        fitter.standard_errors_.to_numpy(dtype=np.float64),
        float(fitter._ll_null_),
        float(fitter.log_likelihood_),
    )
    return fit if np.all(np.isfinite(fit.coef)) and np.all(np.isfinite(fit.std_err)) else None


def _is_suspicious(fit: _Fit, x: FloatArray) -> bool:
    largest = np.maximum(np.abs(fit.coef), fit.std_err) * x.std(axis=0)
    return bool(np.any(largest > _SUSPICIOUS))


def _terms(fit: _Fit, kept: list[int], names: Sequence[str], conf_level: float) -> tuple[CoxTerm, ...]:
    z_width = float(ndtri(0.5 + conf_level / 2))
    estimated: dict[int, CoxTerm] = {}
    for column, coef, std_err in zip(kept, fit.coef, fit.std_err, strict=True):
        z = float(coef / std_err)
        estimated[column] = CoxTerm(
            name=names[column],
            log_hazard_ratio=float(coef),
            std_err=float(std_err),
            hazard_ratio=float(np.exp(coef)),
            lower=float(np.exp(coef - z_width * std_err)),
            upper=float(np.exp(coef + z_width * std_err)),
            z=z,
            p=float(2 * norm.sf(abs(z))),
        )
    dropped = _("dropped: constant among those at risk, or an exact combination of earlier terms")
    return tuple(estimated.get(column, CoxTerm(name, reason=dropped)) for column, name in enumerate(names))


def _independent_columns(x: FloatArray) -> list[int]:
    """Return the columns that are neither constant nor an exact combination of earlier ones, as R does."""
    centered = x - x.mean(axis=0)
    scale = np.sqrt((centered**2).sum(axis=0))
    kept: list[int] = []
    basis = np.empty((x.shape[0], 0))
    for column in range(x.shape[1]):
        if scale[column] <= 1e-12 * max(1.0, float(np.abs(x[:, column]).max())):
            continue
        unit = centered[:, column] / scale[column]
        residual = unit - basis @ (basis.T @ unit)
        length = float(np.sqrt(residual @ residual))
        if length > 1e-9:
            kept.append(column)
            basis = np.column_stack((basis, residual / length))
    return kept


def _has_group_without_events(x: FloatArray, events: BoolArray) -> bool:
    """Whether some distinct covariate pattern of a small set, or an indicator column, has no events."""
    indicator = np.all((x == 0) | (x == 1), axis=0)
    if not indicator.any():
        return False
    groups, membership = np.unique(x[:, indicator], axis=0, return_inverse=True)
    counts = np.bincount(membership.ravel(), weights=events, minlength=groups.shape[0])
    return bool(np.any(counts == 0))
