"""Restricted cubic splines: a smooth effect of a continuous covariate, straight beyond the outer knots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.statistics.arrays import FloatArray, floats
from analytics.statistics.cox import Cox, Status
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("restricted cubic spline with knots at stated percentiles")

# Harrell's recommendation for each number of knots.
PERCENTILES = {
    3: (10.0, 50.0, 90.0),
    4: (5.0, 35.0, 65.0, 95.0),
    5: (5.0, 27.5, 50.0, 72.5, 95.0),
    6: (5.0, 23.0, 41.0, 59.0, 77.0, 95.0),
    7: (2.5, 18.33, 34.17, 50.0, 65.83, 81.67, 97.5),
}


@dataclass(frozen=True)
class RestrictedCubicSpline(Result):
    """The knots of a spline, and the percentiles of the covariate at which they lie.

    Attributes
    ----------
    name : str
        Of the covariate.
    percentiles, knots : tuple of float
    """

    method: str
    name: str
    percentiles: tuple[float, ...]
    knots: tuple[float, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of `basis`: the covariate, then with one more prime for each further one."""
        return tuple(self.name + "'" * order for order in range(len(self.knots) - 1))

    def basis(self, values: npt.ArrayLike) -> FloatArray:
        """Return the columns to fit: the covariate itself and len(knots) − 2 nonlinear terms.

        Parameters
        ----------
        values : array_like of float, shape (n,)

        Returns
        -------
        ndarray of float, shape (n, len(knots) − 1)
            The nonlinear terms are divided by the squared distance of the outer knots: their unit is that of
            the covariate.
        """
        x = floats(self.name, values).ravel()
        knots = np.array(self.knots)
        first, before_last, last = knots[0], knots[-2], knots[-1]
        cubes = np.maximum(x[:, None] - knots, 0.0) ** 3
        left, right = cubes[:, -2], cubes[:, -1]
        inner = knots[:-2]
        straightened = (
            cubes[:, :-2]
            - left[:, None] * (last - inner) / (last - before_last)
            + right[:, None] * (before_last - inner) / (last - before_last)
        )
        return np.column_stack((x, straightened / (last - first) ** 2))


@dataclass(frozen=True)
class HazardRatioCurve(Result):
    """Hazard ratio of each value of a covariate against a reference value.

    Attributes
    ----------
    reference : float
    values : ndarray of float, shape (k,)
    hazard_ratio, lower, upper : ndarray of float, shape (k,)
        Pointwise confidence limits; empty when there is no model.
    reason : str or None
    """

    method: str
    conf_level: float
    reference: float
    values: FloatArray
    hazard_ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    reason: str | None = None


def restricted_cubic_spline(
    name: str, values: npt.ArrayLike, knots: int = 4, percentiles: Sequence[float] | None = None
) -> RestrictedCubicSpline:
    """Place the knots of a spline at percentiles of a covariate.

    Parameters
    ----------
    name : str
    values : array_like of float, shape (n,)
    knots : int
        3 to 7, at Harrell's percentiles.
    percentiles : sequence of float, optional
        Three or more between 0 and 100, instead of Harrell's.

    Raises
    ------
    ValueError
        For missing values, another number of knots, and a covariate with so few distinct values that knots
        coincide.

    References
    ----------
    Harrell FE. Regression modeling strategies. 2nd ed. Springer; 2015, section 2.4.
    """
    if percentiles is None and knots not in PERCENTILES:
        raise ValueError(f"knots must be one of {', '.join(map(str, PERCENTILES))}")
    chosen = tuple(sorted(PERCENTILES[knots] if percentiles is None else map(float, percentiles)))
    if len(chosen) < 3:
        raise ValueError("percentiles must be three or more")
    x = floats(name, values).ravel()
    if not x.size:
        raise ValueError(f"{name} has no values")
    at = np.percentile(x, chosen)
    if not np.all(np.diff(at) > 0):
        raise ValueError(f"{name} has too few distinct values for {len(chosen)} knots")
    return RestrictedCubicSpline(METHOD, name, chosen, tuple(at.tolist()))


def hazard_ratio_curve(
    model: Cox,
    spline: RestrictedCubicSpline,
    values: npt.ArrayLike,
    reference: float,
    conf_level: float = 0.95,
) -> HazardRatioCurve:
    """Return the hazard ratio along a covariate that entered a model as a spline.

    Parameters
    ----------
    model : Cox
        With `spline.names` among its terms.
    spline : RestrictedCubicSpline
    values : array_like of float, shape (k,)
    reference : float
        The value whose hazard ratio is 1.
    conf_level : float

    Raises
    ------
    ValueError
        When a column of the spline is not a term of the model.
    """
    names = [term.name for term in model.terms]
    if not set(spline.names) <= set(names):
        raise ValueError(f"the model has no spline of {spline.name}")
    x = floats(spline.name, values).ravel()
    if model.status is not Status.ESTIMATED:
        nothing = np.empty(0)
        return HazardRatioCurve(METHOD, conf_level, reference, x, nothing, nothing, nothing, model.reason)
    contrast = np.zeros((x.size, len(names)))
    columns = [names.index(name) for name in spline.names]
    contrast[:, columns] = spline.basis(x) - spline.basis([reference])
    log_ratio = contrast @ model.coefficients
    estimated = contrast[:, list(model.estimated)]
    variance = np.einsum("ij,jk,ik->i", estimated, np.array(model.covariance), estimated)
    width = float(ndtri(0.5 + conf_level / 2)) * np.sqrt(np.maximum(variance, 0.0))
    limits = (np.exp(log_ratio), np.exp(log_ratio - width), np.exp(log_ratio + width))
    return HazardRatioCurve(METHOD, conf_level, reference, x, *limits)
