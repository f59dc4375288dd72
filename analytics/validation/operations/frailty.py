"""A Cox model with a shared gamma frailty, as R's `coxph(… + frailty(group))`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.frailty import AS_R, gamma_frailty

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def cox_gamma_frailty(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Fit the model, ending the search for the variance where R ends it."""
    names = [args["covariates"]] if isinstance(args["covariates"], str) else list(args["covariates"])
    ties = Ties(args.get("ties", "efron"))
    checked = cox_data(data[args["time"]], data[args["event"]], data[names], names, ties=ties)
    model = gamma_frailty(checked, data[args["frailty"]], search=AS_R)
    return {
        "coef": [term.log_hazard_ratio for term in model.terms],
        "theta": model.variance,
        "integrated_loglik": model.log_likelihood,
        "plain_loglik": model.log_likelihood_plain,
    }


OPERATIONS: dict[str, Operation] = {"cox_gamma_frailty": cox_gamma_frailty}
