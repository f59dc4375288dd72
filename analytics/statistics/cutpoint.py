"""A cut-off of a marker chosen by the log-rank test, with p-values that pay for the search."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, roots_legendre

from analytics.statistics.arrays import BoolArray, FloatArray, IntArray, floats, survival_arrays
from analytics.statistics.log_rank import log_rank
from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _(
    "maximally selected log-rank statistic; p corrected for the search by permutation, Gaussian, "
    "Hothorn–Lausen and Lausen–Schumacher (1992, 1994) methods"
)
NO_EVENTS = _("no events")
NO_DIFFERENCE = _("all patients have the same log-rank score")
NO_CUT = _("no cut-off leaves the required share of patients on either side")

# Counting all permutations is meant for small samples; beyond this R's maxstat gives no answer either.
_COUNTABLE = 169

# Scores shuffled at once: 8 MB.
_BATCH = 1_000_000


@dataclass(frozen=True)
class Selection(Result):
    """The standardized statistic of every admissible cut-off.

    Attributes
    ----------
    n : int
    cuts : ndarray of float, shape (k,)
        Ascending; the groups are marker ≤ cut and marker > cut.
    below : ndarray of int, shape (k,)
        Patients with marker ≤ cut.
    statistics : ndarray of float, shape (k,)
    """

    n: int
    cuts: FloatArray
    below: IntArray
    statistics: FloatArray

    @property
    def best(self) -> int:
        """The position of the largest statistic, the lowest cut-off of equals."""
        return int(np.argmax(self.statistics))

    @property
    def statistic(self) -> float:
        """The largest statistic."""
        return float(self.statistics[self.best])


@dataclass(frozen=True)
class CutPoint(Result):
    """The cut-off that separates survival best, and what that separation is worth.

    Attributes
    ----------
    cutpoint, statistic : float or None
        The groups are marker ≤ cutpoint and marker > cutpoint.
    below, above : int or None
        Patients in the two groups.
    p_permutation, p_gaussian, p_lausen_92, p_lausen_94 : float or None
        That no cut-off matters. The permutation p is exact but for the number of resamples; the others are
        approximations of it, those of Lausen and Schumacher good below 0.1.
    p_hothorn_lausen : float or None
        An upper bound by counting; None also in a sample too large for it.
    p_naive : float or None
        Of the log-rank test at this cut-off as if it had not been chosen: too small, never to stand alone.
    resamples, seed : int
    """

    method: str
    n: int
    events: int
    cutpoint: float | None
    statistic: float | None
    below: int | None
    above: int | None
    p_permutation: float | None
    p_gaussian: float | None
    p_hothorn_lausen: float | None
    p_lausen_92: float | None
    p_lausen_94: float | None
    p_naive: float | None
    resamples: int
    seed: int
    reason: str | None


def cutpoint(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike,
    marker: npt.ArrayLike,
    *,
    min_proportion: float = 0.1,
    max_proportion: float = 0.9,
    resamples: int = 9_999,
    seed: int = 1,
) -> CutPoint:
    """Choose the cut-off of a marker at which the log-rank statistic is largest.

    Own code, because no Python library has it.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
    event_observed : array_like of 0/1, shape (n,)
    marker : array_like of float, shape (n,)
    min_proportion, max_proportion : float
        The share of patients that has to lie at or below a cut-off, and the share that may.
    resamples, seed : int
        Number and start of the random permutations.

    Returns
    -------
    CutPoint
        A naive p is never without those that account for the search.

    Raises
    ------
    ValueError
        For missing values, lengths that differ, and proportions that are not 0 < min ≤ max < 1.

    References
    ----------
    Lausen B, Schumacher M. Biometrics 1992;48:73–85. Hothorn T, Lausen B. Comput Stat Data Anal
    2003;43:121–137. Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39 (the resampled p).
    """
    times, events = survival_arrays(durations, event_observed)
    scores = log_rank_scores(times, events)
    selection = maximally_selected(scores, marker, min_proportion, max_proportion)
    if not selection.cuts.size:
        reason = NO_EVENTS if not events.any() else NO_DIFFERENCE if _all_equal(scores) else NO_CUT
        nothing = (None,) * 10
        return CutPoint(METHOD, times.size, int(events.sum()), *nothing, resamples, seed, reason)
    best, statistic = selection.best, selection.statistic
    counted = hothorn_lausen(scores, marker, min_proportion, max_proportion)
    chosen, below = float(selection.cuts[best]), int(selection.below[best])
    return CutPoint(
        method=METHOD,
        n=times.size,
        events=int(events.sum()),
        cutpoint=chosen,
        statistic=statistic,
        below=below,
        above=times.size - below,
        p_permutation=_permutation(selection, scores, resamples, seed),
        p_gaussian=_probability(gaussian(selection)),
        p_hothorn_lausen=None if counted is None else _probability(counted),
        p_lausen_92=_probability(lausen_92(statistic, min_proportion, max_proportion)),
        p_lausen_94=_probability(lausen_94(selection)),
        p_naive=log_rank(times, events, np.asarray(marker, dtype=np.float64).ravel() > chosen).p,
        resamples=resamples,
        seed=seed,
        reason=None,
    )


def log_rank_scores(times: FloatArray, events: BoolArray) -> FloatArray:
    """Return each patient's log-rank score: events observed minus expected in a single group.

    Tied times all count as at risk no longer than the last of them, as in Hothorn and Lausen (2003) and R's
    maxstat.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Ties already merged.
    events : ndarray of bool, shape (n,)
    """
    order = np.argsort(times, kind="stable")
    gone = np.searchsorted(times[order], times, side="right")
    hazard = np.cumsum((events / (times.size - gone + 1))[order])
    scores: FloatArray = events - hazard[gone - 1]
    return scores


def maximally_selected(
    scores: FloatArray, marker: npt.ArrayLike, min_proportion: float = 0.1, max_proportion: float = 0.9
) -> Selection:
    """Compare the scores below and above each cut-off, standardized by their permutation moments.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
    marker : array_like of float, shape (n,)
    min_proportion, max_proportion : float

    Returns
    -------
    Selection
        Without cut-offs when none is admissible or all scores are equal.

    Raises
    ------
    ValueError
        For a missing marker, lengths that differ, and proportions that are not 0 < min ≤ max < 1.
    """
    values = floats("marker", marker).ravel()
    n = values.size
    if n != scores.size:
        raise ValueError("marker and durations differ in length")
    if not 0 < min_proportion <= max_proportion < 1:
        raise ValueError("min_proportion and max_proportion must be 0 < min ≤ max < 1")
    order = np.argsort(values, kind="stable")
    ordered, ordered_scores = values[order], scores[order]
    below: IntArray = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    below = below[(below >= math.floor(n * min_proportion)) & (below <= math.floor(n * max_proportion))]
    if _all_equal(scores):
        below = below[:0]
    mean, std = _permutation_moments(ordered_scores, below)
    statistics = np.abs(np.cumsum(ordered_scores)[below - 1] - mean) / std
    return Selection(n, ordered[below - 1], below, statistics)


def _all_equal(scores: FloatArray) -> bool:
    return scores.size == 0 or float(np.ptp(scores)) <= 1e-12 * max(1.0, float(np.abs(scores).max()))


def _permutation_moments(scores: FloatArray, below: IntArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the sum of `below` scores drawn without replacement.

    In the order of operations of R's maxstat, so that sums at equal distance from the mean round alike.
    """
    n, total = max(scores.size, 1), scores.sum()
    mean: FloatArray = below / n * total
    squares = n * float((scores**2).sum()) - total**2
    std: FloatArray = np.sqrt(below * (n - below) / (n**2 * max(n - 1, 1)) * squares)
    return mean, std


