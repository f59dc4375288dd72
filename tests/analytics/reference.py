"""Reading the cases that R computed, kept outside the project in ../shared/reference."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="needs ../shared/reference, results computed with R"
)


@cache
def _cases() -> tuple[dict[str, Any], ...]:
    if not REFERENCE.is_dir():
        return ()
    return tuple(json.loads((REFERENCE / "cases.json").read_text())["cases"])


def cases(op: str, **wanted: Any) -> list[Any]:
    """The cases of one operation whose arguments have the wanted values, as pytest parameters."""
    found = [
        case
        for case in _cases()
        if case["op"] == op and all(case["args"].get(name, value) == value for name, value in wanted.items())
    ]
    return [pytest.param(case, id=f"{case['id']}-{index}") for index, case in enumerate(found)]


@cache
def _dataset(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


def rows(case: dict[str, Any]) -> pd.DataFrame:
    """The rows a case is computed on."""
    return _dataset(case["dataset"]).dropna(subset=case["drop_na"])


def labels(column: pd.Series) -> pd.Series:
    """Group labels as R writes them: whole numbers without a decimal point."""
    return column.map(lambda value: f"{value:g}" if isinstance(value, float) else str(value))


def approx(expected: Any, case: dict[str, Any]) -> Any:
    """Compare within the precision of the oracle."""
    return pytest.approx(expected, rel=case["rtol"], abs=1e-12)
