"""Log-rank tests of two or more groups, and of each pair."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.log_rank import LogRank, log_rank
from analytics.statistics.pairwise_log_rank import pairwise_log_rank
from analytics.validation.operations.multiplicity import adjustment

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def logrank(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """The test over all groups, within strata and weighted where asked."""
    strata = args.get("strata")
    test = log_rank(
        data[args["time"]],
        data[args["event"]],
        data[args["group"]],
        rho=args.get("rho", 0),
        strata=None if strata is None else data[strata],
    )
    return {
        "groups": [group.label for group in test.groups],
        "n": [group.n for group in test.groups],
        **_test(test),
    }


def logrank_edge(args: Mapping[str, Any], _data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """The test on a few patients."""
    return _test(log_rank(args["time"], args["event"], args["group"]))


def _test(test: LogRank) -> dict[str, Any]:
    return {
        "observed": [group.observed for group in test.groups],
        "expected": [group.expected for group in test.groups],
        "chisq": test.chi_square,
        "df": test.df,
        "p": test.p,
    }


def logrank_pairwise(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Adjusted p of each pair, below the diagonal."""
    found = pairwise_log_rank(
        data[args["time"]],
        data[args["event"]],
        data[args["group"]],
        adjustment(args["adjust"]),
        rho=args.get("rho", 0),
    )
    p = {(pair.second, pair.first): pair.adjusted_p for pair in found.pairs}
    rows, columns = found.labels[1:], found.labels[:-1]
    return {
        "row": rows,
        "col": columns,
        "p": [[p.get((row, column)) for column in columns] for row in rows],
    }


OPERATIONS: dict[str, Operation] = {
    "logrank": logrank,
    "logrank_edge": logrank_edge,
    "logrank_pairwise": logrank_pairwise,
}
