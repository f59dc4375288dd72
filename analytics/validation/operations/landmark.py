"""Landmark analysis of an exposure that a case describes in words, with the naive estimate beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.arrays import FloatArray
from analytics.statistics.cox import cox
from analytics.statistics.landmark import landmark_analysis

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def landmark(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Compare patients exposed by the landmark with the others, by log-rank test and adjusted Cox model."""
    given = args.get("covariates", ["age"])
    names = [given] if isinstance(given, str) else list(given)
    times, events, covariates = data[args["time"]], data[args["event"]], data[names].to_numpy(dtype=float)
    exposure_times = _exposure_times(args["exposure"], data)
    found = landmark_analysis(times, events, exposure_times, float(args["landmark"]))
    terms = ["exposed", *names]
    adjusted = cox(
        found.durations,
        found.event_observed,
        np.column_stack((found.exposed, covariates[found.at_risk])),
        terms,
    ).terms
    naive = cox(times, events, np.column_stack((np.isfinite(exposure_times), covariates)), terms).terms
    return {
        "n": found.n,
        "excluded": found.excluded,
        "n_exposed": found.exposed_n,
        "logrank_chisq": found.log_rank.chi_square,
        "logrank_p": found.log_rank.p,
        "cox_coef": [term.log_hazard_ratio for term in adjusted],
        "cox_se": [term.std_err for term in adjusted],
        "naive_immortal_coef": [term.log_hazard_ratio for term in naive],
    }


def _exposure_times(description: str, data: pd.DataFrame) -> FloatArray:
    """Read "transplant==1 & wait.time <= L": exposed if the first holds, when the second column says."""
    times = np.zeros(len(data))
    for condition in description.split("&"):
        column, operator, value = re.split(r"\s*(==|<=)\s*", condition.strip())
        observed = data[column].to_numpy(dtype=float)
        if operator == "<=" and value == "L":
            times = np.where(np.isnan(observed), np.inf, np.maximum(times, observed))
        else:
            holds = observed == float(value) if operator == "==" else observed <= float(value)
            times = np.where(holds, times, np.inf)
    return times


OPERATIONS: dict[str, Operation] = {"landmark": landmark}
