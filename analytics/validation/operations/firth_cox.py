"""Firth-penalized Cox regression, with R's names for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.statistics.cox_data import Ties, cox_data
from analytics.statistics.firth_cox import firth_cox

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation


def penalized(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Maximize the penalized partial likelihood, with the tie handling named in `ties`."""
    import pandas as pd

    rows = pd.DataFrame(args["data"]) if "data" in args else data
    names = [args["covariates"]] if isinstance(args["covariates"], str) else list(args["covariates"])
    model = firth_cox(
        cox_data(
            rows[args.get("time", "time")],
            rows[args.get("event", "event")],
            rows[names],
            names,
            ties=Ties(args.get("ties", "efron")),
        )
    )
    return {
        "terms": [term.name for term in model.terms],
        "coef": [term.log_hazard_ratio for term in model.terms],
        "se": [term.std_err for term in model.terms],
        "profile_lower_hr": [term.lower for term in model.terms],
        "profile_upper_hr": [term.upper for term in model.terms],
        "profile_p": [term.p for term in model.terms],
        "pen_loglik": model.log_likelihood,
        "pen_loglik_null": model.log_likelihood_null,
        "pen_lr_chisq": model.likelihood_ratio and model.likelihood_ratio.chi_square,
    }


def coxphf(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Run `coxphf::coxphf`, which has Breslow ties only."""
    return penalized({"ties": "breslow", **args}, data, folder)


OPERATIONS: dict[str, Operation] = {"firth_cox": penalized, "firth_cox_coxphf": coxphf}
