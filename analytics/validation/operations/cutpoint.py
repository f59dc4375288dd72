"""Maximally selected log-rank statistics, as R's maxstat and survminer name their parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.arrays import survival_arrays
from analytics.statistics.cutpoint import (
    gaussian,
    hothorn_lausen,
    lausen_92,
    lausen_94,
    log_rank_scores,
    maximally_selected,
)
from analytics.statistics.log_rank import log_rank

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation

# R simulates the multivariate normal integral to an absolute error of 0.001: from seed to seed a p of 0.0044
# falls between 0.0043 and 0.0048.
PRECISION = {"maxstat": {"p_exactGauss": 5e-2}}


def maxstat(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Run `maxstat.test(Surv(time, event) ~ marker, smethod="LogRank")` with each of its p-values."""
    times, events = survival_arrays(data[args["time"]], data[args["event"]])
    marker = data[args["marker"]].to_numpy(dtype=float)
    shares = float(args.get("minprop", 0.1)), float(args.get("maxprop", 0.9))
    scores = log_rank_scores(times, events)
    found = maximally_selected(scores, marker, *shares)
    survminer = maximally_selected(scores, marker, shares[0], 1 - shares[0])
    chosen = found.cuts[found.best]
    bound = hothorn_lausen(scores, marker, *shares)
    return {
        "cutpoint": chosen,
        "statistic": found.statistic,
        "p_Lau92": lausen_92(found.statistic, *shares),
        "p_Lau94": lausen_94(found),
        "p_HL": None if bound is None else min(bound, 1.0),
        "p_exactGauss": gaussian(found),
        "cuts": found.cuts,
        "stats": found.statistics,
        "scores": scores,
        "survminer_cutpoint": survminer.cuts[survminer.best],
        "survminer_statistic": survminer.statistic,
        "naive_logrank_p": log_rank(times, events, marker > chosen).p,
    }


OPERATIONS: dict[str, Operation] = {"maxstat": maxstat}
