"""The log-rank test that the survival curves of two or more groups are equal, and its weighted forms.

Own code: SciPy compares two groups only, and lifelines knows no strata.
"""

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
    unmerged_arrays,
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
    times, events = unmerged_arrays(durations, event_observed)
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
    share = table.at_risk / at_risk
    # The hypergeometric variance; a patient alone at risk has none.
    variance = failing * (at_risk - failing) / np.maximum(at_risk - 1, 1)
    if rho == 0:
        observed, expected = table.events.sum(axis=1), share @ failing
    else:
        weight = _survival_before(failing / at_risk, table.starts) ** rho
        observed, expected = table.events @ weight, share @ (weight * failing)
        variance *= weight**2
    scaled = share * variance
    covariance = -scaled @ share.T
    covariance.flat[:: len(labels) + 1] = (scaled * (1 - share)).sum(axis=1)  # exactly 0 when alone at risk
    sizes, happened = np.bincount(code, counted, minlength=len(labels)), table.events.sum(axis=1)
    columns = (sizes.tolist(), happened.tolist(), observed.tolist(), expected.tolist())
    return Comparison(
        tuple(
            Group(label, int(n), int(events), seen, due)
            for label, n, events, seen, due in zip(labels, *columns, strict=True)
        ),
        observed - expected,
        covariance,
    )


def quadratic_form(excess: FloatArray, covariance: FloatArray) -> tuple[float, int]:
    """Return χ² = excessᵀ · covariance⁻ · excess and its degrees of freedom, the rank of the covariance."""
    chi_square, df = 0.0, 0
    own = np.diagonal(covariance)
    for group in range(excess.size):
        pivot = covariance[group, group]
        if pivot <= 1e-9 * own[group]:
            continue  # never at risk with others, or determined by the groups before it
        chi_square += excess[group] ** 2 / pivot
        df += 1
        column = covariance[group] / pivot
        excess = excess - column * excess[group]
        covariance = covariance - np.outer(column, covariance[group])
    return float(chi_square), df


def _survival_before(hazard: FloatArray, starts: IntArray) -> FloatArray:
    """Return S(t−) at each time, where S is the survival of all groups of a stratum together."""
    strata = np.split(1.0 - hazard, starts[1:])
    return np.concatenate([np.append(1.0, surviving)[:-1].cumprod() for surviving in strata])
