"""Comparing two independent samples: Mann–Whitney's, Welch's and Student's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, floats
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

EXACT = _("Mann–Whitney test, exact")
APPROXIMATE = _("Mann–Whitney test, normal approximation")
CORRECTED = _("Mann–Whitney test, normal approximation with continuity correction")
WELCH = _("Welch's t test")
STUDENT = _("Student's t test")
TOO_FEW = _("too few values in a group")
CONSTANT = _("all values are equal")

# As R's wilcox.test: below this size, and without ties, the distribution is counted out.
_LARGE = 50


@dataclass(frozen=True)
class RankSumTest(Result):
    """Mann–Whitney's test.

    Attributes
    ----------
    n : tuple of int
        Of the first and the second sample.
    statistic : float or None
        U of the first sample: pairs in which its value is the larger, ties counting one half.
    p : float or None
    reason : str or None
        Why there is no p.
    """

    method: str
    n: tuple[int, int]
    statistic: float | None
    p: float | None
    reason: str | None


@dataclass(frozen=True)
class MeanDifference(Result):
    """The difference between two means, first minus second, with its t test."""

    method: str
    conf_level: float
    n: tuple[int, int]
    difference: float | None
    lower: float | None
    upper: float | None
    t: float | None
    df: float | None
    p: float | None
    reason: str | None


def mann_whitney(
    first: npt.ArrayLike, second: npt.ArrayLike, *, continuity_correction: bool = True
) -> RankSumTest:
    """Test H0: a value of one sample is as likely above as below a value of the other.

    As R's ``wilcox.test``: exact for fewer than 50 values in each sample and no ties, otherwise the normal
    approximation with its variance corrected for ties. SciPy computes both.

    Parameters
    ----------
    first, second : array_like of float, shape (n,)
    continuity_correction : bool
        Of the normal approximation.

    Raises
    ------
    ValueError
        For missing or infinite values.

    References
    ----------
    Mann HB, Whitney DR. Ann Math Stat 1947;18:50–60.
    """
    from scipy.stats import mannwhitneyu

    one, two = _samples(first, second)
    together = np.concatenate((one, two))
    distinct = np.unique(together).size
    exact = max(one.size, two.size) < _LARGE and distinct == together.size
    method = EXACT if exact else CORRECTED if continuity_correction else APPROXIMATE
    if min(one.size, two.size) < 1 or distinct < 2:
        reason = CONSTANT if min(one.size, two.size) else TOO_FEW
        return RankSumTest(method, (one.size, two.size), None, None, reason)
    test = mannwhitneyu(
        one, two, use_continuity=continuity_correction, method="exact" if exact else "asymptotic"
    )
    return RankSumTest(method, (one.size, two.size), float(test.statistic), float(test.pvalue), None)


def welch_t(first: npt.ArrayLike, second: npt.ArrayLike, conf_level: float = 0.95) -> MeanDifference:
    """Test H0: equal means, without assuming equal variances.

    Parameters
    ----------
    first, second : array_like of float, shape (n,)
    conf_level : float

    Raises
    ------
    ValueError
        For missing or infinite values.

    References
    ----------
    Welch BL. Biometrika 1947;34:28–35.
    """
    return _t_test(WELCH, *_samples(first, second), conf_level, equal_variances=False)


def student_t(first: npt.ArrayLike, second: npt.ArrayLike, conf_level: float = 0.95) -> MeanDifference:
    """Test H0: equal means, assuming equal variances.

    Parameters
    ----------
    first, second : array_like of float, shape (n,)
    conf_level : float

    Raises
    ------
    ValueError
        For missing or infinite values.

    References
    ----------
    Student. Biometrika 1908;6:1–25.
    """
    return _t_test(STUDENT, *_samples(first, second), conf_level, equal_variances=True)


def _samples(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    return floats("first", first).ravel(), floats("second", second).ravel()


def _t_test(
    method: str, one: FloatArray, two: FloatArray, conf_level: float, *, equal_variances: bool
) -> MeanDifference:
    from scipy.stats import ttest_ind

    sizes = (one.size, two.size)
    if min(sizes) < (1 if equal_variances else 2) or sum(sizes) < 3:
        return MeanDifference(method, conf_level, sizes, None, None, None, None, None, None, TOO_FEW)
    difference = float(one.mean() - two.mean())
    if np.ptp(one) == np.ptp(two) == 0:
        return MeanDifference(method, conf_level, sizes, difference, None, None, None, None, None, CONSTANT)
    test = ttest_ind(one, two, equal_var=equal_variances)
    interval = test.confidence_interval(conf_level)
    return MeanDifference(
        method=method,
        conf_level=conf_level,
        n=sizes,
        difference=difference,
        lower=float(interval.low),
        upper=float(interval.high),
        t=float(test.statistic),
        df=float(test.df),
        p=float(test.pvalue),
        reason=None,
    )
