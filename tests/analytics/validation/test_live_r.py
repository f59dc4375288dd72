"""Whatever the data are, R finds the same: random ones, new in every run; a failure names its seed."""

from __future__ import annotations

import secrets
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.validation.case import Case
from analytics.validation.run import run_case
from tests.analytics.validation.oracle.r import r_results

pytestmark = pytest.mark.r

COLUMNS = {"time": "time", "event": "event"}
COX = {
    **COLUMNS,
    "start": None,
    "strata": None,
    "cluster": None,
    "ties": "efron",
    "covariates": ["x", "z", "b"],
}
KM = {**COLUMNS, "group": "g", "conf_level": 0.95, "times": [1, 4, 9, 100]}
WEIGHTED = {**COLUMNS, "covariates": ["x", "z"], "ties": "efron"}
QUESTIONS = [
    *(("km", {**KM, "conf_type": conf_type}) for conf_type in ("log-log", "log", "plain")),
    ("km_curve", {**COLUMNS, "conf_type": "log-log"}),
    ("km_weighted", {**COLUMNS, "case_weights": "w", "conf_type": "log-log", "times": [2, 5]}),
    ("km_weighted", {**COLUMNS, "frequency_weights": "f", "conf_type": "log-log", "times": [2, 5]}),
    ("logrank", {**COLUMNS, "group": "g", "strata": None, "rho": 0}),
    ("logrank", {**COLUMNS, "group": "g", "strata": "s", "rho": 1}),
    ("logrank_pairwise", {**COLUMNS, "group": "g", "adjust": "holm"}),
    ("cox", COX),
    ("cox", {**COX, "ties": "breslow", "covariates": "x"}),
    ("cox", {**COX, "strata": "s"}),
    ("cox", {**COX, "cluster": "c"}),
    ("cox", {**COX, "start": "start"}),
    ("cox", {**COX, "start": "start", "strata": "s", "ties": "breslow"}),
    ("cox_weighted", {**WEIGHTED, "case_weights": "w"}),
    ("cox_weighted", {**WEIGHTED, "frequency_weights": "f"}),
    ("cox_aliased", {**COLUMNS, "covariates": ["one", "x", "z"], "constant": "one"}),
    ("concordance", {**COLUMNS, "score": "b", "higher_score_means": "earlier event"}),
    ("cox_interaction_lr", {"main": ["x", "z"], "interaction": ["x", "z"]}),
    ("two_group", {"value": "x", "group": "b"}),
    ("k_group", {"value": "z", "group": "g"}),
]


def patients(seed):
    """Months or days, many ties or few, groups that may be small, covariates of very different size."""
    generator = np.random.default_rng(seed)
    n = int(generator.integers(40, 160))
    b = generator.integers(0, 2, n)
    x = generator.normal(60, 10, n).round(1)
    rounding = generator.choice([0, 1, 6])
    time = (generator.exponential(8 * np.exp(-0.5 * b - 0.02 * (x - 60))) + 0.5).round(rounding) + 1
    return pd.DataFrame(
        {
            "time": time,
            "event": generator.random(n) < generator.uniform(0.4, 0.9),
            "start": np.where(generator.random(n) < 0.3, (time * generator.uniform(0, 0.9, n)).round(1), 0.0),
            "x": x,
            "z": generator.integers(1, 5, n) * 1000,
            "b": b,
            "g": generator.choice(["A", "B", "C"], n),
            "s": generator.integers(0, 3, n),
            "c": generator.integers(0, n // 3, n),
            "w": generator.uniform(0.2, 3, n).round(3),
            "f": generator.integers(1, 4, n),
        }
    ).astype({"event": int})


@pytest.mark.parametrize("_number", range(6))
def test_r_finds_the_same(_number, tmp_path):
    seed = secrets.randbelow(10**9)
    patients(seed).to_csv(tmp_path / "patients.csv", index=False)
    cases = [
        Case(operation, operation, "patients", (), (), args, {}, 1e-7, "R", "")
        for operation, args in QUESTIONS
    ]
    for case, expected in zip(cases, r_results(cases, tmp_path), strict=True):
        assert "error" not in expected, (seed, case.args, expected)
        outcome = run_case(replace(case, expected=expected), tmp_path)
        assert outcome.passed, (seed, case.args, outcome.differences)
