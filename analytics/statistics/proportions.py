"""A proportion with its exact confidence interval."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import beta

from analytics.statistics.result import Result
from registry.terminology.text import gettext_noop as _

METHOD = _("exact binomial confidence interval (Clopper–Pearson)")
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
    if not 0 <= successes <= n:
        raise ValueError("successes must lie between 0 and n")
    if n == 0:
        return Proportion(METHOD, conf_level, 0, 0, None, None, None, NO_PATIENTS)
    tail = (1 - conf_level) / 2
    lower = float(beta.ppf(tail, successes, n - successes + 1)) if successes > 0 else 0.0
    upper = float(beta.ppf(1 - tail, successes + 1, n - successes)) if successes < n else 1.0
    return Proportion(METHOD, conf_level, n, successes, successes / n, lower, upper, None)
