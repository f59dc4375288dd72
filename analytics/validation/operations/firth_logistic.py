"""Firth-penalized logistic regression."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.firth_logistic import firth_logistic as fit
from analytics.validation.design import columns, covariates, frame

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def firth_logistic(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Return the coefficients, intercept first, with their standard errors."""
    rows = frame(args, data)
    design = {term: values for name in covariates(args) for term, values in columns(name, rows[name]).items()}
    model = fit(rows[args["response"]], np.column_stack(list(design.values())), list(design))
    return {
        "coef": [term.log_odds_ratio for term in model.terms],
        "se": [term.std_err for term in model.terms],
    }


OPERATIONS: dict[str, Operation] = {"firth_logistic": firth_logistic}
