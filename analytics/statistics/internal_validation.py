"""How much worse a Cox model will do in new patients than in those it was fitted to, by the bootstrap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, IntArray
from analytics.statistics.cox import Cox, Status
from analytics.statistics.cox_bootstrap import NO_REPLICATE, fit_replicates, frequencies_of, resampled_rows
from analytics.statistics.cox_data import CoxData
from analytics.statistics.replicate_calibration import Calibration, ReplicateCalibration
from analytics.statistics.replicate_concordance import ReplicateConcordance
from analytics.statistics.replicate_slope import slopes
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "bootstrap optimism (Harrell): the model of each resample, in the resample itself less in all patients, "
    "averaged over the resamples with an estimate"
)
NO_FOLLOW_UP = _("the follow-up of a group ends before this time")

# Numbers that one batch of predictions may hold in each of its arrays.
_BATCH = 65_536


@dataclass(frozen=True)
class Optimism(Result):
    """One measure of performance.

    Attributes
    ----------
    apparent : float or None
        In the patients the model was fitted to.
    optimism, corrected : float or None
        What the bootstrap expects the model to lose in new patients, and what is left.
    """

    apparent: float | None
    optimism: float | None
    corrected: float | None


@dataclass(frozen=True)
class CalibrationGroup(Result):
    """Survival at the calibration time in a group of similar predictions.

    Attributes
    ----------
    n : int
    predicted, observed : float or None
        Mean prediction and Kaplan–Meier estimate.
    error : Optimism
        Observed less predicted.
    replicates : int
        Resamples in which the group has patients followed long enough.
    reason : str or None
    """

    n: int
    predicted: float | None
    observed: float | None
    error: Optimism
    replicates: int
    reason: str | None


@dataclass(frozen=True)
class InternalValidation(Result):
    """Performance of a Cox model, corrected for its having been fitted to the same patients.

    Attributes
    ----------
    concordance, slope : Optimism
        Harrell's C, and the calibration slope: the log hazard ratio of the model's linear predictor (beside
        an offset), 1 in the patients the model was fitted to. Corrected, it is the factor by which to shrink
        the coefficients.
    calibration_time : float or None
    calibration : CalibrationGroup or None
        All patients: calibration in the large.
    calibration_groups : tuple of CalibrationGroup
        By rising predicted survival.
    replicates, estimated : int
        Resamples drawn, and those that count.
    failures : mapping of Status to int
        Resamples whose model has no estimate, by the reason.
    incomparable : int
        Resamples with an estimate in which no two patients can be compared.
    seed : int or None
        None when the resamples were given.
    replicate : ndarray of int, shape (k,)
        The numbers, from 0, of the resamples that count.
    resampled_concordance, original_concordance, original_slope : ndarray of float, shape (k,)
        Of each resample's model, in the resample and in the patients.
    """

    method: str
    n: int
    events: int
    concordance: Optimism
    slope: Optimism
    calibration_time: float | None
    calibration: CalibrationGroup | None
    calibration_groups: tuple[CalibrationGroup, ...]
    replicates: int
    estimated: int
    failures: Mapping[Status, int]
    incomparable: int
    seed: int | None
    replicate: IntArray
    resampled_concordance: FloatArray
    original_concordance: FloatArray
    original_slope: FloatArray
    reason: str | None


def internal_validation(
    data: CoxData,
    model: Cox,
    replicates: int = 1_000,
    seed: int = 1,
    *,
    resamples: npt.ArrayLike | None = None,
    calibration_time: float | None = None,
    groups: int = 3,
) -> InternalValidation:
    """Correct the performance of a Cox model for optimism.

    The modeling is repeated in each resample; a choice of covariates or cut-offs made before is not, and its
    optimism is not seen.

    Parameters
    ----------
    data : CoxData
        Without weights, frequencies, clusters and late entry.
    model : Cox
        Fitted to `data`.
    replicates, seed : int
    resamples : array_like of int, shape (B, n), optional
        The rows each replicate draws, numbered from 0, instead of drawing them at random.
    calibration_time : float, optional
        When predicted and observed survival are compared.
    groups : int
        Number of groups, of equal size, of predicted survival.

    Returns
    -------
    InternalValidation

    Raises
    ------
    ValueError
        For weighted, clustered or left-truncated data, and for resamples that are not row numbers.

    References
    ----------
    Harrell FE, Lee KL, Mark DB. Stat Med 1996;15:361–387. Efron B, Gong G. Am Stat 1983;37:36–48.
    """
    measure = ReplicateConcordance(data)
    drawn = resampled_rows(data.times.size, replicates, seed) if resamples is None else resamples
    frequencies = frequencies_of(drawn, data.times.size)
    used = seed if resamples is None else None
    if model.status is not Status.ESTIMATED:
        return _impossible(data, model, frequencies.shape[0], calibration_time, used)
    fitted = fit_replicates(data, frequencies, model)
    frequencies, coefficients = frequencies[fitted.estimated], fitted.coefficients
    scores = linear_predictors(data, coefficients)
    resampled, original = measure(scores, frequencies)
    slope = slopes(data, scores if data.offset is None else scores - data.offset)
    counts = np.isfinite(resampled) & np.isfinite(slope)
    resampled, original, slope = resampled[counts], original[counts], slope[counts]
    own = linear_predictors(data, model.coefficients[None])
    apparent = measure(own, np.ones_like(own))[1][0]
    calibration: tuple[CalibrationGroup, ...] = ()
    if calibration_time is not None:
        models = coefficients[counts], scores[counts], frequencies[counts]
        calibration = _calibration(data, model, models, calibration_time, groups)
    return InternalValidation(
        method=METHOD,
        n=data.n,
        events=data.event_count,
        concordance=_optimism(apparent, resampled - original),
        slope=_optimism(1.0, 1.0 - slope),
        calibration_time=calibration_time,
        calibration=calibration[0] if calibration else None,
        calibration_groups=calibration[1:],
        replicates=len(fitted.statuses),
        estimated=int(counts.sum()),
        failures=fitted.failures,
        incomparable=int((~counts).sum()),
        seed=used,
        replicate=fitted.estimated[counts],
        resampled_concordance=resampled,
        original_concordance=original,
        original_slope=slope,
        reason=None if counts.any() else NO_REPLICATE,
    )


def linear_predictors(data: CoxData, coefficients: FloatArray) -> FloatArray:
    """Return the linear predictors of each model, shape (B, p), for each patient; shape (B, n)."""
    scores = np.zeros((coefficients.shape[0], data.times.size))
    if data.offset is not None:
        scores += data.offset
    # Added up one by one: a matrix product may round equal patients differently, and they would not be tied.
    for column, covariate in enumerate(data.covariates.T):
        scores += coefficients[:, column, None] * covariate
    return scores


def _impossible(
    data: CoxData, model: Cox, replicates: int, calibration_time: float | None, seed: int | None
) -> InternalValidation:
    nothing, none = Optimism(None, None, None), np.empty(0)
    return InternalValidation(
        method=METHOD,
        n=data.n,
        events=data.event_count,
        concordance=nothing,
        slope=nothing,
        calibration_time=calibration_time,
        calibration=None,
        calibration_groups=(),
        replicates=replicates,
        estimated=0,
        failures={},
        incomparable=0,
        seed=seed,
        replicate=np.empty(0, dtype=np.intp),
        resampled_concordance=none,
        original_concordance=none,
        original_slope=none,
        reason=model.reason,
    )


def _optimism(apparent: float, losses: FloatArray) -> Optimism:
    """Subtract the mean of the losses that are known."""
    if not np.isfinite(apparent):
        return Optimism(None, None, None)
    known = losses[np.isfinite(losses)]
    if known.size == 0:
        return Optimism(float(apparent), None, None)
    optimism = float(known.mean())
    return Optimism(float(apparent), optimism, float(apparent) - optimism)


def _calibration(
    data: CoxData, model: Cox, models: tuple[FloatArray, FloatArray, FloatArray], time: float, groups: int
) -> tuple[CalibrationGroup, ...]:
    """Compare predicted and observed survival, of all patients and then of each group."""
    survival = ReplicateCalibration(data, time)
    coefficients = model.coefficients[None]
    own = linear_predictors(data, coefficients)
    once = np.ones_like(own)
    predicted = survival.predicted(coefficients, own, once)
    inner = np.quantile(predicted, np.arange(1, groups) / groups)
    compared: list[CalibrationGroup] = []
    for cuts in (inner[:0], inner):
        apparent = survival.compare(predicted, once, cuts)
        losses = [np.empty((0, cuts.size + 1))]
        size = max(1, _BATCH // data.times.size)
        for begin in range(0, models[0].shape[0], size):
            coefficients, scores, frequencies = (values[begin : begin + size] for values in models)
            resampled = survival.predicted(coefficients, scores, frequencies)
            inside = survival.compare(resampled, frequencies, cuts)
            outside = survival.compare(resampled, np.ones_like(frequencies), cuts)
            losses.append(inside.error - outside.error)
        counts = np.bincount(np.digitize(predicted[0], cuts), minlength=cuts.size + 1)
        compared += _groups(counts, apparent, np.concatenate(losses))
    return tuple(compared)


def _groups(counts: IntArray, apparent: Calibration, losses: FloatArray) -> Iterator[CalibrationGroup]:
    for number, count in enumerate(counts.tolist()):
        predicted, observed = (float(values[0, number]) for values in apparent)
        known = np.isfinite(observed)
        yield CalibrationGroup(
            n=count,
            predicted=predicted if count else None,
            observed=observed if known else None,
            error=_optimism(observed - predicted, losses[:, number]),
            replicates=int(np.isfinite(losses[:, number]).sum()),
            reason=None if known else NO_FOLLOW_UP,
        )
