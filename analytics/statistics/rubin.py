"""Pooling the estimates of multiply imputed data by Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from analytics.statistics.arrays import floats
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("pooled by Rubin's rules with the degrees of freedom of Barnard and Rubin")

# The smallest share of the variance that mice ascribes to imputation: degrees of freedom stay finite.
_LEAST_SHARE = 1e-4


@dataclass(frozen=True)
class Pooled(Result):
    """One quantity, estimated in each of several imputed data sets.

    Attributes
    ----------
    m : int
        How many data sets were imputed.
    n : int or None
        Patients, or rows; None for a large sample.
    estimate, std_err, lower, upper, t, p : float
        The mean of the estimates, with what the imputation adds to its uncertainty; p of H0: it is zero.
    df : float
        Of t.
    within, between, total : float
        Variance: mean within data sets, between their estimates, and in all.
    relative_increase : float
        Of the variance, due to the missing values.
    fraction_missing : float
        Share of the information about the quantity that is missing.
    """

    method: str
    conf_level: float
    m: int
    n: int | None
    estimate: float
    std_err: float
    lower: float
    upper: float
    t: float
    p: float
    df: float
    within: float
    between: float
    total: float
    relative_increase: float
    fraction_missing: float


def pool(
    estimates: npt.ArrayLike,
    variances: npt.ArrayLike,
    n: int | None = None,
    parameters: int = 1,
    conf_level: float = 0.95,
) -> Pooled:
    """Pool estimates of the same quantity, as R's ``mice::pool.scalar``.

    Parameters
    ----------
    estimates, variances : array_like of float, shape (m,)
        An estimate from each imputed data set and the square of its standard error.
    n : int, optional
        Patients; without it the sample counts as large.
    parameters : int
        How many the model has: n − parameters degrees of freedom would be left without missing values.
    conf_level : float

    Raises
    ------
    ValueError
        For fewer than two estimates, unequal lengths, variances not above 0, `n` not above `parameters`.

    References
    ----------
    Rubin DB. Multiple Imputation for Nonresponse in Surveys. 1987. Barnard J, Rubin DB. Biometrika
    1999;86:948–955.
    """
    values, squares = floats("estimates", estimates).ravel(), floats("variances", variances).ravel()
    m = values.size
    if m < 2 or squares.size != m:
        raise ValueError("estimates and variances must have the same length, at least 2")
    if np.any(squares <= 0):
        raise ValueError("variances must be positive")
    if n is not None and n <= parameters:
        raise ValueError("n must be larger than parameters")
    estimate, within, between = float(values.mean()), float(squares.mean()), float(values.var(ddof=1))
    due_to_imputation = (1 + 1 / m) * between
    total = within + due_to_imputation
    increase = due_to_imputation / within
    df = _degrees_of_freedom(m, due_to_imputation / total, None if n is None else n - parameters)
    std_err = float(np.sqrt(total))
    margin = float(stdtrit(df, (1 + conf_level) / 2)) * std_err
    return Pooled(
        method=METHOD,
        conf_level=conf_level,
        m=m,
        n=n,
        estimate=estimate,
        std_err=std_err,
        lower=estimate - margin,
        upper=estimate + margin,
        t=estimate / std_err,
        p=float(2 * stdtr(df, -abs(estimate / std_err))),
        df=df,
        within=within,
        between=between,
        total=total,
        relative_increase=increase,
        fraction_missing=(increase + 2 / (df + 3)) / (increase + 1),
    )


def _degrees_of_freedom(m: int, share: float, complete: int | None) -> float:
    share = max(share, _LEAST_SHARE)
    large_sample = (m - 1) / share**2
    if complete is None:
        return large_sample
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return large_sample * observed / (large_sample + observed)
