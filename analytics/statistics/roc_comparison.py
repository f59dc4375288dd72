"""Comparing the areas under the ROC curves of two markers measured on the same patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from analytics.statistics.result import Result
from analytics.statistics.roc import (
    NO_CASES,
    NO_CONTROLS,
    ONE_OF_A_KIND,
    delong_covariance,
    marker_arrays,
    placements,
)
from registry.terminology.text import gettext_noop as _

METHOD = _("DeLong's test for two correlated ROC curves")
NO_VARIANCE = _("the difference of the two areas has no variance")


@dataclass(frozen=True)
class RocComparison(Result):
    """Areas of two markers, their difference (first minus second) with its interval, and the test."""

    method: str
    conf_level: float
    n: int
    cases: int
    controls: int
    auc_first: float | None = None
    auc_second: float | None = None
    difference: float | None = None
    std_err: float | None = None
    lower: float | None = None
    upper: float | None = None
    z: float | None = None
    p: float | None = None
    reason: str | None = None


def compare_roc(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    is_case: npt.ArrayLike,
    conf_level: float = 0.95,
) -> RocComparison:
    """Test that two markers have the same area under the curve; as R's ``pROC::roc.test``, paired.

    Parameters
    ----------
    first, second : array_like of float, shape (n,)
        High values speak for being a case; change the sign of a marker of which low values do.
    is_case : array_like of bool or 0/1, shape (n,)
    conf_level : float

    Raises
    ------
    ValueError
        For missing values, for an indicator other than 0 and 1, for unequal lengths.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837–845.
    """
    markers = [marker_arrays(marker, is_case)[0] for marker in (first, second)]
    case = marker_arrays(first, is_case)[1]
    cases, controls = int(np.count_nonzero(case)), int(np.count_nonzero(~case))
    header = (METHOD, conf_level, cases + controls, cases, controls)
    if not (cases and controls):
        return RocComparison(*header, reason=NO_CONTROLS if controls == 0 else NO_CASES)
    placed = [placements(values, case) for values in markers]
    areas = (placed[0].auc, placed[1].auc)
    difference = areas[0] - areas[1]
    if min(cases, controls) == 1:
        return RocComparison(*header, *areas, difference, reason=ONE_OF_A_KIND)
    covariance = delong_covariance(placed)
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    if variance <= 1e-14 * float(covariance.trace()):
        if abs(difference) < 1e-14:
            return RocComparison(*header, *areas, difference, 0.0, z=0.0, p=1.0)
        return RocComparison(*header, *areas, difference, reason=NO_VARIANCE)
    std_err = variance**0.5
    width = float(ndtri(0.5 + conf_level / 2)) * std_err
    z = difference / std_err
    return RocComparison(
        *header,
        *areas,
        difference=difference,
        std_err=std_err,
        lower=difference - width,
        upper=difference + width,
        z=z,
        p=float(2 * ndtr(-abs(z))),
    )
