"""Cumulative incidence, Gray's test and Fine–Gray regression, with cmprsk's names for their parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.cumulative_incidence import cumulative_incidence, incidence_at
from analytics.statistics.fine_gray import fine_gray
from analytics.statistics.gray_test import gray_test

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation

# What cmprsk prints when the covariance of the scores is singular.
NO_TEST = {"stat": -1.0, "p": 1.0}


def cuminc(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Run `cuminc(time, status, group)` and `timepoints`: curves by cause and, within it, by group.

    Like cmprsk, it leaves out rows with a missing value.
    """
    columns = [args[name] for name in ("time", "status", "group", "strata") if args.get(name)]
    data = data.dropna(subset=columns)
    times, status = data[args["time"]].to_numpy(float), data[args["status"]].to_numpy()
    group = data[args["group"]].to_numpy() if args.get("group") else np.full(times.size, "ALL")
    causes = [cause for cause in np.unique(status) if cause != 0]
    labels = np.unique(group)
    wanted = np.unique(args["times"]).tolist()
    curves = {
        f"{_label(label)} {_label(cause)}": incidence_at(
            cumulative_incidence(times[group == label], status[group == label], int(cause)), wanted
        )
        for cause in causes
        for label in labels
    }
    return {
        "curve": list(curves),
        "est": [[at.incidence for at in curve] for curve in curves.values()],
        "var": [[at.variance for at in curve] for curve in curves.values()],
        "gray": _gray(args, data, times, status, group, causes) if labels.size > 1 else None,
    }


def _gray(
    args: Mapping[str, Any],
    data: pd.DataFrame,
    times: np.ndarray,
    status: np.ndarray,
    group: np.ndarray,
    causes: list[Any],
) -> Mapping[str, Any]:
    strata = data[args["strata"]].to_numpy() if args.get("strata") else None
    tests = [gray_test(times, status, group, int(cause), strata) for cause in causes]
    return {
        "cause": [_label(cause) for cause in causes],
        "stat": [NO_TEST["stat"] if test.chi_square is None else test.chi_square for test in tests],
        "p": [NO_TEST["p"] if test.p is None else test.p for test in tests],
        "df": [test.df for test in tests],
    }


def _label(value: Any) -> str:
    """Write a label as R does, a whole number without decimals."""
    return str(int(value)) if isinstance(value, int | float) and value == int(value) else str(value)


def crr(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Run `crr(time, status, covariates, failcode)`."""
    names = [args["covariates"]] if isinstance(args["covariates"], str) else list(args["covariates"])
    data = data.dropna(subset=[args["time"], args["status"], *names])
    cause = int(args.get("failcode", 1))
    model = fine_gray(data[args["time"]], data[args["status"]], data[names], names, cause)
    return {
        "coef": [term.log_hazard_ratio for term in model.terms],
        "se": [term.std_err for term in model.terms],
        "loglik": model.log_likelihood,
    }


OPERATIONS: dict[str, Operation] = {"cuminc": cuminc, "fine_gray": crr}
