"""C01, C43, C48: dates against today, the start of IsaPd and the paper's window."""

from datetime import date
from typing import Any

import pytest

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Kind
from tests.registry.derivations.build import alive, started, visits
from tests.registry.edit_checks.found import findings, fires, said, where


@pytest.mark.parametrize(
    ("day", "expected"), [("2024-07-01", {"error"}), ("2024-06-30", set()), ("2024-06-29", set())]
)
def test_a_visit_tomorrow(day: str, expected: set[str]) -> None:
    assert fires("C01", started(response=visits((day, "PR")))) == expected


@pytest.mark.parametrize(
    ("onset", "expected"),
    [("2024", set()), ("2024-06", set()), ("2024-07", {"error"}), ("2025", {"error"}), ("9999", {"error"})],
)
def test_a_partial_date_is_in_the_future_on_all_its_days(onset: str, expected: set[str]) -> None:
    assert fires("C01", started(adverse_event={"ae_start": onset})) == expected


def test_every_date_of_the_dictionary_is_held_against_today() -> None:
    dates = {
        (form.name, variable.name)
        for form in CASE_FORMS.values()
        for variable in form
        if variable.kind in (Kind.DATE, Kind.PARTIAL_DATE)
    }
    case: dict[str, dict[str, Any]] = {}
    for form, name in dates:
        case.setdefault(form, {})[name] = "2024-07-01"
    assert {(f.form, f.variable) for f in findings(case) if f.check == "C01"} == dates


def test_one_sentence_about_one_mistake() -> None:
    case = started(follow_up=alive("2024-07-01"))
    assert where("C01", case) == {"follow_up 1 contact_date": "error"}
    assert fires("limit", case) == set()
    assert said("C01", case) == ["contact_date is in the future."]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2021-01-01", set()),
        ("2024-06-30", set()),
        ("2020-12-31", {"warning"}),
        ("2024-07-01", {"warning"}),
    ],
)
def test_accrual_window(start: str, expected: set[str]) -> None:
    assert fires("C43", started(start), today=date(2024, 12, 31)) == expected


def test_without_a_start_there_is_no_window() -> None:
    assert fires("C43", {"follow_up": alive("2022-03-01")}) == set()


@pytest.mark.parametrize(("contact", "expected"), [("2022-03-01", {"error"}), ("2022-03-10", set())])
def test_last_contact_before_treatment(contact: str, expected: set[str]) -> None:
    assert fires("C48", started(follow_up=alive(contact))) == expected


def test_the_contact_before_treatment_is_named() -> None:
    case = started(follow_up=[*alive("2023-03-01"), *alive("2022-03-01"), {"vital_status": "ALIVE"}])
    assert where("C48", case) == {"follow_up 2 contact_date": "error"}
    assert fires("C48", {"follow_up": alive("2022-03-01")}) == set()
