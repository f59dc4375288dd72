"""Predicted and observed survival at one time, for the models of many resamples at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.statistics.arrays import FloatArray
from analytics.statistics.cox_data import CoxData
from analytics.statistics.replicate_likelihood import ReplicateDesign, ReplicateLikelihoods
from analytics.statistics.risk_sets import risk_sets


class Calibration(NamedTuple):
    """Mean predicted and Kaplan–Meier survival of groups of patients, shape (B, groups) each.

    NaN for a group without patients; observed survival also where the follow-up is too short.
    """

    predicted: FloatArray
    observed: FloatArray

    @property
    def error(self) -> FloatArray:
        """Observed less predicted."""
        return self.observed - self.predicted


class ReplicateCalibration:
    """Survival at one time, as Cox models of resamples predict it and as it was.

    Parameters
    ----------
    data : CoxData
        With an event.
    time : float
    """

    def __init__(self, data: CoxData, time: float) -> None:
        self._data, self._time = data, time
        self._design = ReplicateDesign(data)
        self._everyone = risk_sets(data.times, data.events)

    def predicted(self, coefficients: FloatArray, scores: FloatArray, frequencies: FloatArray) -> FloatArray:
        """Predict the survival of each patient by the model of each resample.

        Parameters
        ----------
        coefficients : ndarray of float, shape (B, p)
            The model of each resample.
        scores : ndarray of float, shape (B, n)
            Its linear predictor of each patient.
        frequencies : ndarray of float, shape (B, n)
            How often each resample draws each patient.

        Returns
        -------
        ndarray of float, shape (B, n)
        """
        data, sets, likelihood = self._data, self._design.sets, self._design.likelihood
        likelihoods = ReplicateLikelihoods(self._design, frequencies[:, sets.order])
        increments, unit = likelihoods.baseline_increments(coefficients * likelihood.scale)
        increments[:, sets.times > self._time] = 0.0
        stratum = np.zeros(data.times.size, dtype=np.intp) if data.strata is None else data.strata
        baseline = np.zeros((scores.shape[0], int(stratum.max()) + 1))
        for first, last in sets.strata:
            number = stratum[sets.order[sets.deaths[sets.death_starts[first]]]]
            baseline[:, number] = increments[:, first:last].sum(axis=1)
        relative = scores - (coefficients @ likelihood.center + unit)[:, None]
        with np.errstate(divide="ignore", over="ignore"):
            cumulative = np.exp(np.log(baseline)[:, stratum] + relative)
            survival: FloatArray = np.exp(-cumulative)
        return survival

    def compare(self, predicted: FloatArray, frequencies: FloatArray, cuts: FloatArray) -> Calibration:
        """Compare predicted with observed survival, in groups of predicted survival.

        Parameters
        ----------
        predicted, frequencies : ndarray of float, shape (B, n)
        cuts : ndarray of float, shape (groups − 1,)
            Where one group ends and the next begins.
        """
        group = np.digitize(predicted, cuts)
        means, observed = np.empty((2, predicted.shape[0], cuts.size + 1))
        for number in range(cuts.size + 1):
            members = frequencies * (group == number)
            counts = members.sum(axis=1)
            with np.errstate(invalid="ignore"):
                means[:, number] = (members * predicted).sum(axis=1) / counts
            observed[:, number] = self._observed(members)
        return Calibration(means, observed)

    def _observed(self, frequencies: FloatArray) -> FloatArray:
        sets = self._everyone
        ordered, until = frequencies[:, sets.order], sets.times <= self._time
        at_risk, died = sets.sums(ordered)[:, until], sets.death_sums(ordered)[:, until]
        survival = np.prod(1.0 - died / np.where(at_risk > 0, at_risk, 1.0), axis=1)
        followed = frequencies[:, self._data.times >= self._time].any(axis=1)
        return np.where(followed | (survival == 0), survival, np.nan)
