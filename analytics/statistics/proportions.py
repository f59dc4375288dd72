"""A proportion with its confidence interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtri

from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("exact binomial confidence interval (Clopper–Pearson)")
WILSON = _("score confidence interval (Wilson)")
WILSON_CORRECTED = _("score confidence interval with continuity correction (Wilson)")
NO_PATIENTS = _("no patients")


@dataclass(frozen=True)
class Proportion(Result):
    """`events` successes among `n`; the estimate is None without patients, and `reason` says so."""

    method: str
    conf_level: float
    n: int
    events: int
    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None


def clopper_pearson(successes: int, n: int, conf_level: float = 0.95) -> Proportion:
    """Estimate a proportion with the interval that inverts two one-sided binomial tests.

    Parameters
    ----------
    successes : int
    n : int
    conf_level : float

    Raises
    ------
    ValueError
        Unless 0 ≤ successes ≤ n.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404–413.
    """
    _check(successes, n)
    if n == 0:
        return _without_patients(METHOD, conf_level)
    tail = (1 - conf_level) / 2
    lower = float(betaincinv(successes, n - successes + 1, tail)) if successes > 0 else 0.0
    upper = float(betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
    return Proportion(METHOD, conf_level, n, successes, successes / n, lower, upper, None)


def wilson(
    successes: int, n: int, conf_level: float = 0.95, *, continuity_correction: bool = False
) -> Proportion:
    """Estimate a proportion with the interval that inverts the score test.

    Parameters
    ----------
    successes : int
    n : int
    conf_level : float
    continuity_correction : bool
        Widen the interval by half a patient on either side. As in R's ``prop.test`` the correction does not
        reach past one half of `n`: with exactly half successes there is none.

    Raises
    ------
    ValueError
        Unless 0 ≤ successes ≤ n.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209–212. Newcombe RG. Stat Med 1998;17:857–872.
    """
    _check(successes, n)
    method = WILSON_CORRECTED if continuity_correction else WILSON
    if n == 0:
        return _without_patients(method, conf_level)
    z = float(ndtri((1 + conf_level) / 2))
    correction = min(0.5, abs(successes - n / 2)) if continuity_correction else 0.0

    def limit(patients: float, side: int) -> float:
        center = patients / n + z**2 / (2 * n)
        spread = z * np.sqrt(patients / n * (1 - patients / n) / n + z**2 / (4 * n**2))
        return float((center + side * spread) / (1 + z**2 / n))

    lower = limit(successes - correction, -1) if successes > correction else 0.0
    upper = limit(successes + correction, 1) if successes + correction < n else 1.0
    return Proportion(method, conf_level, n, successes, successes / n, lower, upper, None)


def _check(successes: int, n: int) -> None:
    if not 0 <= successes <= n:
        raise ValueError("successes must lie between 0 and n")


def _without_patients(method: str, conf_level: float) -> Proportion:
    return Proportion(method, conf_level, 0, 0, None, None, None, NO_PATIENTS)
