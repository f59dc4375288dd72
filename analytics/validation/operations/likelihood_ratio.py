"""Likelihood-ratio test of an interaction in a Cox model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.cox_data import cox_data
from analytics.statistics.likelihood_ratio import interaction

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def _cox_interaction(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    main = args["main"]
    columns = {"start": "entry", "strata": "strata", "weights": "weights"}
    model = cox_data(
        data[args.get("time", "time")],
        data[args.get("event", "event")],
        data[main],
        main,
        ties=args.get("ties", "efron"),
        **{ours: data[args[theirs]] for theirs, ours in columns.items() if args.get(theirs)},
    )
    test = interaction(model, *([name] for name in args["interaction"]))
    return {"lr_chisq": test.chi_square, "df": test.df, "p": test.p}


OPERATIONS: dict[str, Operation] = {"cox_interaction_lr": _cox_interaction}
