"""Contingency tables: χ², exact and paired tests, odds ratios."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.contingency import mcnemar, pearson_chi_square, yates_chi_square
from analytics.statistics.fisher import fisher_exact
from analytics.statistics.odds_ratio import ConditionalTable, conditional_odds_ratio, sample_odds_ratio
from analytics.validation.uniroot import uniroot

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


_ZERO = 1e-300
_EPSILON = 2.0**-52


def contingency(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Test and describe the table of a case."""
    table = args["table"]
    pearson = pearson_chi_square(table)
    result: dict[str, Any] = {
        "fisher_p": fisher_exact(table).p,
        "chisq": pearson.statistic,
        "df": pearson.df,
        "p": pearson.p,
        "expected": pearson.expected,
        "min_expected": pearson.smallest_expected,
    }
    return result | _two_by_two(args) if (len(table), len(table[0])) == (2, 2) else result


def _two_by_two(args: Mapping[str, Any]) -> dict[str, Any]:
    table = args["table"]
    yates, sample = yates_chi_square(table), sample_odds_ratio(table)
    ratio, lower, upper = _fisher_test(table, args.get("conf_level", 0.95))
    return {
        "cond_or": ratio,
        "or_lower": lower,
        "or_upper": upper,
        "sample_or": math.inf if sample.reason and sample.odds_ratio is None else sample.odds_ratio,
        "chisq_yates": yates.statistic,
        "p_yates": yates.p,
        "mcnemar": mcnemar(table).p if _paired(args) else None,
    }


def _paired(args: Mapping[str, Any]) -> bool:
    return bool(args.get("paired") or args.get("mcnemar")) or "paired" in str(args.get("name", "")).lower()


def _fisher_test(table: Any, conf_level: float) -> tuple[float | None, float | None, float | None]:
    """Solve the equations of `conditional_odds_ratio` as far as R's ``fisher.test`` does."""
    exact = conditional_odds_ratio(table, conf_level)
    if exact.lower is None:
        return None, None, None
    given, tail = ConditionalTable(table), (1 - conf_level) / 2
    infinite = exact.upper is None
    return (
        math.inf if infinite else exact.odds_ratio and _root(given.mean, given.observed),
        exact.lower and _root(given.at_least_observed, tail),
        math.inf if infinite else _root(lambda log_ratio: -given.at_most_observed(log_ratio), -tail),
    )


def _root(increasing: Callable[[float], float], value: float) -> float:
    """Search below an odds ratio of 1, or above it for its reciprocal, as R does."""
    at_one = increasing(0.0)
    if at_one == value:
        return 1.0
    if at_one > value:
        return uniroot(lambda ratio: increasing(math.log(ratio or _ZERO)) - value, 0.0, 1.0)
    return 1 / uniroot(lambda ratio: increasing(-math.log(ratio)) - value, _EPSILON, 1.0)


OPERATIONS: dict[str, Operation] = {"contingency": contingency}
