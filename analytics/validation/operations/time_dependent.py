"""Time-dependent AUC and Brier score of a Cox model, with riskRegression's names for their parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.baseline_hazard import predicted_survival
from analytics.statistics.brier_score import brier_score
from analytics.statistics.cox import fit
from analytics.statistics.cox_data import cox_data
from analytics.statistics.time_dependent_auc import time_dependent_auc

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def score(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Run `Score(list(coxph(…)), times, cens.model = "km")` on the model's own data.

    Times beyond the last observation are left out, as riskRegression does.
    """
    names = [args["covariates"]] if isinstance(args["covariates"], str) else list(args["covariates"])
    durations, events = data[args["time"]], data[args["event"]]
    prepared = cox_data(durations, events, data[names], names)
    times = np.unique(args["times"])
    times = times[times <= durations.max()]
    predicted = predicted_survival(prepared, fit(prepared), data[names], times=times)
    if predicted.reason is not None:
        raise ValueError(predicted.reason)
    risks = 1.0 - predicted.strata[0].survival.T
    areas = [time_dependent_auc(durations, events, *at) for at in zip(risks, times, strict=True)]
    scores = [brier_score(durations, events, *at) for at in zip(risks, times, strict=True)]
    return {
        "auc": [area.auc for area in areas],
        "auc_se": [area.std_err for area in areas],
        "brier_null": [found.null_score for found in scores],
        "brier": [found.score for found in scores],
    }


OPERATIONS: dict[str, Operation] = {"td_auc_brier": score}
