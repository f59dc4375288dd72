"""Likelihood-ratio tests of an ordinal model: terms left out, and whether their odds are proportional."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from analytics.statistics.cox import model_test
from analytics.statistics.cumulative_logit import CumulativeLogit
from analytics.statistics.newton import newton_raphson
from analytics.statistics.ordinal import NOT_CONVERGED, OrdinalData, OrdinalLogit, estimable, fit
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

LEFT_OUT = _("likelihood-ratio test of nested proportional-odds models")
PROPORTIONAL = _("likelihood-ratio test of proportional odds, against one coefficient at each threshold")
NOTHING_TESTED = _("these terms are exact combinations of the others: leaving them out changes nothing")
TWO_LEVELS = _("with two levels there is one odds ratio, proportional to itself")

# What a log-likelihood this flat may still gain is of the same size.
_FLAT = 1e-9


@dataclass(frozen=True)
class OrdinalTest(Result):
    """A likelihood-ratio test about some terms of an ordinal model.

    Attributes
    ----------
    tested : tuple of str
    chi_square, df, p : float, int, float or None
    reason : str or None
        Why there is no test.
    """

    method: str
    n: int
    tested: tuple[str, ...]
    chi_square: float | None = None
    df: int | None = None
    p: float | None = None
    reason: str | None = None


def leave_out(data: OrdinalData, model: OrdinalLogit, tested: Collection[str]) -> OrdinalTest:
    """Test terms together, by fitting the model again without them.

    Parameters
    ----------
    data : OrdinalData
    model : OrdinalLogit
        Fitted to `data`.
    tested : collection of str
        Names of covariates; the indicators of one categorical variable belong together.

    Raises
    ------
    ValueError
        When a name is not in the model.
    """
    columns, names = _positions(data, tested)
    if model.log_likelihood is None:
        return OrdinalTest(LEFT_OUT, data.n, names, reason=model.reason)
    smaller = fit(data.without(columns))
    df = len(model.estimated) - len(smaller.estimated)
    if smaller.log_likelihood is None or df == 0:
        return OrdinalTest(LEFT_OUT, data.n, names, reason=smaller.reason or NOTHING_TESTED)
    test = model_test(2 * (model.log_likelihood - smaller.log_likelihood), df)
    return OrdinalTest(LEFT_OUT, data.n, names, test.chi_square, test.df, test.p)


def proportional_odds(data: OrdinalData, model: OrdinalLogit, tested: Collection[str]) -> OrdinalTest:
    """Test H0: the odds ratio of some terms is the same at every threshold.

    The other terms stay proportional; name all terms for a test of the whole model. R's
    ``ordinal::nominal_test`` does the same for each term.

    Parameters
    ----------
    data : OrdinalData
    model : OrdinalLogit
        Fitted to `data`.
    tested : collection of str
        Names of covariates; the indicators of one categorical variable belong together.

    Raises
    ------
    ValueError
        When a name is not in the model.

    References
    ----------
    Peterson B, Harrell FE. Appl Stat 1990;39:205–217.
    """
    columns, names = _positions(data, tested)
    if model.log_likelihood is None:
        return OrdinalTest(PROPORTIONAL, data.n, names, reason=model.reason)
    kept = estimable(data)
    nominal = [position for position, column in enumerate(kept) if column in columns]
    if not nominal or len(data.levels) == 2:
        return OrdinalTest(
            PROPORTIONAL, data.n, names, reason=TWO_LEVELS if len(data.levels) == 2 else NOTHING_TESTED
        )
    x = data.standardized()[0][:, kept]
    likelihood = CumulativeLogit(data.level, x, data.frequencies, nominal)
    # Where a level is rare a coefficient may run off to infinity: there the likelihood is flat, with a limit.
    found = newton_raphson(likelihood, likelihood.start)
    if np.abs(found.evaluation.gradient).max() > _FLAT:
        return OrdinalTest(PROPORTIONAL, data.n, names, reason=NOT_CONVERGED)
    df = len(nominal) * (len(data.levels) - 2)
    test = model_test(2 * (found.evaluation.log_likelihood - model.log_likelihood), df)
    return OrdinalTest(PROPORTIONAL, data.n, names, test.chi_square, test.df, test.p)


def _positions(data: OrdinalData, tested: Collection[str]) -> tuple[list[int], tuple[str, ...]]:
    unknown = [name for name in tested if name not in data.names]
    if unknown:
        raise ValueError(f"the model has no covariate {', '.join(unknown)}")
    columns = [column for column, name in enumerate(data.names) if name in tested]
    return columns, tuple(data.names[column] for column in columns)
