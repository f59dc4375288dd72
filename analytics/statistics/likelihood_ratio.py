"""Likelihood-ratio tests between nested Cox models: terms left out, and interactions added."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from analytics.statistics.cox import Cox, Status, fit, model_test
from analytics.statistics.cox_data import CoxData
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("likelihood-ratio test of nested Cox models")
NOTHING_TESTED = _("these terms are exact combinations of the others: leaving them out changes nothing")


@dataclass(frozen=True)
class LikelihoodRatio(Result):
    """A test that the coefficients of some terms are zero.

    Attributes
    ----------
    n, events : int
    tested : tuple of str
        The terms that are in the larger model only.
    chi_square, df, p : float, int, float or None
    reason : str or None
        Why there is no test.
    """

    method: str
    n: int
    events: int
    tested: tuple[str, ...]
    chi_square: float | None = None
    df: int | None = None
    p: float | None = None
    reason: str | None = None


def likelihood_ratio(data: CoxData, model: Cox, tested: Collection[str]) -> LikelihoodRatio:
    """Test terms of a model together, by fitting it again without them.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.
    tested : collection of str
        Names of covariates; the indicators of one categorical variable belong together.

    Returns
    -------
    LikelihoodRatio

    Raises
    ------
    ValueError
        When a name is not in the model.
    """
    unknown = [name for name in tested if name not in data.names]
    if unknown:
        raise ValueError(f"the model has no covariate {', '.join(unknown)}")
    columns = [column for column, name in enumerate(data.names) if name not in tested]
    names = tuple(name for name in data.names if name in tested)
    if model.log_likelihood is None:
        return LikelihoodRatio(METHOD, data.n, data.event_count, names, reason=model.reason)
    smaller = fit(data.select(columns))
    if smaller.log_likelihood is None and smaller.status is not Status.CONSTANT:
        return LikelihoodRatio(METHOD, data.n, data.event_count, names, reason=smaller.reason)
    log_likelihood = model.log_likelihood_null if smaller.log_likelihood is None else smaller.log_likelihood
    df = len(model.estimated) - len(smaller.estimated)
    if df == 0 or log_likelihood is None:
        return LikelihoodRatio(METHOD, data.n, data.event_count, names, reason=NOTHING_TESTED)
    test = model_test(2.0 * (model.log_likelihood - log_likelihood), df)
    return LikelihoodRatio(METHOD, data.n, data.event_count, names, test.chi_square, test.df, test.p)


def drop_one(data: CoxData, model: Cox) -> tuple[LikelihoodRatio, ...]:
    """Test each term of a model by leaving it out; in the order of the terms."""
    return tuple(likelihood_ratio(data, model, (name,)) for name in data.names)


def interaction(data: CoxData, *factors: Sequence[str]) -> LikelihoodRatio:
    """Test whether the products of two or more covariates improve the model that has all of `data`.

    Parameters
    ----------
    data : CoxData
    factors : sequence of str
        Names of the covariates of each factor: one, or the indicators of a categorical variable. Every
        product of one covariate from each factor is added, and all are tested together.

    Raises
    ------
    ValueError
        When a name is not among the covariates.
    """
    crossed = list(product(*factors))
    unknown = {name for names in crossed for name in names} - set(data.names)
    if unknown:
        raise ValueError(f"the model has no covariate {', '.join(sorted(unknown))}")
    names = [":".join(each) for each in crossed]
    position = {name: column for column, name in enumerate(data.names)}
    products = [np.prod(data.covariates[:, [position[name] for name in each]], axis=1) for each in crossed]
    larger = data.with_covariates(np.column_stack(products), names)
    return likelihood_ratio(larger, fit(larger), names)
