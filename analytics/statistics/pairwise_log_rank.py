"""Log-rank tests of each pair of groups, with the p-values adjusted for their number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from analytics.statistics.arrays import survival_arrays
from analytics.statistics.groups import coded_groups
from analytics.statistics.log_rank import LogRank, log_rank
from analytics.statistics.multiplicity import METHODS as ADJUSTMENTS
from analytics.statistics.multiplicity import Adjustment, adjust
from analytics.statistics.result import Result


@dataclass(frozen=True)
class Pair(Result):
    """Two groups, their own test, and its p adjusted for all pairs."""

    first: str
    second: str
    test: LogRank
    adjusted_p: float | None


@dataclass(frozen=True)
class PairwiseLogRank(Result):
    """The tests of all pairs of groups.

    Attributes
    ----------
    method, adjustment_method : str
        Of the tests, and of the adjustment.
    labels : tuple of str, length k
    pairs : tuple of Pair, length k(k−1)/2
    """

    method: str
    adjustment: Adjustment
    adjustment_method: str
    n: int
    events: int
    labels: tuple[str, ...]
    pairs: tuple[Pair, ...]


def pairwise_log_rank(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    groups: npt.ArrayLike,
    adjustment: Adjustment = Adjustment.HOLM,
    *,
    rho: float = 0.0,
    strata: npt.ArrayLike | None = None,
) -> PairwiseLogRank:
    """Compare each two groups on their own patients alone.

    Parameters
    ----------
    durations, event_observed, groups, rho, strata
        See `log_rank.log_rank`.
    adjustment : Adjustment
        A pair that cannot be tested does not count.

    Raises
    ------
    ValueError
        As `log_rank.log_rank`.
    """
    times, events = survival_arrays(durations, event_observed)
    labels, code = coded_groups(groups, times.size)
    names = np.array(labels, dtype=object)
    stratum = None if strata is None else np.asarray(strata).ravel()
    overall = log_rank(times, events, groups, rho=rho, strata=strata)
    tests = {}
    for one, other in combinations(range(len(labels)), 2):
        own = (code == one) | (code == other)
        tests[one, other] = log_rank(
            times[own],
            events[own],
            names[code[own]],
            rho=rho,
            strata=None if stratum is None else stratum[own],
        )
    adjusted = adjust([test.p for test in tests.values()], adjustment).adjusted
    return PairwiseLogRank(
        method=overall.method,
        adjustment=adjustment,
        adjustment_method=ADJUSTMENTS[adjustment],
        n=overall.n,
        events=overall.events,
        labels=labels,
        pairs=tuple(
            Pair(labels[one], labels[other], test, p)
            for ((one, other), test), p in zip(tests.items(), adjusted, strict=True)
        ),
    )
