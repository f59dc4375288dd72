"""Comparing two or more independent samples: Kruskal and Wallis's test, and one-way analysis of variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, floats
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

KRUSKAL_WALLIS = _("Kruskal–Wallis test")
ANOVA = _("one-way analysis of variance")
ONE_GROUP = _("fewer than two groups observed")
TOO_FEW = _("too few values in the groups")
CONSTANT = _("all values of each group are equal")


@dataclass(frozen=True)
class SamplesTest(Result):
    """A test that all samples come from one distribution.

    Attributes
    ----------
    n : tuple of int
        Of each sample that has values.
    statistic : float or None
        χ² of Kruskal and Wallis, or F.
    df : tuple of int
        Degrees of freedom: of χ², or of numerator and denominator of F.
    p : float or None
    reason : str or None
        Why there is no p.
    """

    method: str
    n: tuple[int, ...]
    statistic: float | None
    df: tuple[int, ...]
    p: float | None
    reason: str | None


def kruskal_wallis(samples: Sequence[npt.ArrayLike]) -> SamplesTest:
    """Test H0: no sample tends to larger values than the others, by ranks, corrected for ties (SciPy).

    Parameters
    ----------
    samples : sequence of array_like of float
        Empty ones are left out.

    Raises
    ------
    ValueError
        For missing or infinite values.

    References
    ----------
    Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583–621.
    """
    from scipy.stats import kruskal

    known = _known(samples)
    sizes = tuple(sample.size for sample in known)
    df = (len(known) - 1,)
    if len(known) < 2:
        return SamplesTest(KRUSKAL_WALLIS, sizes, None, (), None, ONE_GROUP)
    if np.ptp(np.concatenate(known)) == 0:
        return SamplesTest(KRUSKAL_WALLIS, sizes, None, df, None, CONSTANT)
    test = kruskal(*known)
    return SamplesTest(KRUSKAL_WALLIS, sizes, float(test.statistic), df, float(test.pvalue), None)


def one_way_anova(samples: Sequence[npt.ArrayLike]) -> SamplesTest:
    """Test H0: equal means, assuming equal variances (SciPy).

    Parameters
    ----------
    samples : sequence of array_like of float
        Empty ones are left out.

    Raises
    ------
    ValueError
        For missing or infinite values.

    References
    ----------
    Fisher RA. Statistical Methods for Research Workers. 1925.
    """
    from scipy.stats import f_oneway

    known = _known(samples)
    sizes = tuple(sample.size for sample in known)
    df = (len(known) - 1, sum(sizes) - len(known))
    if len(known) < 2:
        return SamplesTest(ANOVA, sizes, None, (), None, ONE_GROUP)
    if df[1] == 0:
        return SamplesTest(ANOVA, sizes, None, df, None, TOO_FEW)
    if all(np.ptp(sample) == 0 for sample in known):
        return SamplesTest(ANOVA, sizes, None, df, None, CONSTANT)
    test = f_oneway(*known)
    return SamplesTest(ANOVA, sizes, float(test.statistic), df, float(test.pvalue), None)


def _known(samples: Sequence[npt.ArrayLike]) -> list[FloatArray]:
    checked = (floats("samples", sample).ravel() for sample in samples)
    return [sample for sample in checked if sample.size]
