"""What a Cox model says about its other covariates when some are separated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.statistics.cox import Cox, Status, fit
from analytics.statistics.cox_data import CoxData
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.separation import monotone_direction

# Values of a combination of standardized covariates closer than this are the same.
_SAME = 1e-7


def at_the_limit(data: CoxData, conf_level: float = 0.95) -> Cox:
    """Estimate the other covariates while the coefficients of the separated ones run off to infinity.

    On the way there each patient who fails is less and less comparable with those at risk whose separated
    covariates differ from its own. In the limit only those with the same remain, and the partial likelihood
    is the one of a model stratified by them. Software that stops its iterations at a large coefficient shows
    these estimates beside it. For the separated covariates themselves there is Firth's penalized likelihood.

    Parameters
    ----------
    data : CoxData
    conf_level : float

    Returns
    -------
    Cox
        The separated covariates are dropped from it. When only a combination of several is separated, one of
        them is dropped, and the estimates of the rest of them are of what is left of the combination.

    References
    ----------
    Bryson MC, Johnson ME. Technometrics 1981;23:381–383.
    """
    model = fit(data, conf_level)
    for _ in data.names:  # each round leaves one combination fewer that can be separated
        if model.status is not Status.SEPARATION:
            break
        data = _stratified(data)
        model = fit(data, conf_level)
    return model


def _stratified(data: CoxData) -> CoxData:
    likelihood = PartialLikelihood(data)
    standardized = (data.covariates - likelihood.center) / np.where(likelihood.scale, likelihood.scale, 1.0)
    position = standardized @ monotone_direction(data)
    order = np.argsort(position)
    level = np.empty(order.size, dtype=np.intp)
    level[order] = np.cumsum(np.diff(position[order], prepend=-np.inf) > _SAME)
    before = np.zeros_like(level) if data.strata is None else data.strata
    strata = np.unique(np.stack((before, level)), axis=1, return_inverse=True)[1]
    return replace(data, strata=strata.ravel())
