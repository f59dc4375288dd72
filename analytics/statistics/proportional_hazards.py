"""The score test that the hazards of a Cox model are proportional.

Our own, equal to R's ``cox.zph``: lifelines has the older approximation and comes to other verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc

from analytics.statistics.arrays import FloatArray, ascending
from analytics.statistics.cox import Cox, Status, independent
from analytics.statistics.cox_data import CoxData
from analytics.statistics.cox_residuals import score_process
from analytics.statistics.result import Result
from analytics.statistics.risk_sets import risk_sets
from analytics.statistics.score_process import ScoreProcess
from registry.terminology.text import gettext_noop as _

DROPPED = _("dropped from the model")
ONE_TIME = _("all events happened at the same time")
TIME_ZERO = _("an event at time 0, which has no logarithm")
UNSEEN = _("those at risk differed in this covariate at too few event times")
OVERALL = _("all terms")


class Transform(StrEnum):
    """The function of time along which a coefficient may drift."""

    KM = "km"
    RANK = "rank"
    IDENTITY = "identity"
    LOG = "log"


METHODS = {
    Transform.KM: _("score test of proportional hazards against a drift with the Kaplan–Meier estimate"),
    Transform.RANK: _("score test of proportional hazards against a drift with the rank of time"),
    Transform.IDENTITY: _("score test of proportional hazards against a drift with time"),
    Transform.LOG: _("score test of proportional hazards against a drift with the logarithm of time"),
}


@dataclass(frozen=True)
class DriftTest(Result):
    """Test that the coefficients of one term do not change with time; None when `reason` says why."""

    name: str
    chi_square: float | None = None
    df: int | None = None
    p: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ProportionalHazards(Result):
    """Tests of one Cox model.

    Attributes
    ----------
    method : str
    n, events : int
    transform : Transform
    terms : tuple of DriftTest
        In the order of the covariates, those of one term together.
    overall : DriftTest
        All terms at once.
    reason : str or None
        Why nothing could be tested.
    """

    method: str
    n: int
    events: int
    transform: Transform
    terms: tuple[DriftTest, ...]
    overall: DriftTest
    reason: str | None = None


def proportional_hazards(
    data: CoxData,
    model: Cox,
    transform: Transform = Transform.KM,
    terms: Mapping[str, Sequence[str]] | None = None,
) -> ProportionalHazards:
    """Test H0: no coefficient changes with time.

    The model is extended by the product of each covariate and a function of time g(t), and the score test of
    the added coefficients is taken where they are zero, with the information of the extended model. This is
    what R's ``cox.zph`` computes since version 3.0 of its survival package; earlier versions approximated the
    information by its average over time, and so does lifelines. Rows are taken for independent, as there.

    Parameters
    ----------
    data : CoxData
    model : Cox
        Fitted to `data`.
    transform : Transform
        g(t): the Kaplan–Meier estimate just before t, from all strata together (the default, little moved by
        late events), the rank of t among all times, t, or its logarithm.
    terms : mapping of str to sequence of str, optional
        The covariates of each term, where a term has several, such as the indicators of a factor; a covariate
        that is not named is a term of its own.

    Returns
    -------
    ProportionalHazards

    Raises
    ------
    ValueError
        When `terms` names a covariate that is not in the model.

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515–526. Therneau TM. A package for survival analysis in R,
    version 3.5, section 4.5.
    """
    columns = _columns(data.names, terms or {})
    if model.status is not Status.ESTIMATED:
        return _untested(model, transform, columns, model.reason)
    if transform == Transform.LOG and not data.risk_sets.times.all():
        return _untested(model, transform, columns, TIME_ZERO)
    drift = _time_function(data, transform)
    if not drift.any():
        return _untested(model, transform, columns, ONE_TIME)
    score = _drift_score(score_process(data, model), drift, model.estimated)
    position = {column: place for place, column in enumerate(model.estimated)}
    tests = tuple(
        _test(name, score, [position[column] for column in members if column in position])
        for name, members in columns.items()
    )
    overall = _test(OVERALL, score, list(position.values()))
    return ProportionalHazards(METHODS[transform], model.n, model.events, transform, tests, overall)


class _Score(NamedTuple):
    """Score of the added coefficients, its variance, and how much is known of each covariate at all."""

    score: FloatArray
    information: FloatArray
    size: FloatArray


def _drift_score(process: ScoreProcess, drift: FloatArray, kept: Sequence[int]) -> _Score:
    """Return score and information of the coefficients of x·g(t) at zero, those of x being estimated."""
    likelihood, sets = process.likelihood, process.likelihood.sets
    died = np.ones(sets.deaths.size) if likelihood.weights is None else likelihood.weights[sets.deaths]
    score = process.schoenfeld() @ (died * drift[sets.death_groups])
    multiplier, block = drift[likelihood.term_group], np.ix_(kept, kept)
    own, cross, added = (process.information(power)[block] for power in (None, multiplier, multiplier**2))
    return _Score(score[list(kept)], added - cross @ np.linalg.solve(own, cross), np.diagonal(own))


def _test(name: str, score: _Score, tested: Sequence[int]) -> DriftTest:
    if not tested:
        return DriftTest(name, reason=DROPPED)
    spread = np.sqrt(score.size[tested])
    information = score.information[np.ix_(tested, tested)] / np.outer(spread, spread)
    if len(independent(information)) < len(tested):
        return DriftTest(name, reason=UNSEEN)
    standardized = score.score[tested] / spread
    chi_square = float(standardized @ np.linalg.solve(information, standardized))
    return DriftTest(name, chi_square, len(tested), float(chdtrc(len(tested), chi_square)))


def _columns(names: Sequence[str], terms: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Return the covariates of each term, a term standing where its first covariate does."""
    term_of = {covariate: term for term, members in terms.items() for covariate in members}
    if unknown := set(term_of) - set(names):
        raise ValueError(f"terms names {', '.join(sorted(unknown))}, which the model does not have")
    columns: dict[str, list[int]] = {}
    for column, covariate in enumerate(names):
        columns.setdefault(term_of.get(covariate, covariate), []).append(column)
    return columns


