"""How far predicted probabilities of an event by a time are from what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import floats
from analytics.statistics.inverse_probability_weights import inverse_probability_weights
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("Brier score, inverse probability of censoring weights")
NO_PATIENTS = _("no patients")
UNKNOWN = _("nobody is known to be free of the event after that time, and some may be")


@dataclass(frozen=True)
class BrierScore(Result):
    """The mean squared error of predictions at one time.

    Attributes
    ----------
    n, cases, controls : int
        All patients; those with the event by `time`; those still observed after it. The others were censored.
    score, std_err, lower, upper : float or None
    null_score : float or None
        Of the prediction that ignores all covariates, one minus the Kaplan–Meier curve.
    scaled : float or None
        Share of `null_score` that the predictions save; below 0 they are worse than none.
    reason : str or None
    """

    method: str
    conf_level: float
    n: int
    time: float
    cases: int
    controls: int
    score: float | None = None
    std_err: float | None = None
    lower: float | None = None
    upper: float | None = None
    null_score: float | None = None
    scaled: float | None = None
    reason: str | None = None


def brier_score(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    predicted: npt.ArrayLike,
    time: float,
    conf_level: float = 0.95,
) -> BrierScore:
    """Compare predicted probabilities with what happened; as R's ``riskRegression::Score``.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of bool or 0/1, shape (n,)
    predicted : array_like of float, shape (n,)
        Each patient's predicted probability of the event by `time`.
    time : float
    conf_level : float

    Raises
    ------
    ValueError
        For missing values, unequal lengths, a negative time, predictions below 0 or above 1.

    References
    ----------
    Graf E, Schmoor C, Sauerbrei W, Schumacher M. Stat Med 1999;18:2529–2545.
    """
    weighting = inverse_probability_weights(durations, event_observed, time)
    probability, n = floats("predicted", predicted).ravel(), weighting.times.size
    if probability.size != n:
        raise ValueError("predicted and durations differ in length")
    if np.any((probability < 0) | (probability > 1)):
        raise ValueError("predicted contains values below 0 or above 1")
    cases, controls = weighting.cases, weighting.controls
    header = (METHOD, conf_level, n, time, int(cases.sum()), int(controls.sum()))
    if n == 0:
        return BrierScore(*header, reason=NO_PATIENTS)
    # The weights of the cases add up to n(1 − S(t)), S by Kaplan–Meier, and those of the controls to n·S(t).
    incidence = float(weighting.weights[cases].sum()) / n
    if not controls.any() and incidence < 1 - 1e-9:
        return BrierScore(*header, reason=UNKNOWN)
    errors = weighting.weights * (cases - probability) ** 2
    score, null_score = float(errors.mean()), incidence * (1.0 - incidence)
    scaled = 1.0 - score / null_score if null_score > 1e-9 else None
    if n == 1:
        return BrierScore(*header, score, null_score=null_score, scaled=scaled)
    influence = errors - score + weighting.influence_of_weights(errors) / n
    std_err = float(np.std(influence, ddof=1)) / n**0.5
    width = float(ndtri(0.5 + conf_level / 2)) * std_err
    interval = (max(0.0, score - width), min(1.0, score + width))
    return BrierScore(*header, score, std_err, *interval, null_score, scaled)
