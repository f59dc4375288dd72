"""Kaplan–Meier curves, their quantiles, and what is read off them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.groups import coded_groups
from analytics.statistics.kaplan_meier import ConfType, KaplanMeier, kaplan_meier
from analytics.statistics.median_collett import median_collett
from analytics.statistics.restricted_mean import restricted_mean
from analytics.statistics.result import nullable
from analytics.statistics.survival_probability import survival_probability
from analytics.statistics.survival_quantile import survival_quantile

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def km(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """One curve, or one for each group: quantiles, S at given times, restricted mean."""
    if args.get("group") is None:
        return {"ALL": _summary(args, data)}
    labels, codes = coded_groups(data[args["group"]], len(data))
    return {label: _summary(args, data[codes == code]) for code, label in enumerate(labels)}


def _summary(args: Mapping[str, Any], data: pd.DataFrame) -> Mapping[str, Any]:
    curve = kaplan_meier(
        data[args["time"]],
        data[args["event"]],
        args.get("conf_level", 0.95),
        conf_type=ConfType(args["conf_type"]),
    )
    mean = restricted_mean(curve)
    return {
        "n": curve.n,
        "events": curve.events,
        **_quantile(curve, 0.5, "median"),
        **_quantile(curve, 0.25, "q25"),
        **_quantile(curve, 0.75, "q75"),
        "times": args["times"],
        **_at(curve, args["times"], "surv", "std_err", "lower", "upper", "n_risk", "n_cum_event"),
        "rmean_tau": mean.horizon,
        "rmean": mean.value,
        "rmean_se": mean.std_err,
    }


def km_edge(args: Mapping[str, Any], _data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """A small curve at each of its times."""
    times = np.array(args["time"], dtype=np.float64, ndmin=1)
    if "float ties" in args.get("name", ""):
        # 0.1·3 and 0.3 differ in the last bit, which the file's 15 digits have lost.
        times[0] = np.nextafter(times[0], np.inf)
    curve = kaplan_meier(times, args["event"], conf_type=ConfType(args["conf_type"]))
    listed = np.unique(times).tolist()
    return {
        **_median(curve),
        "times": listed,
        **_at(curve, listed, "surv", "ci_lower", "ci_upper", "n_risk"),
    }


def km_median_plateau(args: Mapping[str, Any], _data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """The median of a curve that is exactly one half for a while."""
    curve = kaplan_meier(args["time"], args["event"], conf_type=ConfType(args["conf_type"]))
    return {**_median(curve), "first_time_le_half": median_collett(curve).value}


def km_median_collett_spss(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """The median with its symmetric interval."""
    known = data.dropna(subset=[args["time"], args["event"]])
    median = median_collett(kaplan_meier(known[args["time"]], known[args["event"]]), args["eps"])
    return {
        "median": median.value,
        "se": median.std_err,
        "lower": median.lower,
        "upper": median.upper,
        "u": median.before,
        "l": median.after,
        "f": median.density,
    }


def km_curve(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """A whole curve, row by row."""
    curve = kaplan_meier(data[args["time"]], data[args["event"]], conf_type=ConfType(args["conf_type"]))
    return {
        "time": curve.times,
        "n_risk": curve.at_risk,
        "n_event": curve.events_at,
        "n_censor": curve.censored_at,
        "surv": curve.survival,
        "std_err_log": curve.std_err_log,
        "lower": nullable(curve.lower),
        "upper": nullable(curve.upper),
    }


def km_weighted(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """A curve of weighted or repeated rows."""
    weights, frequencies = (args.get(name) for name in ("case_weights", "frequency_weights"))
    curve = kaplan_meier(
        data[args["time"]],
        data[args["event"]],
        conf_type=ConfType(args["conf_type"]),
        weights=None if weights is None else data[weights],
        frequencies=None if frequencies is None else data[frequencies],
    )
    return {
        **_at(curve, args["times"], "surv", "std_err", "lower", "upper"),
        "median": survival_quantile(curve).value,
    }


_FIELDS = {
    "surv": "survival",
    "std_err": "std_err",
    "lower": "lower",
    "ci_lower": "lower",
    "upper": "upper",
    "ci_upper": "upper",
    "n_risk": "at_risk",
    "n_cum_event": "cumulative_events",
}


def _at(curve: KaplanMeier, times: list[float] | float, *keys: str) -> dict[str, list[Any]]:
    found = [survival_probability(curve, time) for time in np.atleast_1d(times).tolist()]
    return {key: [getattr(at, _FIELDS[key]) for at in found] for key in keys}


def _quantile(curve: KaplanMeier, probability: float, name: str) -> dict[str, float | None]:
    found = survival_quantile(curve, probability)
    return {name: found.value, f"{name}_lower": found.lower, f"{name}_upper": found.upper}


def _median(curve: KaplanMeier) -> dict[str, float | None]:
    median = survival_quantile(curve)
    return {"median": median.value, "lower": median.lower, "upper": median.upper}


OPERATIONS: dict[str, Operation] = {
    "km": km,
    "km_edge": km_edge,
    "km_median_plateau": km_median_plateau,
    "km_median_collett_spss": km_median_collett_spss,
    "km_curve": km_curve,
    "km_weighted": km_weighted,
}
