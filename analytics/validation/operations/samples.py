"""Comparing and describing samples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.arrays import FloatArray
from analytics.statistics.k_samples import kruskal_wallis, one_way_anova
from analytics.statistics.moments import moments
from analytics.statistics.quantiles import QuantileType, quantiles
from analytics.statistics.two_samples import mann_whitney, student_t, welch_t

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def two_group(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Compare two groups, and describe them together."""
    values, (first, second) = _samples(args, data)
    described = moments(values)
    return {
        "wilcox_p": mann_whitney(first, second).p,
        "wilcox_p_nocorr": mann_whitney(first, second, continuity_correction=False).p,
        "welch_p": welch_t(first, second).p,
        "student_p": student_t(first, second).p,
        "q7": _quartiles(values, 7),
        "q6_spss": _quartiles(values, 6),
        "mean": described.mean,
        "sd": described.std_dev,
    }


def k_group(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Compare several groups."""
    _values, samples = _samples(args, data)
    ranks, variance = kruskal_wallis(samples), one_way_anova(samples)
    return {
        "kw_stat": ranks.statistic,
        "kw_p": ranks.p,
        "anova_F": variance.statistic,
        "anova_p": variance.p,
    }


def _samples(args: Mapping[str, Any], data: pd.DataFrame) -> tuple[FloatArray, list[FloatArray]]:
    """Return all values, and those of each group; inline, the values themselves stand in `args`."""
    values = np.asarray(args["value"] if data.empty else data[args["value"]], dtype=np.float64)
    groups = np.asarray(args["group"] if data.empty else data[args["group"]])
    return values, [values[groups == group] for group in np.unique(groups)]


def _quartiles(values: FloatArray, kind: QuantileType) -> list[float | None]:
    described = quantiles(values, kind)
    return [described.q1, described.median, described.q3]


OPERATIONS: dict[str, Operation] = {"two_group": two_group, "k_group": k_group}
