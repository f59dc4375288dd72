"""Harrell's concordance of a score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.concordance import concordance

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def _concordance(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    earlier = args.get("higher_score_means", "earlier event") == "earlier event"
    score = data[args["score"]].to_numpy(float)
    columns = {"start": "entry", "strata": "strata", "weights": "weights", "cluster": "cluster"}
    found = concordance(
        data[args["time"]],
        data[args["event"]],
        score if earlier else -score,
        **{ours: data[args[theirs]] for theirs, ours in columns.items() if args.get(theirs)},
    )
    return {
        "concordance": found.concordance,
        "se": found.std_err,
        "concordant": found.concordant,
        "discordant": found.discordant,
        "tied.x": found.tied_score,
        "tied.y": found.tied_time,
        "tied.xy": found.tied_both,
    }


OPERATIONS: dict[str, Operation] = {"concordance": _concordance}