def _time_function(data: CoxData, transform: Transform) -> FloatArray:
    """Return g(t) at the event times of each stratum, centered and of unit range; 0 if it is constant."""
    times = data.risk_sets.times
    if transform == Transform.KM:
        times = _failed_before(data, times)
    elif transform == Transform.RANK:
        times = _rank(data, times)
    elif transform == Transform.LOG:
        times = np.log(times)
    centered: FloatArray = times - times.mean()
    return centered / (np.ptp(centered) or 1.0)


def _failed_before(data: CoxData, times: FloatArray) -> FloatArray:
    """Return 1 minus the Kaplan–Meier estimate just before each time, whatever the stratum."""
    pooled = data.risk_sets if data.strata is None else risk_sets(data.times, data.events, data.entry)
    counted = np.ones(pooled.order.size) if data.frequencies is None else data.frequencies[pooled.order]
    surviving = (1.0 - pooled.death_sums(counted) / pooled.sums(counted))[::-1]
    before = np.cumprod(np.concatenate(([1.0], surviving)), dtype=np.float64)
    return 1.0 - before[np.searchsorted(pooled.times[::-1], times)]


def _rank(data: CoxData, times: FloatArray) -> FloatArray:
    """Return the mean rank of each time among those of all rows."""
    order = ascending(data.times)
    counted = np.ones(order.size) if data.frequencies is None else data.frequencies[order]
    ranked = np.concatenate(([0.0], np.cumsum(counted)))
    ascended = data.times[order]
    earlier = ranked[np.searchsorted(ascended, times, side="left")]
    not_later: FloatArray = ranked[np.searchsorted(ascended, times, side="right")]
    return (earlier + 1.0 + not_later) / 2.0


def _untested(
    model: Cox, transform: Transform, columns: Mapping[str, Sequence[int]], reason: str | None
) -> ProportionalHazards:
    tests = tuple(DriftTest(name, reason=reason) for name in columns)
    overall = DriftTest(OVERALL, reason=reason)
    return ProportionalHazards(METHODS[transform], model.n, model.events, transform, tests, overall, reason)
