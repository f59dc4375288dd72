"""Residuals of a Cox model: what each patient, or each event, departs from it by.

Our own, equal to R's ``residuals.coxph``: where events are tied those of lifelines differ in their first
digits, because its hazard is Breslow's under an Efron fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox import Cox, Status
from analytics.statistics.cox_data import CoxData
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.result import Result
from analytics.statistics.score_process import ScoreProcess
from registry.terminology.text import gettext_noop as _

MARTINGALE = _("martingale residuals: events observed minus expected")
DEVIANCE = _("deviance residuals: martingale residuals made symmetric")
SCORE = _("score residuals")
DFBETA = _("dfbeta: approximate change of the coefficients when a patient is left out")
SCHOENFELD = _("Schoenfeld residuals")
SCALED_SCHOENFELD = _("scaled Schoenfeld residuals: approximate coefficient at the time of each event")


@dataclass(frozen=True)
class Residuals(Result):
    """One residual for each patient, or one for each patient and covariate.

    Attributes
    ----------
    method : str
    n, events : int
    names : tuple of str
        Covariates, the columns of `values`; empty when a patient has a single residual.
    values : ndarray of float, shape (n,) or (n, p), or None
        In the order of the rows of the data (those of weight 0 are not among them). A column of a dropped
        covariate is 0.
    reason : str or None
        Why there are none.
    """

    method: str
    n: int
    events: int
    names: tuple[str, ...]
    values: FloatArray | None
    reason: str | None = None


@dataclass(frozen=True)
class SchoenfeldResiduals(Result):
    """One residual for each event and covariate, by stratum and time.

    Attributes
    ----------
    method : str
    n, events : int
    names : tuple of str
        Covariates, the columns of `values`.
    rows : ndarray of int, shape (d,)
        The row of each event.
    times : ndarray of float, shape (d,)
    values : ndarray of float, shape (d, p), or None
    reason : str or None
    """

    method: str
    n: int
    events: int
    names: tuple[str, ...]
    rows: IntArray
    times: FloatArray
    values: FloatArray | None
    reason: str | None = None


def score_process(data: CoxData, model: Cox) -> ScoreProcess:
    """Return the score process of a fitted model at its estimate."""
    likelihood = PartialLikelihood(data)
    return ScoreProcess(likelihood, model.coefficients * likelihood.scale)


def martingale(data: CoxData, model: Cox) -> Residuals:
    """Return the number of events of each row minus the number expected while it was observed.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    References
    ----------
    Therneau TM, Grambsch PM, Fleming TR. Biometrika 1990;77:147–160.
    """
    if model.status is not Status.ESTIMATED:
        return _none(MARTINGALE, model)
    return Residuals(MARTINGALE, model.n, model.events, (), _martingale(data, model))


def deviance(data: CoxData, model: Cox) -> Residuals:
    """Return martingale residuals transformed so that they spread more evenly about zero.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    References
    ----------
    Therneau TM, Grambsch PM, Fleming TR. Biometrika 1990;77:147–160.
    """
    if model.status is not Status.ESTIMATED:
        return _none(DEVIANCE, model)
    departure = _martingale(data, model)
    expected = data.events - departure
    logarithm = np.log(expected, out=np.zeros_like(expected), where=data.events)
    squared = -2.0 * (departure + logarithm)
    values = np.sign(departure) * np.sqrt(np.maximum(squared, 0.0))
    return Residuals(DEVIANCE, model.n, model.events, (), values)


def score(data: CoxData, model: Cox) -> Residuals:
    """Return the contribution of each row to the score; weighted, the contributions sum to zero.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    References
    ----------
    Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000, section 4.6.
    """
    if model.status is not Status.ESTIMATED:
        return _none(SCORE, model)
    process = score_process(data, model)
    return Residuals(SCORE, model.n, model.events, data.names, _score(data, process))


def dfbeta(data: CoxData, model: Cox) -> Residuals:
    """Return by how much each row moves the coefficients: its weighted score times their naive variance.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    References
    ----------
    Cain KC, Lange NT. Biometrics 1984;40:493–499.
    """
    if model.status is not Status.ESTIMATED:
        return _none(DFBETA, model)
    process = score_process(data, model)
    values = _score(data, process) @ naive_covariance(process, model)
    if data.weights is not None:
        values *= data.weights[:, None]
    return Residuals(DFBETA, model.n, model.events, data.names, values)


def schoenfeld(data: CoxData, model: Cox) -> SchoenfeldResiduals:
    """Return the covariates of each event minus their expectation over those at risk.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    References
    ----------
    Schoenfeld D. Biometrika 1982;69:239–241.
    """
    if model.status is not Status.ESTIMATED:
        return _no_events(SCHOENFELD, model)
    rows, values = _schoenfeld(data, score_process(data, model))
    return SchoenfeldResiduals(SCHOENFELD, model.n, model.events, data.names, rows, data.times[rows], values)


def scaled_schoenfeld(data: CoxData, model: Cox) -> SchoenfeldResiduals:
    """Return Schoenfeld residuals scaled to the coefficients, as a plot against time needs them.

    Each is the estimate plus the residual times the naive variance times the number of events.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515–526.
    """
    if model.status is not Status.ESTIMATED:
        return _no_events(SCALED_SCHOENFELD, model)
    process = score_process(data, model)
    rows, residuals = _schoenfeld(data, process)
    values = model.coefficients + residuals @ naive_covariance(process, model) * model.events
    return SchoenfeldResiduals(
        SCALED_SCHOENFELD, model.n, model.events, data.names, rows, data.times[rows], values
    )


def naive_covariance(process: ScoreProcess, model: Cox) -> FloatArray:
    """Return the covariance of the coefficients that takes rows for independent; 0 for dropped terms."""
    scale = process.likelihood.scale
    estimated = np.ix_(model.estimated, model.estimated)
    covariance = np.zeros((scale.size, scale.size))
    covariance[estimated] = np.linalg.inv(process.information()[estimated])
    covariance[estimated] /= np.outer(scale, scale)[estimated]
    return covariance


def _martingale(data: CoxData, model: Cox) -> FloatArray:
    residuals = np.zeros(data.times.size)
    residuals[data.risk_sets.order] = score_process(data, model).martingale()
    return residuals


def _score(data: CoxData, process: ScoreProcess) -> FloatArray:
    residuals = np.zeros((data.times.size, len(data.names)))
    residuals[data.risk_sets.order] = process.score().T * process.likelihood.scale
    return residuals


def _schoenfeld(data: CoxData, process: ScoreProcess) -> tuple[IntArray, FloatArray]:
    sets = data.risk_sets
    rows = sets.order[sets.deaths]
    strata = np.zeros(rows.size) if data.strata is None else data.strata[rows]
    in_time = np.lexsort((rows, data.times[rows], strata))
    return rows[in_time], (process.schoenfeld().T * process.likelihood.scale)[in_time]


def _none(method: str, model: Cox) -> Residuals:
    return Residuals(method, model.n, model.events, (), None, model.reason)


def _no_events(method: str, model: Cox) -> SchoenfeldResiduals:
    nothing = np.empty(0)
    return SchoenfeldResiduals(
        method, model.n, model.events, (), nothing.astype(np.intp), nothing, None, model.reason
    )
