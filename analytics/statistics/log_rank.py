"""The log-rank test that the survival curves of two or more groups are equal, and its weighted forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from analytics.statistics.arrays import (
    FloatArray,
    IntArray,
    codes,
    entry_array,
    frequency_array,
    survival_arrays,
)
from analytics.statistics.event_table import event_table
from analytics.statistics.groups import coded_groups
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("log-rank test over the whole curves")
STRATIFIED = _("stratified log-rank test over the whole curves")
FLEMING_HARRINGTON = _("Fleming–Harrington test over the whole curves, events weighted by S(t−)^{rho:g}")
STRATIFIED_FLEMING_HARRINGTON = _(
    "stratified Fleming–Harrington test over the whole curves, events weighted by S(t−)^{rho:g}"
)
NO_EVENTS = _("no events")
ONE_GROUP = _("fewer than two groups with patients at risk when an event happened")


@dataclass(frozen=True)
class Group(Result):
    """One group of a comparison: its label, its patients, its events.

    Attributes
    ----------
    observed, expected : float
        Events, and those expected if all groups had the same hazard; weighted sums in a weighted test.
    """

    label: str
    n: int
    events: int
    observed: float
    expected: float


@dataclass(frozen=True)
class LogRank(Result):
    """Result of a log-rank test; `chi_square`, `df` and `p` are None when `reason` says why.

    Attributes
    ----------
    rho : float
        0 for the log-rank test; 1 weighs early events more (Peto and Peto's Wilcoxon test).
    """

    method: str
    rho: float
    n: int
    events: int
    groups: tuple[Group, ...]
    chi_square: float | None
    df: int | None
    p: float | None
    reason: str | None


class Comparison(NamedTuple):
    """What tests of equal hazards are made of.

    Attributes
    ----------
    groups : tuple of Group, length k
    excess : ndarray of float, shape (k,)
        Observed minus expected events.
    covariance : ndarray of float, shape (k, k)
        Of the excess; all zero where groups were never at risk together.
    """

    groups: tuple[Group, ...]
    excess: FloatArray
    covariance: FloatArray


def log_rank(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    rho: float = 0.0,
    strata: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
) -> LogRank:
    """Test H0: the hazard is the same in all groups at all times.

    A group that is no longer at risk when the first event happens carries no information and no degree of
    freedom, as in R's ``survdiff``.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    groups : array_like, shape (n,)
        Labels; in the result numbers are sorted by size, others as text.
    rho : float
        Events are weighted by S(t−) to this power (the G-rho family of Fleming and Harrington).
    strata : array_like, shape (n,), optional
        Labels: groups are compared within each stratum.
    entry : array_like of float, shape (n,), optional
        When each row came under observation, before its duration (left truncation).
    frequencies : array_like of float, shape (n,), optional
        How often each row is repeated.

    Raises
    ------
    ValueError
        For missing values, lengths that do not agree, entries not before their durations.

    References
    ----------
    Mantel N. Cancer Chemother Rep 1966;50:163–170. Peto R, Peto J. J R Stat Soc A 1972;135:185–207.
    Harrington DP, Fleming TR. Biometrika 1982;69:553–566.
    """
    compared = compare(
        durations, event_observed, groups, rho=rho, strata=strata, entry=entry, frequencies=frequencies
    )
    method = (METHOD, STRATIFIED) if rho == 0 else (FLEMING_HARRINGTON, STRATIFIED_FLEMING_HARRINGTON)
    chi_square, df = quadratic_form(compared.excess, compared.covariance)
    events = sum(group.events for group in compared.groups)
    tested = df > 0
    return LogRank(
        method=method[strata is not None].format(rho=rho),
        rho=rho,
        n=sum(group.n for group in compared.groups),
        events=events,
        groups=compared.groups,
        chi_square=chi_square if tested else None,
        df=df if tested else None,
        p=float(chdtrc(df, chi_square)) if tested else None,
        reason=None if tested else ONE_GROUP if events else NO_EVENTS,
    )


def compare(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    rho: float = 0.0,
    strata: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
) -> Comparison:
    """Count observed and expected events by group; see `log_rank`."""
    times, events = survival_arrays(durations, event_observed)
    labels, code = coded_groups(groups, times.size)
    entered = None
    if entry is not None:
        entered, times = entry_array(entry, times)
    counted = None if frequencies is None else frequency_array("frequencies", frequencies, times.size)
    table = event_table(
        times,
        events,
        entry=entered,
        groups=code,
        strata=None if strata is None else codes("strata", strata, times.size),
        weights=counted,
    )
    failing, at_risk = table.events.sum(axis=0), table.at_risk.sum(axis=0)
    weight = _weights(failing / at_risk, table.starts, rho)
    happened = failing > 0
    failing, at_risk, weight = failing[happened], at_risk[happened], weight[happened]
    share = table.at_risk[:, happened] / at_risk
    observed = table.events[:, happened] @ weight
    expected = share @ (weight * failing)
    # The hypergeometric variance; a patient alone at risk has none.
    scaled = share * (weight**2 * failing * (at_risk - failing) / np.maximum(at_risk - 1, 1))
    covariance = -scaled @ share.T
    np.fill_diagonal(covariance, (scaled * (1 - share)).sum(axis=1))
    sizes = np.bincount(code, counted, minlength=len(labels))
    columns = (sizes.tolist(), table.events.sum(axis=1).tolist(), observed.tolist(), expected.tolist())
    return Comparison(
        tuple(
            Group(label, int(n), int(happened), seen, due)
            for label, n, happened, seen, due in zip(labels, *columns, strict=True)
        ),
        observed - expected,
        covariance,
    )


def quadratic_form(excess: FloatArray, covariance: FloatArray) -> tuple[float, int]:
    """Return χ² = excessᵀ · covariance⁻ · excess and its degrees of freedom, the rank of the covariance."""
    spread = np.sqrt(np.diagonal(covariance))
    seen = spread > 0
    if not seen.any():
        return 0.0, 0
    spread = spread[seen]
    standardized = excess[seen] / spread
    correlation = covariance[np.ix_(seen, seen)] / np.outer(spread, spread)
    solution, _residuals, rank, _singular = np.linalg.lstsq(correlation, standardized, rcond=1e-9)
    return max(0.0, float(standardized @ solution)), int(rank)


def _weights(hazard: FloatArray, starts: IntArray, rho: float) -> FloatArray:
    """Return S(t−)^rho, where S is the survival of all groups of a stratum together."""
    if rho == 0:
        return np.ones_like(hazard)
    before = np.concatenate(
        [np.cumprod(np.append(1.0, 1.0 - part[:-1])) for part in np.split(hazard, starts[1:])]
    )
    weights: FloatArray = before**rho
    return weights
