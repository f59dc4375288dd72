"""The ROC curve of a marker, the area under it, and its best cut-offs by Youden's index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, floats
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("empirical ROC curve, DeLong variance and confidence interval of the area")
NO_PATIENTS = _("no patients")
NO_CASES = _("no cases")
NO_CONTROLS = _("no controls")
ONE_OF_A_KIND = _("a single case or a single control has no variance")
SEPARATED = _("the marker separates cases and controls completely: the variance is 0 and says nothing")


@dataclass(frozen=True)
class CutOff(Result):
    """What a cut-off does to the patients.

    Attributes
    ----------
    threshold : float or None
        None where all are called cases, or none.
    sensitivity, specificity : float
    ppv, npv : float or None
        Predictive values at the share of cases among these patients; None where nobody is called so.
    tp, tn, fp, fn : int
    youden : float
        Sensitivity plus specificity, as pROC reports it: Youden's J is one less.
    """

    threshold: float | None
    sensitivity: float
    specificity: float
    ppv: float | None
    npv: float | None
    tp: int
    tn: int
    fp: int
    fn: int
    youden: float


@dataclass(frozen=True, eq=False)
class RocCurve(Result):
    """A ROC curve.

    Attributes
    ----------
    cases, controls : int
    auc, variance, lower, upper : float or None
        The area, DeLong's variance and the interval, clipped to [0, 1].
    thresholds : tuple of float or None
        Midpoints between the values observed, from "everyone is a case" (None) to "nobody is" (None).
    sensitivities, specificities : ndarray of float
        At each threshold.
    best : tuple of CutOff
        All cut-offs with the largest sum of sensitivity and specificity. They were chosen on these patients,
        for whom they do better than for the next.
    reason : str or None
        Why there is no estimate, or why its interval means nothing.
    """

    method: str
    conf_level: float
    n: int
    cases: int
    controls: int
    auc: float | None
    variance: float | None
    lower: float | None
    upper: float | None
    thresholds: tuple[float | None, ...]
    sensitivities: FloatArray
    specificities: FloatArray
    best: tuple[CutOff, ...]
    reason: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Placements:
    """Share of controls below each case and of cases above each control, ties counted half (DeLong's V)."""

    auc: float
    cases: FloatArray
    controls: FloatArray


def roc_curve(
    marker: npt.ArrayLike,
    is_case: npt.ArrayLike,
    conf_level: float = 0.95,
    *,
    higher_means_case: bool = True,
) -> RocCurve:
    """Estimate the ROC curve of a marker, as R's ``pROC`` does; own code, because SciPy has none.

    Parameters
    ----------
    marker : array_like of float, shape (n,)
    is_case : array_like of bool or 0/1, shape (n,)
    conf_level : float
    higher_means_case : bool
        False when low values speak for being a case. The direction is stated, never taken from the data:
        choosing the better one would make every area at least 0.5.

    Raises
    ------
    ValueError
        For missing values, for an indicator other than 0 and 1, for unequal lengths.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837–845. Youden WJ. Cancer 1950;3:32–35.
    """
    values, case = marker_arrays(marker, is_case)
    sign = 1.0 if higher_means_case else -1.0
    cases, controls = int(np.count_nonzero(case)), int(np.count_nonzero(~case))
    if not (cases and controls):
        reason = NO_PATIENTS if not case.size else NO_CONTROLS if controls == 0 else NO_CASES
        return _not_estimable(conf_level, cases, controls, reason)
    midpoints, tp, fp = _counts(sign * values, case)
    thresholds = (None, *(sign * midpoints).tolist(), None)
    area = placements(sign * values, case)
    variance = float(delong_covariance((area,))[0, 0]) if min(cases, controls) > 1 else None
    lower, upper, doubt = _interval(area.auc, variance, conf_level)
    # Compared as whole numbers, so that rounding loses no tie.
    youden = tp * controls - fp * cases
    return RocCurve(
        method=METHOD,
        conf_level=conf_level,
        n=cases + controls,
        cases=cases,
        controls=controls,
        auc=area.auc,
        variance=variance,
        lower=lower,
        upper=upper,
        thresholds=thresholds,
        sensitivities=tp / cases,
        specificities=(controls - fp) / controls,
        best=tuple(
            _cut_off(thresholds[row], int(tp[row]), int(fp[row]), cases, controls)
            for row in np.flatnonzero(youden == youden.max())
        ),
        reason=doubt,
    )


def marker_arrays(marker: npt.ArrayLike, is_case: npt.ArrayLike) -> tuple[FloatArray, BoolArray]:
    """Return a marker and the case indicators as arrays of equal length; see `roc_curve`."""
    values, case = floats("marker", marker).ravel(), floats("is_case", is_case).ravel()
    if values.shape != case.shape:
        raise ValueError("marker and is_case differ in length")
    if not np.all((case == 0) | (case == 1)):
        raise ValueError("is_case contains values other than 0 and 1")
    return values, case == 1


def placements(values: FloatArray, case: BoolArray) -> Placements:
    """Place each patient among those of the other kind; high values speak for being a case."""
    cases, controls = values[case], values[~case]
    above = 1.0 - _share_below(cases, controls)
    below = _share_below(controls, cases)
    return Placements(float(below.mean()), below, above)


def delong_covariance(markers: Sequence[Placements]) -> FloatArray:
    """Return the covariance of the areas of markers measured on the same patients, in the same order."""
    cases = np.atleast_2d(np.cov([marker.cases for marker in markers])) / markers[0].cases.size
    controls = np.atleast_2d(np.cov([marker.controls for marker in markers])) / markers[0].controls.size
    return cases + controls


def _share_below(others: FloatArray, values: FloatArray) -> FloatArray:
    ordered = np.sort(others)
    below = np.searchsorted(ordered, values, side="left") + np.searchsorted(ordered, values, side="right")
    return below / (2.0 * others.size)


def _counts(values: FloatArray, case: BoolArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Midpoints of the values, and the true and false positives from each on, both ends included."""
    distinct, position = np.unique(values, return_inverse=True)

    def positive(kind: BoolArray) -> IntArray:
        return np.append(np.cumsum(np.bincount(position[kind], minlength=distinct.size)[::-1])[::-1], 0)

    midpoints = (distinct[:-1] + distinct[1:]) / 2
    # Between neighbors in floating point there is no midpoint; who has the threshold itself is positive.
    return np.where(midpoints > distinct[:-1], midpoints, distinct[1:]), positive(case), positive(~case)


def _interval(
    auc: float, variance: float | None, conf_level: float
) -> tuple[float | None, float | None, str | None]:
    if variance is None:
        return None, None, ONE_OF_A_KIND
    width = float(ndtri(0.5 + conf_level / 2)) * variance**0.5
    reason = SEPARATED if auc in {0.0, 1.0} else None
    return max(0.0, auc - width), min(1.0, auc + width), reason


def _cut_off(threshold: float | None, tp: int, fp: int, cases: int, controls: int) -> CutOff:
    fn, tn = cases - tp, controls - fp
    return CutOff(
        threshold=threshold,
        sensitivity=tp / cases,
        specificity=tn / controls,
        ppv=tp / (tp + fp) if tp + fp else None,
        npv=tn / (tn + fn) if tn + fn else None,
        tp=tp,
        tn=tn,
        fp=fp,
        fn=fn,
        youden=tp / cases + tn / controls,
    )


def _not_estimable(conf_level: float, cases: int, controls: int, reason: str) -> RocCurve:
    empty = np.empty(0)
    return RocCurve(
        METHOD,
        conf_level,
        cases + controls,
        cases,
        controls,
        auc=None,
        variance=None,
        lower=None,
        upper=None,
        thresholds=(),
        sensitivities=empty,
        specificities=empty,
        best=(),
        reason=reason,
    )
