"""Cox models: everything R's coxph, its summary, drop1, concordance and cox.zph say of one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.concordance import cox_concordance
from analytics.statistics.cox import DROPPED, TENDS_TO, Cox, ModelTest, fit
from analytics.statistics.cox_data import CoxData, Ties, cox_data
from analytics.statistics.likelihood_ratio import drop_one
from analytics.statistics.proportional_hazards import ProportionalHazards, Transform, proportional_hazards
from analytics.statistics.separation_limit import at_the_limit

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation

_COLUMNS = {
    "start": "entry",
    "strata": "strata",
    "cluster": "cluster",
    "weights": "weights",
    "case_weights": "weights",
    "frequency_weights": "frequencies",
    "offset": "offset",
}


def cox(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Fit `coxph` and ask it everything."""
    rows, model = _fitted(args, data)
    concordance = cox_concordance(rows, model)
    dropped = drop_one(rows, model)
    answers = {
        "n": model.n,
        "n_event": model.events,
        "terms": rows.names,
        **_coefficients(model),
        "hr": [term.hazard_ratio for term in model.terms],
        "hr_lower": [term.lower for term in model.terms],
        "hr_upper": [term.upper for term in model.terms],
        "z": [term.z for term in model.terms],
        "p": [term.p for term in model.terms],
        "naive_se": [0.0 if term.reason == DROPPED else term.naive_std_err for term in model.terms],
        "loglik_null": model.log_likelihood_null,
        "vcov": _covariance(model),
        "aic": model.aic,
        **_test("lr", model.likelihood_ratio),
        **_test("wald", model.wald),
        **_test("score", model.score),
        **_test("robust_score", model.robust_score),
        "concordance": concordance.concordance,
        "concordance_se": concordance.std_err,
        "conc_counts": {
            "concordant": concordance.concordant,
            "discordant": concordance.discordant,
            "tied.x": concordance.tied_score,
            "tied.y": concordance.tied_time,
            "tied.xy": concordance.tied_both,
        },
        "drop1_lr_chisq": [test.chi_square for test in dropped],
        "drop1_lr_p": [test.p for test in dropped],
    }
    drift = {
        f"zph_{transform}": _drift(proportional_hazards(rows, model, transform)) for transform in Transform
    }
    return answers | drift


def cox_aliased(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Fit `coxph` with a covariate that is dropped: `constant` names a column that is 1 for everyone."""
    if args.get("constant"):
        data = data.assign(**{args["constant"]: 1.0})
    _rows, model = _fitted(args, data)
    return _coefficients(model) | _test("lr", model.likelihood_ratio)


def cox_weighted(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Fit `coxph` with case weights, or to repeated rows."""
    _rows, model = _fitted(args, data)
    return _coefficients(model)


def cause_specific_cox(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Fit `coxph` to one cause of failure, the others being censored."""
    _rows, model = _fitted(args, data, event_observed=data[args["status"]] == args["cause"])
    return _coefficients(model)


def cox_separation(args: Mapping[str, Any], data: pd.DataFrame, _folder: Path) -> Mapping[str, Any]:
    """Fit `coxph` where no maximum exists.

    R's coefficient of a separated covariate is where its iterations stopped; ours is the infinity that it
    tends to, and the coefficients of the others are those in the limit. What is told to the reader stands
    under `expected`.
    """
    import pandas as pd

    rows, model = _fitted(args, pd.DataFrame(args["data"]) if "data" in args else data)
    limit = at_the_limit(rows)
    infinite = {TENDS_TO[-1]: -math.inf, TENDS_TO[0]: None, TENDS_TO[1]: math.inf}
    named = [f"{term.name}: {term.reason}" for term in model.terms if term.reason]
    return {
        "r_coef": [
            infinite.get(term.reason, at_limit.log_hazard_ratio)
            for term, at_limit in zip(model.terms, limit.terms, strict=True)
        ],
        "expected": ". ".join([*named, model.reason or ""]),
    }


OPERATIONS: dict[str, Operation] = {
    "cox": cox,
    "cox_aliased": cox_aliased,
    "cox_weighted": cox_weighted,
    "cox_separation": cox_separation,
    "cause_specific_cox": cause_specific_cox,
}

# R adds up a log-likelihood of thousands with an error of 1e-14 of its size, seen by adding it up in extended
# precision: that is 1e-10 in twice a difference, which may itself be 1e-3 for a covariate without effect.
PRECISION = {
    "cox": {"drop1_lr_chisq": 1e-6},
    "cox_separation": {"expected": math.inf, "r_coef": math.inf},
}


def _fitted(
    args: Mapping[str, Any], data: pd.DataFrame, event_observed: pd.Series | None = None
) -> tuple[CoxData, Cox]:
    names = [args["covariates"]] if isinstance(args["covariates"], str) else list(args["covariates"])
    rows = cox_data(
        data[args.get("time", "time")],
        data[args.get("event", "event")] if event_observed is None else event_observed,
        data[names],
        names,
        ties=Ties(args.get("ties") or Ties.EFRON),
        **{ours: data[args[theirs]] for theirs, ours in _COLUMNS.items() if args.get(theirs)},
    )
    return rows, fit(rows)


def _coefficients(model: Cox) -> dict[str, Any]:
    """Return coefficients and standard errors; R gives a dropped term no coefficient and the error 0."""
    return {
        "coef": [term.log_hazard_ratio for term in model.terms],
        "se": [0.0 if term.reason == DROPPED else term.std_err for term in model.terms],
        "loglik": model.log_likelihood,
    }


def _covariance(model: Cox) -> Sequence[Sequence[float]]:
    covariance = np.zeros((len(model.terms), len(model.terms)))
    covariance[np.ix_(model.estimated, model.estimated)] = model.covariance or 0.0
    return covariance.tolist()


def _test(name: str, test: ModelTest | None) -> dict[str, Any]:
    return {
        f"{name}_chisq": test and test.chi_square,
        f"{name}_df": test and test.df,
        f"{name}_p": test and test.p,
    }


def _drift(tests: ProportionalHazards) -> dict[str, Any]:
    shown = [*(term for term in tests.terms if term.reason is None), tests.overall]
    return {
        "rows": [*(test.name for test in shown[:-1]), "GLOBAL"],
        "chisq": [test.chi_square for test in shown],
        "df": [test.df for test in shown],
        "p": [test.p for test in shown],
    }