def lausen_92(statistic: float, min_proportion: float = 0.1, max_proportion: float = 0.9) -> float:
    """Approximate the tail of the maximum of a standardized Brownian bridge; it may pass 1.

    References
    ----------
    Lausen B, Schumacher M. Biometrics 1992;48:73–85. Miller R, Siegmund D. Biometrics 1982;38:1011–1016.
    """
    if statistic < 1:
        return 1.0
    odds = max_proportion * (1 - min_proportion) / ((1 - max_proportion) * min_proportion)
    density = math.exp(-statistic * statistic / 2) / math.sqrt(2 * math.pi)
    return density * (4 / statistic + (statistic - 1 / statistic) * math.log(odds))


def lausen_94(selection: Selection) -> float:
    """Approximate the tail of the maximum by an improved Bonferroni inequality; it may pass 1.

    References
    ----------
    Lausen B, Sauerbrei W, Schumacher M. In: Dirschedl P, Ostermann R (eds). Computational Statistics.
    Physica 1994:483–496.
    """
    statistic = selection.statistic
    apart = np.sqrt(1 - _neighbor_correlations(selection) ** 2)
    squared = statistic * statistic
    joint = math.exp(-squared / 2) / math.pi * (apart - (squared / 4 - 1) * apart**3 / 6)
    return 2 * float(ndtr(-statistic)) + float(joint.sum())


def gaussian(selection: Selection) -> float:
    """Probability that the largest of correlated normal variables passes the statistic.

    The statistics of neighboring cut-offs form a Markov chain, so that the multivariate normal integral is a
    sequence of one-dimensional ones, here by Gauss–Legendre quadrature: exact where simulation has error.

    References
    ----------
    Hothorn T, Lausen B. Comput Stat Data Anal 2003;43:121–137.
    """
    bound = selection.statistic
    correlations = _neighbor_correlations(selection)
    innovations = np.sqrt(1 - correlations**2)
    # Enough nodes that the narrowest transition spans several of them.
    finest = float(innovations.min(initial=1.0))
    nodes, weights = roots_legendre(32 + math.ceil(2 * bound / finest))
    nodes, weights = bound * (nodes + 1) / 2, bound * weights / 2
    density = 2 * _normal_density(nodes)  # of the absolute value, while it has not passed the bound
    passed = 2 * float(ndtr(-bound))
    for correlation, innovation in zip(correlations.tolist(), innovations.tolist(), strict=True):
        mean = correlation * nodes
        passing = ndtr((mean - bound) / innovation) + ndtr((-mean - bound) / innovation)
        passed += float(weights @ (density * passing))
        transition = _normal_density((nodes[:, None] - mean) / innovation)
        transition += _normal_density((nodes[:, None] + mean) / innovation)
        density = transition @ (weights * density) / innovation
    return passed


