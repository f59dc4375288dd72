"""The baseline hazard of a Cox model, and the survival it predicts.

Our own, equal to R's ``survfit.coxph``: the hazard of lifelines is Breslow's under an Efron fit, and what it
predicts has no standard error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import FloatArray, floats, matrix
from analytics.statistics.cox import Cox, Status
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.cox_residuals import score_process
from analytics.statistics.kaplan_meier import ConfType
from analytics.statistics.result import Result
from analytics.statistics.score_process import ScoreProcess
from registry.terminology.text import gettext_noop as _

METHODS = {
    Ties.EFRON: _("cumulative baseline hazard of a Cox model, Efron ties"),
    Ties.BRESLOW: _("cumulative baseline hazard of a Cox model, Breslow ties"),
}
PREDICTED = {
    ConfType.LOG_LOG: _("survival predicted by a Cox model, log(−log) confidence interval"),
    ConfType.LOG: _("survival predicted by a Cox model, log confidence interval"),
    ConfType.PLAIN: _("survival predicted by a Cox model, plain confidence interval"),
}

# exp() of more has no floating-point value.
_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, eq=False)
class StratumHazard(Result):
    """The cumulative hazard of one stratum, a step at each of its event times.

    Attributes
    ----------
    stratum : int
        Position of the stratum's label among the sorted labels.
    times, cumulative_hazard : ndarray of float, shape (g,)
    """

    stratum: int
    times: FloatArray
    cumulative_hazard: FloatArray


@dataclass(frozen=True)
class BaselineHazard(Result):
    """Cumulative hazards of the strata that have events; empty when `reason` says why."""

    method: str
    n: int
    events: int
    strata: tuple[StratumHazard, ...]
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class PredictedCurves(Result):
    """The survival of some patients, were they in one stratum.

    Attributes
    ----------
    stratum : int
        Position of the stratum's label among the sorted labels.
    times : ndarray of float, shape (g,)
    survival, std_err, lower, upper : ndarray of float, shape (k, g)
        One row for each patient; NaN after the stratum's last observation.
    """

    stratum: int
    times: FloatArray
    survival: FloatArray
    std_err: FloatArray
    lower: FloatArray
    upper: FloatArray

    nullable_arrays = ("survival", "std_err", "lower", "upper")


@dataclass(frozen=True)
class PredictedSurvival(Result):
    """Predicted survival in the strata that have events; empty when `reason` says why."""

    method: str
    conf_type: ConfType
    conf_level: float
    n: int
    events: int
    strata: tuple[PredictedCurves, ...]
    reason: str | None = None


def baseline_hazard(data: CoxData, model: Cox) -> BaselineHazard:
    """Estimate the cumulative hazard of a patient all of whose covariates, and whose offset, are 0.

    Tied events are taken one after the other under Efron's method (the estimate of Fleming and Harrington),
    together under Breslow's, as R does.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    Raises
    ------
    ValueError
        When a patient with covariates 0 is so far from the others that this hazard overflows.

    References
    ----------
    Breslow NE. J R Stat Soc B 1972;34:216–217. Fleming TR, Harrington DP. Commun Stat 1984;13:2469–2486.
    """
    if model.status is not Status.ESTIMATED:
        return BaselineHazard(METHODS[data.ties], model.n, model.events, (), model.reason)
    process = score_process(data, model)
    relative = _relative_hazards(process, model, _standardized(process, np.zeros((1, len(data.names)))))
    hazards = tuple(
        StratumHazard(steps.stratum, steps.times, relative[0] * steps.hazard)
        for steps in _strata(data, process)
    )
    return BaselineHazard(METHODS[data.ties], model.n, model.events, hazards)


def predicted_survival(
    data: CoxData,
    model: Cox,
    covariates: npt.ArrayLike,
    conf_level: float = 0.95,
    *,
    conf_type: ConfType = ConfType.LOG_LOG,
    times: npt.ArrayLike | None = None,
) -> PredictedSurvival:
    """Predict the survival of patients with given covariates.

    The limits hold the uncertainty of the hazard and of the coefficients, robust where the model's is.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.
    covariates : array_like of float, shape (k, p)
        One row for each patient, in the order of the model's covariates; offset 0.
    conf_level : float
    conf_type : ConfType
    times : array_like of float, shape (g,), optional
        Where to predict; the event times of each stratum if not given.

    Raises
    ------
    ValueError
        For covariates that are missing, or so far from the data that a hazard overflows.

    References
    ----------
    Tsiatis AA. Ann Stat 1981;9:93–108. Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000,
    section 10.2.
    """
    if model.status is not Status.ESTIMATED:
        return PredictedSurvival(
            PREDICTED[conf_type], conf_type, conf_level, model.n, model.events, (), model.reason
        )
    rows = np.shape(covariates)[0]
    patients = matrix("covariates", covariates, data.names, rows)
    process = score_process(data, model)
    standardized = _standardized(process, patients)
    relative = _relative_hazards(process, model, standardized)[:, None]
    scale = process.likelihood.scale[list(model.estimated)]
    covariance = np.asarray(model.covariance) * np.outer(scale, scale)
    wanted = None if times is None else floats("times", times).ravel()
    quantile = float(ndtri(0.5 + conf_level / 2))
    curves = []
    for steps in _strata(data, process):
        at = steps if wanted is None else steps.at(wanted)
        drift = (standardized[:, :, None] * at.hazard - at.means)[:, list(model.estimated)]
        from_coefficients = np.einsum("kpg,pq,kqg->kg", drift, covariance, drift)
        width = quantile * np.sqrt(at.variance + from_coefficients)
        survival = np.exp(-relative * at.hazard)
        lower, upper = _limits(relative, at.hazard, width, conf_type)
        std_err = survival * relative * width / quantile
        curves.append(PredictedCurves(at.stratum, at.times, survival, std_err, lower, upper))
    return PredictedSurvival(
        PREDICTED[conf_type], conf_type, conf_level, model.n, model.events, tuple(curves)
    )


class _Steps(NamedTuple):
    """Of one stratum, for the reference patient: cumulative hazard, its variance, ∫ mean of x dΛ."""

    stratum: int
    last_time: float
    times: FloatArray
    hazard: FloatArray
    variance: FloatArray
    means: FloatArray

    def at(self, times: FloatArray) -> _Steps:
        """Return the values at other times, NaN beyond the last observation."""
        step = np.searchsorted(self.times, times, side="right")
        beyond = times > self.last_time
        read = [
            np.where(beyond, np.nan, np.insert(values, 0, 0.0, axis=-1)[..., step])
            for values in (self.hazard, self.variance, self.means)
        ]
        return _Steps(self.stratum, self.last_time, times, *read)


def _strata(data: CoxData, process: ScoreProcess) -> Iterator[_Steps]:
    likelihood, sets = process.likelihood, data.risk_sets
    hazard = likelihood.per_group(process.increments)
    variance = likelihood.per_group(process.increments**2 / likelihood.term_weight)
    means = likelihood.per_group(process.increments * process.means)
    for first, last in sets.strata:
        ascending = slice(last - 1, first - 1 if first else None, -1)
        code = 0 if data.strata is None else int(data.strata[sets.order[sets.starts[first]]])
        observed = data.times if data.strata is None else data.times[data.strata == code]
        summed = (np.cumsum(values[..., ascending], axis=-1) for values in (hazard, variance, means))
        yield _Steps(code, float(observed.max()), sets.times[ascending], *summed)


def _standardized(process: ScoreProcess, patients: FloatArray) -> FloatArray:
    center, scale = process.likelihood.center, process.likelihood.scale
    standardized: FloatArray = (patients - center) / np.where(scale, scale, 1.0)
    return standardized


def _relative_hazards(process: ScoreProcess, model: Cox, standardized: FloatArray) -> FloatArray:
    exponents: FloatArray = standardized @ (model.coefficients * process.likelihood.scale)
    exponents -= process.reference
    if np.any(exponents > _LARGEST_EXPONENT):
        raise ValueError("covariates lie too far from those of the model's patients")
    relative: FloatArray = np.exp(exponents)
    return relative


def _limits(
    relative: FloatArray, hazard: FloatArray, width: FloatArray, conf_type: ConfType
) -> tuple[FloatArray, FloatArray]:
    """Return limits of exp(−r·Λ), where `width` is how far Λ may be off."""
    with np.errstate(over="ignore"):
        if conf_type == ConfType.PLAIN:
            survival = np.exp(-relative * hazard)
            lower, upper = survival * (1.0 - relative * width), survival * (1.0 + relative * width)
        elif conf_type == ConfType.LOG:
            lower, upper = np.exp(-relative * (hazard + width)), np.exp(-relative * (hazard - width))
        else:
            ratio = np.divide(width, hazard, out=np.zeros_like(width), where=hazard > 0)
            lower = np.exp(-relative * hazard * np.exp(ratio))
            upper = np.exp(-relative * hazard * np.exp(-ratio))
    return np.maximum(lower, 0.0), np.minimum(upper, 1.0)
