"""The statistics agree with R: on the cases outside the project, where there are any, and on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.validation.case import read_cases
from analytics.validation.catalog import OPERATIONS
from analytics.validation.run import SUITE, run_case

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"


def cases():
    known = REFERENCE / "cases.json"
    files = [(file, SUITE) for file in sorted(SUITE.glob("*.json"))]
    if known.is_file():
        files.insert(0, (known, REFERENCE / "data"))
    return [pytest.param(case, data, id=case.id) for file, data in files for case in read_cases(file)]


@pytest.mark.parametrize(("case", "data"), cases())
def test_agrees(case, data):
    outcome = run_case(case, data)
    assert outcome.passed, "\n".join(outcome.differences)


def test_the_suite_has_a_case_of_every_operation():
    covered = {case.operation for file in SUITE.glob("*.json") for case in read_cases(file)}
    assert covered == set(OPERATIONS)
