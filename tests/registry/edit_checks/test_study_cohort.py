"""What the engine finds in the 270 synthetic patients: nothing that would block one of them."""

from collections import Counter
from datetime import date

import pytest

from registry.edit_checks import case as case_checks
from registry.edit_checks.check import Context
from registry.edit_checks.finding import Finding, Severity
from registry.edit_checks.rules import DEFAULT
from tests.registry.study_cohort.cases import derived, facts, members

LAST_CONTACTS = date(2024, 12, 31)


@pytest.fixture(scope="module")
def found() -> dict[str, list[Finding]]:
    return {
        reference: case_checks.findings(Context(case, derived()[reference], LAST_CONTACTS, DEFAULT))
        for reference, case in facts().items()
    }


def _errors(findings: list[Finding]) -> list[tuple[str, str]]:
    """Errors; the patient code is the registry's to give."""
    return [
        (each.check, each.variable)
        for each in findings
        if each.severity is Severity.ERROR and each.variable != "patient_code"
    ]


def test_no_error_at_any_of_the_51_study_patients(found: dict[str, list[Finding]]) -> None:
    study = members("cohort_dara_r")
    assert len(study) == 51
    assert [(reference, each) for reference in study for each in _errors(found[reference])] == []


def test_the_only_error_of_all_270_is_the_patient_under_age(found: dict[str, list[Finding]]) -> None:
    errors = {reference: _errors(findings) for reference, findings in found.items()}
    assert {reference: each for reference, each in errors.items() if each} == {
        "SYN134": [("C05", "birth_date")]
    }


def test_the_doubts_are_those_the_cohort_was_made_with(found: dict[str, list[Finding]]) -> None:
    doubts = Counter(
        each.check for findings in found.values() for each in findings if each.severity is Severity.WARNING
    )
    assert doubts["C32"] == sum(each["pd_after_nat"].value == "YES" for each in derived().values()) > 0
    accrual = [
        each["index_start_date"].value for each in derived().values() if each["index_start_date"].is_ok
    ]
    assert doubts["C43"] == sum(not date(2021, 1, 1) <= day <= date(2024, 6, 30) for day in accrual) > 0
    # One prior line, or no proteasome inhibitor: off label, as elsewhere.
    assert 0 < doubts["C21"] < len(found) / 2
    assert set(doubts) <= {"C21", "C32", "C43", "limit"}
