"""Firth-penalized logistic regression."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.firth_logistic import firth_logistic as fit

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def firth_logistic(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Return the coefficients, intercept first, with their standard errors."""
    import pandas as pd

    rows = pd.DataFrame(args["data"]) if data.empty else data
    names = [args["covariates"]] if isinstance(args["covariates"], str) else args["covariates"]
    model = fit(rows[args["response"]], rows[names], names)
    return {
        "coef": [term.log_odds_ratio for term in model.terms],
        "se": [term.std_err for term in model.terms],
    }


OPERATIONS: dict[str, Operation] = {"firth_logistic": firth_logistic}
