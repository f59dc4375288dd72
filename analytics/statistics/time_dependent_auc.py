"""How well a risk score tells those who have had the event by a time from those who have not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import FloatArray, floats
from analytics.statistics.inverse_probability_weights import inverse_probability_weights
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "time-dependent AUC (cumulative cases, dynamic controls), inverse probability of censoring weights"
)
NO_CASES = _("nobody has had the event by then")
NO_CONTROLS = _("nobody is known to be free of the event after that time")


@dataclass(frozen=True)
class TimeDependentAUC(Result):
    """The area under the ROC curve at one time.

    Attributes
    ----------
    n, cases, controls : int
        All patients; those with the event by `time`; those still observed after it. The others were censored.
    auc, std_err, lower, upper : float or None
        The interval is clipped to [0, 1].
    reason : str or None
    """

    method: str
    conf_level: float
    n: int
    time: float
    cases: int
    controls: int
    auc: float | None = None
    std_err: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None


def time_dependent_auc(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    risk: npt.ArrayLike,
    time: float,
    conf_level: float = 0.95,
) -> TimeDependentAUC:
    """Estimate the probability that of two patients the one with the event by `time` had the higher risk.

    As R's ``riskRegression::Score`` with a Kaplan–Meier censoring model; the standard error counts that the
    weights are estimated. A risk fitted to these same patients looks better than it is. Own code: no Python
    library among the dependencies has it.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of bool or 0/1, shape (n,)
    risk : array_like of float, shape (n,)
        Any score; only its order counts, ties half.
    time : float
    conf_level : float

    Raises
    ------
    ValueError
        For missing values, unequal lengths and a negative time.

    References
    ----------
    Uno H, Cai T, Tian L, Wei LJ. J Am Stat Assoc 2007;102:527–537.
    Blanche P, Dartigues JF, Jacqmin-Gadda H. Stat Med 2013;32:5381–5397 (standard error).
    """
    weighting = inverse_probability_weights(durations, event_observed, time)
    score, n = floats("risk", risk).ravel(), weighting.times.size
    if score.size != n:
        raise ValueError("risk and durations differ in length")
    cases, controls = weighting.cases, weighting.controls
    header = (METHOD, conf_level, n, time, int(cases.sum()), int(controls.sum()))
    if not (cases.any() and controls.any()):
        return TimeDependentAUC(*header, reason=NO_CONTROLS if cases.any() else NO_CASES)
    case_weights = np.where(cases, weighting.weights, 0.0) / weighting.weights[cases].sum()
    control_weights = np.where(controls, weighting.weights, 0.0) / weighting.weights[controls].sum()
    below = _weight_below(score, control_weights)
    above = 1.0 - _weight_below(score, case_weights)
    auc = float(case_weights @ below)
    of_cases = case_weights * (below - auc)
    influence = of_cases + control_weights * (above - auc) + weighting.influence_of_weights(of_cases) / n
    std_err = float(np.std(influence, ddof=1)) * n**0.5
    width = float(ndtri(0.5 + conf_level / 2)) * std_err
    return TimeDependentAUC(*header, auc, std_err, max(0.0, auc - width), min(1.0, auc + width))


def _weight_below(score: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum the weights of those with a lower score than each, and half of those with the same."""
    distinct, row = np.unique(score, return_inverse=True)
    mass = np.bincount(row, weights, minlength=distinct.size)
    below: FloatArray = (np.cumsum(mass) - mass / 2)[row]
    return below
