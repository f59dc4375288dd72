"""Cox regression with a gamma-distributed frailty shared by the patients of a group, such as a center."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, IntArray, codes
from analytics.statistics.cox import REASONS, Cox, CoxTerm, ModelTest, Status, fit, model_test, wald_terms
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.newton import Evaluation, newton_raphson
from analytics.statistics.partial_likelihood import PartialLikelihood
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHODS = {
    Ties.EFRON: _("Cox regression with a shared gamma frailty, Efron ties; Wald confidence interval and p"),
    Ties.BRESLOW: _(
        "Cox regression with a shared gamma frailty, Breslow ties; Wald confidence interval and p"
    ),
}
NOT_CONVERGED = _("the iterations did not converge")

# A variance this small changes no digit of the model.
_NO_VARIANCE = 1e-9


class Search(NamedTuple):
    """When the search for the variance of the frailty ends.

    Attributes
    ----------
    tolerance : float
        Change of the integrated log-likelihood, as a share of it.
    trials : int
        The most variances to try.
    """

    tolerance: float
    trials: int


TO_THE_MAXIMUM = Search(1e-13, 60)

# R stops early where the likelihood is flat: on its lung data at 0.0091, though the maximum lies at 0.0098.
AS_R = Search(1e-5, 10)


@dataclass(frozen=True)
class GroupFrailty(Result):
    """One group: its events and by what its hazard is multiplied."""

    label: str
    n: int
    events: int
    frailty: float


@dataclass(frozen=True)
class FrailtyCox(Result):
    """A fitted Cox model with a shared gamma frailty of mean 1.

    Attributes
    ----------
    status : Status
    reason : str or None
    terms : tuple of CoxTerm
        In the order given; they compare patients of the same group.
    variance : float or None
        Of the frailty, by maximum likelihood; 0 when the groups do not differ.
    variance_test : ModelTest or None
        Likelihood ratio test that the variance is 0; p is half that of χ² with one degree of freedom, because
        0 is the least a variance can be.
    groups : tuple of GroupFrailty
        In the order of their labels.
    log_likelihood_plain, log_likelihood : float or None
        Partial log-likelihood without frailty, and with it integrated out.
    """

    method: str
    conf_level: float
    n: int
    events: int
    status: Status
    reason: str | None
    terms: tuple[CoxTerm, ...]
    variance: float | None = None
    variance_test: ModelTest | None = None
    groups: tuple[GroupFrailty, ...] = ()
    log_likelihood_plain: float | None = None
    log_likelihood: float | None = None


class _Trial(NamedTuple):
    variance: float
    log_likelihood: float
    coef: FloatArray
    std_err: FloatArray
    log_frailty: FloatArray


def gamma_frailty(
    data: CoxData, groups: npt.ArrayLike, conf_level: float = 0.95, search: Search = TO_THE_MAXIMUM
) -> FrailtyCox:
    """Fit a Cox model whose hazards are multiplied by a random factor for each group.

    For a given variance the coefficients and log frailties maximize a penalized partial likelihood; the
    variance maximizes the likelihood with the frailties integrated out. Own code: no Python library fits it.

    Parameters
    ----------
    data : CoxData
        From `cox_data.cox_data`.
    groups : array_like, one label for each row of `data`
        The patients of a group share a frailty.
    conf_level : float
    search : Search
        With `AS_R` the variance is the one R's ``coxph(… + frailty(groups))`` prints.

    Returns
    -------
    FrailtyCox
        Where the model without frailty is not estimable, neither is this one, for the same reason.

    Raises
    ------
    ValueError
        For missing labels and for another number of them.

    References
    ----------
    Therneau TM, Grambsch PM, Pankratz VS. J Comput Graph Stat 2003;12:156–175.
    Nielsen GG, Gill RD, Andersen PK, Sørensen TIA. Scand J Stat 1992;19:25–43.
    """
    group = codes("groups", groups, data.times.size)
    plain = fit(replace(data, cluster=None), conf_level)
    if plain.status is not Status.ESTIMATED:
        return _unestimated(data, plain)
    likelihood = _FrailtyLikelihood(data.select(plain.estimated), group)
    trials = [likelihood.without_frailty(plain)]
    variance = 1.0
    while True:
        trial = likelihood.maximize(variance)
        if trial is None:
            return _unestimated(
                data, replace(plain, status=Status.NOT_CONVERGED, reason=REASONS[Status.NOT_CONVERGED])
            )
        trials.append(trial)
        variance = _next_variance(trials)
        change = abs(1 - trials[-1].log_likelihood / trials[-2].log_likelihood)
        if len(trials) == search.trials or (len(trials) > 2 and change < search.tolerance):
            break
    if variance < _NO_VARIANCE:
        variance = 0.0
    return FrailtyCox(
        method=METHODS[data.ties],
        conf_level=conf_level,
        n=data.n,
        events=data.event_count,
        status=Status.ESTIMATED,
        reason=None,
        terms=wald_terms(data.names, plain.estimated, trial.coef, trial.std_err, conf_level),
        variance=variance,
        variance_test=_variance_test(trials[0].log_likelihood, trial) if variance else ModelTest(0.0, 1, 1.0),
        groups=_groups(groups, group, likelihood, trial),
        log_likelihood_plain=trials[0].log_likelihood,
        log_likelihood=trial.log_likelihood,
    )


class _FrailtyLikelihood:
    """The Cox likelihood with an indicator for each group, penalized as gamma frailties are."""

    def __init__(self, data: CoxData, group: IntArray) -> None:
        count = int(group.max()) + 1
        indicators = group[:, None] == np.arange(count)
        labels = [str(number) for number in range(count)]
        self.partial = PartialLikelihood(data.with_covariates(indicators.astype(np.float64), labels))
        self.fixed = len(data.names)
        # An indicator that never varies among those at risk has scale 0; its frailty is 1.
        self.scale = np.where(self.partial.scale > 0, self.partial.scale, 1.0)
        repeats = np.ones(data.times.size) if data.frequencies is None else data.frequencies
        self.sizes = np.bincount(group, repeats).astype(np.intp)
        self.events = np.bincount(group, repeats * data.events).astype(np.intp)
        self.point = np.zeros(self.scale.size)

    def without_frailty(self, plain: Cox) -> _Trial:
        """Return the plain model as the trial of variance 0, and start from it."""
        coef = plain.coefficients[list(plain.estimated)]
        self.point[: self.fixed] = coef * self.scale[: self.fixed]
        assert plain.log_likelihood is not None
        return _Trial(0.0, plain.log_likelihood, coef, np.zeros(self.fixed), np.zeros(self.events.size))

    def maximize(self, variance: float) -> _Trial | None:
        """Maximize at this variance of the frailty, starting where the last search ended."""
        precision, random = 1 / variance, slice(self.fixed, None)

        def penalized(point: FloatArray) -> Evaluation:
            here = self.partial(point)
            log_frailty = point[random] / self.scale[random]
            with np.errstate(over="ignore"):
                frailty = np.exp(log_frailty)
            here.gradient[random] += precision * (1 - frailty) / self.scale[random]
            diagonal = np.einsum("ii->i", here.information)
            diagonal[random] += precision * frailty / self.scale[random] ** 2
            penalty = precision * float((frailty - 1 - log_frailty).sum())
            return here._replace(log_likelihood=here.log_likelihood - penalty)

        found = newton_raphson(penalized, self.point)
        if not found.converged:
            return None
        self.point = found.point
        std_err = np.sqrt(np.diagonal(np.linalg.inv(found.evaluation.information))) / self.scale
        natural = found.point / self.scale
        return _Trial(
            variance,
            found.evaluation.log_likelihood + _integration(self.events, precision),
            natural[: self.fixed],
            std_err[: self.fixed],
            natural[random],
        )


def _integration(events: IntArray, precision: float) -> float:
    """Return what integrating the frailties out adds to the penalized log-likelihood at their estimates.

    For each group with d events and precision ν that is d + log [ν^ν Γ(ν + d) / ((ν + d)^(ν + d) Γ(ν))],
    written as logarithms near 0 so that a small variance loses no digits.
    """
    total = float((events - precision * np.log1p(events / precision)).sum())
    for count in events.tolist():
        total += float(np.log1p((np.arange(count) - count) / (precision + count)).sum())
    return total


def _variance_test(without_frailty: float, trial: _Trial) -> ModelTest:
    gain = model_test(2 * (trial.log_likelihood - without_frailty), 1)
    return replace(gain, p=gain.p / 2)


def _next_variance(trials: list[_Trial]) -> float:
    """Propose the next variance: 1, then ½ or 2, then by parabolas through √variance, as R's survival does.

    The best trial and its neighbors span the parabola; where its top is no use, a golden section of the
    longer side replaces it.
    """
    values = [trial.log_likelihood for trial in trials]
    if len(trials) == 2:
        return 0.5 if values[1] < values[0] + 1 else 2.0
    tried = [math.sqrt(trial.variance) for trial in trials]
    order = sorted(range(len(trials)), key=tried.__getitem__)
    best = max(range(len(order)), key=lambda rank: values[order[rank]])
    if best == 0:
        return (tried[order[1]] / 10) ** 2
    if best == len(order) - 1:
        largest = tried[order[-1]]
        if order[-1] == len(trials) - 1:
            return 2 * largest**2
        return (largest + 3 * (largest - tried[order[-2]])) ** 2
    around = order[best - 1 : best + 2]
    left, middle, right = (tried[trial] for trial in around)
    top = _top_of_parabola((left, middle, right), [values[trial] for trial in around])
    too_far = len(trials) > 4 and top - tried[-1] > abs(tried[-2] - tried[-3]) / 2
    if left <= top <= right and not too_far:
        return top**2
    shortened = middle - 0.38 * (middle - left)
    return (shortened if middle - left > right - middle else middle + 0.32 * (right - middle)) ** 2


def _top_of_parabola(x: tuple[float, float, float], y: list[float]) -> float:
    """Return the top of the parabola through three points of which the middle one is the highest."""
    left, right = (x[1] - x[0]) * (y[1] - y[2]), (x[1] - x[2]) * (y[1] - y[0])
    return x[1] - 0.5 * ((x[1] - x[0]) * left - (x[1] - x[2]) * right) / (left - right)


def _groups(
    labels: npt.ArrayLike, group: IntArray, likelihood: _FrailtyLikelihood, trial: _Trial
) -> tuple[GroupFrailty, ...]:
    first = np.unique(group, return_index=True)[1]
    columns = (likelihood.sizes, likelihood.events, np.exp(trial.log_frailty))
    rows = zip(*(column.tolist() for column in columns), strict=True)
    names = np.asarray(labels).ravel()[first].tolist()
    return tuple(GroupFrailty(str(name), *row) for name, row in zip(names, rows, strict=True))


def _unestimated(data: CoxData, plain: Cox) -> FrailtyCox:
    terms = tuple(CoxTerm(term.name, reason=term.reason or plain.reason) for term in plain.terms)
    return FrailtyCox(
        METHODS[data.ties], plain.conf_level, data.n, data.event_count, plain.status, plain.reason, terms
    )
