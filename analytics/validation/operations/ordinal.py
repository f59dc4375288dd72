"""Ordinal logistic regression."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.statistics.arrays import FloatArray
from analytics.statistics.cumulative_logit import CumulativeLogit
from analytics.statistics.ordinal import OrdinalData, OrdinalLogit, fit, ordinal_data
from analytics.statistics.ordinal_tests import OrdinalTest, leave_out, proportional_odds
from analytics.validation.design import columns, covariates, frame

if TYPE_CHECKING:
    import pandas as pd

    from analytics.validation.operation import Operation

# MASS::polr takes its Hessian from differences of the gradient over this step (R's optimHess).
_POLR_STEP = 1e-3


def ordinal_logit(args: Mapping[str, Any], data: pd.DataFrame, folder: Path) -> Mapping[str, Any]:
    """Fit the model of a case, with the tests of its terms."""
    levels = [_label(level) for level in args["levels"]]
    rows = frame(args, data)
    rows = rows[[_label(value) in levels for value in rows[args["response"]]]]  # as R's factor()
    by_covariate = {name: columns(name, rows[name]) for name in covariates(args)}
    terms = {name: list(members) for name, members in by_covariate.items()}
    design = {term: values for members in by_covariate.values() for term, values in members.items()}
    frequencies = rows[args["weights"]] if args.get("weights") else None
    checked = ordinal_data(
        [_label(value) for value in rows[args["response"]]],
        levels,
        np.column_stack(list(design.values())),
        list(design),
        frequencies,
    )
    model = fit(checked, args.get("conf_level", 0.95))
    test = model.likelihood_ratio
    return {
        "terms": [term.name for term in model.terms],
        "coef": [term.log_odds_ratio for term in model.terms],
        "se": [term.std_err for term in model.terms],
        "or": [term.odds_ratio for term in model.terms],
        "or_lower": [term.lower for term in model.terms],
        "or_upper": [term.upper for term in model.terms],
        "z": [term.z for term in model.terms],
        "p": [term.p for term in model.terms],
        "thresholds": [threshold.estimate for threshold in model.thresholds],
        "thresholds_se": [threshold.std_err for threshold in model.thresholds],
        "loglik": model.log_likelihood,
        "lr_chisq": test and test.chi_square,
        "lr_df": test and test.df,
        "polr_coef": [term.log_odds_ratio for term in model.terms],
        "polr_se": _polr_std_err(checked, model),
        "polr_zeta": [threshold.estimate for threshold in model.thresholds],
        "drop1": _table(terms, (leave_out(checked, model, members) for members in terms.values())),
        "prop_odds_test": _table(
            terms, (proportional_odds(checked, model, members) for members in terms.values())
        ),
    }


def _label(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _table(names: Iterable[str], tests: Iterable[OrdinalTest]) -> Mapping[str, Any]:
    found = list(tests)
    return {
        "term": list(names),
        "df": [test.df for test in found],
        "chisq": [test.chi_square for test in found],
        "p": [test.p for test in found],
    }


def _polr_std_err(data: OrdinalData, model: OrdinalLogit) -> list[float | None]:
    """Standard errors of the coefficients as MASS::polr gets them, by finite differences.

    Its parameters are the coefficients, the first threshold and the logarithms of the steps to the others.
    """
    if model.reason:
        return [None for _term in model.terms]
    kept, cut = list(model.estimated), len(model.thresholds)
    likelihood = CumulativeLogit(data.level, data.covariates[:, kept], data.frequencies)
    thresholds = np.array([threshold.estimate for threshold in model.thresholds])
    coefficients = np.array([model.terms[column].log_odds_ratio for column in kept], dtype=np.float64)
    found: FloatArray = np.concatenate((thresholds[:1], np.log(np.diff(thresholds)), coefficients))

    def gradient(point: FloatArray) -> FloatArray:
        steps = np.concatenate((point[:1], np.exp(point[1:cut])))
        slopes = np.eye(point.size)
        slopes[:cut, :cut] = np.tril(np.ones((cut, cut))) * np.concatenate(([1.0], steps[1:]))
        here = np.concatenate((np.cumsum(steps), point[cut:]))
        return slopes.T @ likelihood(here).gradient

    hessian = np.array(
        [
            (gradient(found - step) - gradient(found + step)) / (2 * _POLR_STEP)
            for step in np.eye(found.size) * _POLR_STEP
        ]
    )
    variances = np.diagonal(np.linalg.pinv((hessian + hessian.T) / 2))[cut:]
    std_err = dict(zip(kept, np.sqrt(variances).tolist(), strict=True))
    return [std_err.get(column) for column in range(len(model.terms))]


OPERATIONS: dict[str, Operation] = {"ordinal_logit": ordinal_logit}

PRECISION: dict[str, dict[str, float]] = {
    "ordinal_logit": {
        "polr_coef": 1e-4,
        "polr_se": 1e-4,
        "polr_zeta": 1e-4,
        # Called inside a function nominal_test finds no data and answers NA, as the reference has it. The
        # project's tests hold the values against R called outside of one.
        "prop_odds_test": math.inf,
    }
}
