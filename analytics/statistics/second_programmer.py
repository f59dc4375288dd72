"""The second programmer: lifelines estimates again what this package estimated, and the two are compared.

lifelines shares no code with this package, so that a mistake would have to be made twice to go unseen. What
lifelines has not (strata and the trend in a log-rank test, Breslow ties, offsets, robust variance as in R) is
said in `reason` instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import FloatArray, entry_array, survival_arrays
from analytics.statistics.cox import Cox
from analytics.statistics.cox_data import CoxData, Ties
from analytics.statistics.kaplan_meier import ConfType, KaplanMeier
from analytics.statistics.log_rank import LogRank
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

if TYPE_CHECKING:
    import pandas as pd

METHOD = _("estimated again with lifelines")
NOT_ESTIMATED = _("there is no estimate to repeat")
NO_BRESLOW = _("lifelines has no Breslow ties")
NO_OFFSET = _("lifelines has no offset")
NO_STRATA = _("lifelines has no strata in a log-rank test")
ENTRY_AT_EVENT = _("lifelines counts a patient at risk at the very time of entry")
NOT_CONVERGED = _("lifelines did not converge")


@dataclass(frozen=True)
class Disagreement(Result):
    """How far two estimates of the same thing are apart.

    Attributes
    ----------
    method, software : str
    compared : int
        How many numbers were compared.
    largest : float or None
        The largest difference: absolute where the number is below 1, relative above; for a log hazard ratio
        in standard errors.
    where : str or None
        Which number that was.
    reason : str or None
        Why nothing was compared.
    """

    method: str
    software: str
    compared: int = 0
    largest: float | None = None
    where: str | None = None
    reason: str | None = None


def check_kaplan_meier(
    curve: KaplanMeier,
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    *,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> Disagreement:
    """Estimate a survival curve again: S(t), and its limits where they are log(−log) ones without weights.

    Parameters
    ----------
    curve : KaplanMeier
    durations, event_observed, entry : array_like, shape (n,)
        What it was estimated from; see `kaplan_meier.kaplan_meier`.
    weights : array_like of float, shape (n,), optional
        Case weights or frequencies.
    """
    from lifelines import KaplanMeierFitter

    times, events = survival_arrays(durations, event_observed)
    if not times.size:
        return _nothing(NOT_ESTIMATED)
    if entry is not None:
        entry, times = entry_array(entry, times)
        if np.isin(entry, times[events]).any():
            return _nothing(ENTRY_AT_EVENT)
    with _as_lifelines_likes():
        fitter = KaplanMeierFitter(alpha=1 - curve.conf_level).fit(
            times, events, entry=entry, weights=weights
        )
    rows = np.searchsorted(fitter.timeline, curve.times)
    compared = {"S(t)": (curve.survival, fitter.survival_function_.iloc[rows, 0].to_numpy())}
    if curve.conf_type is ConfType.LOG_LOG and weights is None:
        limits = fitter.confidence_interval_.to_numpy()[rows]
        inside = np.isfinite(curve.lower)
        compared["lower limit of S(t)"] = (curve.lower[inside], limits[inside, 0])
        compared["upper limit of S(t)"] = (curve.upper[inside], limits[inside, 1])
    return _compared(compared)


def check_log_rank(
    test: LogRank,
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    strata: npt.ArrayLike | None = None,
    rho: float = 0.0,
) -> Disagreement:
    """Compute a log-rank test again: χ² and p.

    Parameters
    ----------
    test : LogRank
    durations, event_observed, groups, strata, rho
        What it was computed from; see `log_rank.log_rank`.
    """
    from lifelines.statistics import multivariate_logrank_test

    if test.chi_square is None or test.p is None or test.df is None:
        return _nothing(NOT_ESTIMATED)
    if strata is not None:
        return _nothing(NO_STRATA)
    times, events = survival_arrays(durations, event_observed)
    labels = np.asarray(groups).ravel().astype(str)
    first_event = times[events].min()
    informative = [label for label in np.unique(labels) if times[labels == label].max() >= first_event]
    kept = np.isin(labels, informative)
    weighting = {"weightings": "fleming-harrington", "p": rho, "q": 0.0} if rho else {}
    with _as_lifelines_likes():
        again = multivariate_logrank_test(times[kept], labels[kept], events[kept], **weighting)
    return _compared(
        {
            "χ²": (np.array([test.chi_square]), np.array([again.test_statistic])),
            "p": (np.array([test.p]), np.array([again.p_value])),
        }
    )


def check_cox(model: Cox, data: CoxData) -> Disagreement:
    """Fit a Cox model again: log hazard ratios, their standard errors, log-likelihood.

    Standard errors are compared where rows are independent: lifelines' robust ones are not those of R.

    Parameters
    ----------
    model : Cox
    data : CoxData
        What it was fitted to.
    """
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    if model.log_likelihood is None:
        return _nothing(NOT_ESTIMATED)
    if data.ties is Ties.BRESLOW:
        return _nothing(NO_BRESLOW)
    if data.offset is not None:
        return _nothing(NO_OFFSET)
    table, columns = _cox_table(data.select(model.estimated))
    try:
        with _as_lifelines_likes():
            again = CoxPHFitter().fit(table, "time", "event", **columns, fit_options={"precision": 1e-12})
    except ConvergenceError:
        return _nothing(NOT_CONVERGED)
    terms = [model.terms[index] for index in model.estimated]
    ours = np.array([(term.log_hazard_ratio, term.std_err) for term in terms], dtype=np.float64)
    theirs = np.column_stack((again.params_, again.standard_errors_))
    compared = {"log-likelihood": (np.array([model.log_likelihood]), np.array([again.log_likelihood_]))}
    for term, mine, other in zip(terms, ours, theirs, strict=True):
        compared[f"log hazard ratio of {term.name}"] = ((mine[:1] - other[:1]) / mine[1], np.zeros(1))
        if data.cluster is None:
            compared[f"standard error of {term.name}"] = (np.ones(1), other[1:] / mine[1])
    return _compared(compared)


def largest(disagreements: Iterable[Disagreement]) -> Disagreement:
    """Return the largest of several disagreements, with the count of everything compared."""
    found = list(disagreements)
    measured = [one for one in found if one.largest is not None]
    if not measured:
        return found[0] if found else _nothing(NOT_ESTIMATED)
    worst = max(measured, key=lambda one: one.largest or 0.0)
    return replace(worst, compared=sum(one.compared for one in measured))


def _cox_table(data: CoxData) -> tuple[pd.DataFrame, dict[str, object]]:
    import pandas as pd

    table = pd.DataFrame(data.covariates, columns=[f"x{column}" for column in range(len(data.names))])
    table = table.assign(time=data.times, event=data.events)
    columns: dict[str, object] = {}
    if data.entry is not None:
        table["entry"], columns["entry_col"] = data.entry, "entry"
    if data.strata is not None:
        table["stratum"], columns["strata"] = data.strata, ["stratum"]
    if data.weights is not None:
        table["weight"], columns["weights_col"] = data.weights, "weight"
    if data.frequencies is not None:
        table = table.loc[np.repeat(table.index, data.frequencies.astype(int))].reset_index(drop=True)
    return table, columns


@contextmanager
def _as_lifelines_likes() -> Iterator[None]:
    """Silence what lifelines says about weights that are not whole and about its own computations."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _nothing(reason: str) -> Disagreement:
    return Disagreement(METHOD, _software(), reason=reason)


def _compared(pairs: dict[str, tuple[FloatArray, FloatArray]]) -> Disagreement:
    differences = {
        where: float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)), initial=0.0))
        for where, (ours, theirs) in pairs.items()
    }
    where = max(differences, key=differences.__getitem__)
    compared = sum(ours.size for ours, _ in pairs.values())
    return Disagreement(METHOD, _software(), compared, differences[where], where)


def _software() -> str:
    return f"lifelines {version('lifelines')}"
