"""ROC curves, with pROC's names for their parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.result import jsonable
from analytics.statistics.roc import roc_curve
from analytics.statistics.roc_comparison import compare_roc

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def roc(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Run `roc(response, marker)` with `ci.auc`, `var` and `coords(x = "best")`."""
    marker, case = _known(data, args, "marker")
    curve = roc_curve(marker, case, higher_means_case=_higher_means_case(args))
    # pROC compares sums in floating point, where one of two equal ones may be the larger.
    largest = max((cut.youden for cut in curve.best), default=None)
    return {
        "n_case": curve.cases,
        "n_control": curve.controls,
        "auc": curve.auc,
        "delong_var": curve.variance,
        "auc_lower": curve.lower,
        "auc_upper": curve.upper,
        "best": [jsonable(cut) for cut in curve.best if cut.youden == largest],
        "thresholds": curve.thresholds,
        "sens": curve.sensitivities,
        "spec": curve.specificities,
    }


def roc_test(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Run `roc.test(roc(response, a), roc(response, b), method = "delong")`, paired."""
    first, second, case = _known(data, args, "a", "b")
    sign = 1 if _higher_means_case(args) else -1
    test = compare_roc(sign * first, sign * second, case)
    return {"z": test.z, "p": test.p}


def _higher_means_case(args: Mapping[str, Any]) -> bool:
    return not str(args.get("direction", "higher")).startswith(("lower", ">"))


def _known(data: pd.DataFrame, args: Mapping[str, Any], *markers: str) -> np.ndarray:
    """Return the markers and the response, one a row, of the patients for whom all are known."""
    columns = [data[args[marker]].to_numpy(float) for marker in markers]
    values = np.array([*columns, _response(data, args["response"]).to_numpy(float)])
    return values[:, ~np.isnan(values).any(axis=0)]


def _response(data: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of 0 and 1; a name that is no column is the value of one, as poor of outcome."""
    if name in data.columns:
        return data[name]
    for column in data.select_dtypes(include=["object", "string"]):
        text = data[column].str.lower()
        if (text == name.lower()).any():
            return (text == name.lower()).astype(float).where(text.notna())
    raise ValueError(f"there is no response {name}")


OPERATIONS: dict[str, Operation] = {"roc": roc, "roc_compare": roc_test}
