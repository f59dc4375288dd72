"""Median follow-up by the reverse Kaplan–Meier estimate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.follow_up import follow_up
from analytics.statistics.kaplan_meier import ConfType

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def reverse_km(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Follow-up, plain and strict about ties."""
    plain, strict = (
        follow_up(
            data[args["time"]],
            data[args["event"]],
            args.get("conf_level", 0.95),
            conf_type=ConfType(args["conf_type"]),
            strict=strict,
        )
        for strict in (False, True)
    )
    return {
        "median": plain.median,
        "lower": plain.lower,
        "upper": plain.upper,
        "q25": plain.q1,
        "q75": plain.q3,
        "strict_median": strict.first_below_half,
        "strict_shift_median": strict.median,
        "naive_median_of_times": plain.naive_median,
    }


OPERATIONS: dict[str, Operation] = {"reverse_km": reverse_km}