def _neighbor_correlations(selection: Selection) -> FloatArray:
    here, there, n = selection.below[:-1], selection.below[1:], selection.n
    correlations: FloatArray = np.sqrt(here * (n - there) / ((n - here) * there))
    return correlations


def _normal_density(values: FloatArray) -> FloatArray:
    density: FloatArray = np.exp(-values * values / 2) / math.sqrt(2 * math.pi)
    return density


def hothorn_lausen(
    scores: FloatArray, marker: npt.ArrayLike, min_proportion: float = 0.1, max_proportion: float = 0.9
) -> float | None:
    """Bound the permutation p from above by counting permutations of scores rounded to whole numbers.

    Of the permutations that pass the statistic at one cut-off, those certain to pass it at the next as well
    are counted once. As in R's maxstat, they are also left out where ties allow no cut-off in between.

    Returns
    -------
    float or None
        None in a sample too large to count.

    References
    ----------
    Hothorn T, Lausen B. Comput Stat Data Anal 2003;43:121–137.
    """
    n = scores.size
    if n > _COUNTABLE:
        return None
    whole = _whole_numbers(scores)
    selection = maximally_selected(whole.astype(np.float64), marker, min_proportion, max_proportion)
    statistic = selection.statistic
    below = np.arange(1, n)
    mean, std = _permutation_moments(whole.astype(np.float64), below)
    sums = np.arange(int(whole.sum()) + 1)
    chances = _chances_of_sums(whole)
    standardized = np.abs(sums - mean[:, None]) / std[:, None]
    standardized[chances == 0] = 0.0
    standardized[:, 0] = 0.0  # maxstat's table of sums begins at 1
    if selection.below.size == 1:
        passed = standardized[selection.below[0] - 1] >= statistic * (1 - 1e-12)
        return float(chances[selection.below[0] - 1] @ passed)
    beyond = standardized > statistic
    exceeding = np.where(beyond, chances, 0.0)
    chance = exceeding.sum(axis=1)
    largest = int(whole.max())
    for row in range(int(selection.below[0]) - 1, n - 2):
        from_lower = beyond[row + 1, largest:] & (sums[:-largest] < mean[row])
        from_upper = beyond[row + 1] & (sums > mean[row])
        chance[row + 1] -= exceeding[row, :-largest] @ from_lower + exceeding[row] @ from_upper
    return min(1.0, float(chance[selection.below - 1].sum()))


def _whole_numbers(scores: FloatArray) -> IntArray:
    """Spread the scores over 0 … n; whole and half numbers stay what they are, but for the origin."""
    doubled = 2 * scores
    if np.array_equal(scores, np.rint(scores)):
        whole = scores - scores.min()
    elif np.array_equal(doubled, np.rint(doubled)):
        whole = doubled - doubled.min()
    else:
        positive = scores - scores.min()
        whole = np.rint(positive * scores.size / positive.max())
    numbers: IntArray = whole.astype(np.intp)
    return numbers


def _chances_of_sums(whole: IntArray) -> FloatArray:
    """Return for 1 … n − 1 scores drawn without replacement the distribution of their sum."""
    n, total = whole.size, int(whole.sum())
    counts = np.zeros((n + 1, total + 1))
    counts[0, 0] = 1.0
    for drawn, score in enumerate(whole.tolist(), start=1):
        counts[1 : drawn + 1, score:] += counts[:drawn, : total + 1 - score].copy()
    ways = np.array([float(math.comb(n, size)) for size in range(1, n)])
    chances: FloatArray = counts[1:n] / ways[:, None]
    return chances


def _permutation(selection: Selection, scores: FloatArray, resamples: int, seed: int) -> float:
    random = np.random.default_rng(seed)
    mean, std = _permutation_moments(scores, selection.below)
    reached = selection.statistic * (1 - 1e-12)
    batch = max(1, _BATCH // scores.size)
    exceeding = 0
    for begin in range(0, resamples, batch):
        shuffled = np.tile(scores, (min(batch, resamples - begin), 1))
        random.permuted(shuffled, axis=1, out=shuffled)
        sums = np.cumsum(shuffled, axis=1)[:, selection.below - 1]
        exceeding += int((np.abs((sums - mean) / std).max(axis=1) >= reached).sum())
    return (exceeding + 1) / (resamples + 1)


def _probability(value: float) -> float:
    return min(1.0, max(0.0, value))
