"""Proportions with their confidence intervals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.proportions import clopper_pearson, wilson

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def proportion_ci(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Return the three intervals of R's ``binom.test`` and ``prop.test``."""
    successes, n, conf_level = args["x"], args["n"], args.get("conf_level", 0.95)
    intervals = {
        "clopper_pearson": clopper_pearson(successes, n, conf_level),
        "wilson": wilson(successes, n, conf_level),
        "wilson_cc": wilson(successes, n, conf_level, continuity_correction=True),
    }
    return {name: [interval.lower, interval.upper] for name, interval in intervals.items()}


OPERATIONS: dict[str, Operation] = {"proportion_ci": proportion_ci}
