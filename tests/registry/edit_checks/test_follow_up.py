"""C44, C58: how long ago, and by what, the patient was last known alive."""

from datetime import date
from typing import Any

import pytest

from registry.edit_checks.rules import Rules
from tests.registry.derivations.build import NK, Raw, alive, dead, started, visits
from tests.registry.edit_checks.found import fires, where

HERE = "follow_up 1 contact_date"


def lost(when: str) -> list[Raw]:
    return [{"contact_date": when, "vital_status": "LTFU"}]


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        (alive("2023-09-30"), {HERE: "query"}),  # nine months
        (alive("2024-03-30"), {}),  # three
        (alive("2023-12-30"), {}),  # 183 days
        (alive("2023-12-29"), {HERE: "query"}),
        ([*alive("2023-06-01"), *alive("2023-09-30")], {"follow_up 2 contact_date": "query"}),
        (dead("2023-09-30"), {}),
        ([*alive("2022-09-30"), *dead(None)], {}),
        (lost("2023-09-30"), {}),
        ([*lost("2023-09-30"), *alive("2022-09-30")], {}),
        ([*lost("2022-09-30"), *alive("2023-09-30")], {"follow_up 2 contact_date": "query"}),
        ([{"vital_status": "ALIVE"}], {}),
        ([], {}),
    ],
)
def test_stale(contacts: list[Raw], expected: dict[str, str]) -> None:
    assert where("C44", started(follow_up=contacts)) == expected


def test_any_evidence_of_life_is_fresh() -> None:
    case = started(follow_up=alive("2023-09-30"), response=visits(("2024-06-01", "PR")))
    assert fires("C44", case) == set()
    case = started(
        follow_up=alive("2023-09-30"),
        enrolment={"consent_status": "WITHDRAWN", "consent_withdrawal_date": "2023-10-01"},
    )
    assert fires("C44", case) == set()


def test_without_a_contact_it_is_said_where_treatment_began() -> None:
    case = started(response=visits(("2022-06-01", "PR")))
    assert where("C44", case) == {"isapd_treatment 1 isapd_start_date": "query"}


def test_the_days_are_a_setting() -> None:
    case = started(follow_up=alive("2024-03-30"))
    assert fires("C44", case, rules=Rules(follow_up_stale_days=30)) == {"query"}
    assert fires("C44", case, rules=Rules(follow_up_stale_days=30, off=("C44",))) == set()
    assert fires("C44", case, today=date(2025, 1, 1)) == {"query"}


@pytest.mark.parametrize(
    ("contacts", "last_visit", "rows"),
    [
        (lost("2024-01-01"), "2022-06-01", [1]),
        (lost("2022-07-01"), "2022-06-01", []),
        (lost("2023-06-01"), "2022-06-01", []),
        (lost("2023-06-02"), "2022-06-01", [1]),
        # Calls that found nobody do not prove each other.
        ([*lost("2024-01-01"), *lost("2024-03-01")], "2022-06-01", [1, 2]),
        ([*lost("2024-01-01"), *alive("2023-12-01")], "2022-06-01", []),
        (alive("2024-01-01"), "2022-06-01", []),
        # The first dose, on 2022-03-10, is evidence too.
        (lost("2023-03-10"), None, []),
        (lost("2023-03-11"), None, [1]),
        ([{"vital_status": "LTFU"}], None, []),
    ],
)
def test_lost(contacts: list[Raw], last_visit: Any, rows: list[int]) -> None:
    case = started(follow_up=contacts, response=visits((last_visit, "PR")) if last_visit else [])
    assert where("C58", case) == {f"follow_up {row} contact_date": "warning" for row in rows}


def test_lost_with_nothing_to_compare() -> None:
    assert fires("C58", {"follow_up": lost("2024-01-01")}) == set()
    assert fires("C58", {"follow_up": lost("2024-01-01"), "adverse_event": {"ae_start": NK}}) == set()
