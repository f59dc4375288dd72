"""C04, C31, C32: progression against the start of IsaPd, its stop, and the therapy after it."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, progressed, started, therapy
from tests.registry.edit_checks.found import findings, fires, where


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2022-03-01", {"error"}),
        ("2022-03-09", {"error"}),
        ("2022-03-10", {"warning"}),
        ("2022-03-11", set()),
        ("2022-04-20", set()),
        (None, set()),
    ],
)
def test_progression_after_the_start(when: Any, expected: set[str]) -> None:
    assert fires("C04", started(progression=progressed(when))) == expected


def test_progression_before_the_start_is_said_once() -> None:
    there = [
        f.check for f in findings(started(progression=progressed("2022-03-01"))) if f.variable == "pd_date"
    ]
    assert there == ["C04"]
    assert fires("C04", {"progression": progressed("2022-03-01")}) == set()


@pytest.mark.parametrize(
    ("stop", "subsequent", "occurred", "places"),
    [
        ("PD", "TOX", "N", ["isapd_treatment 1 isapd_stop_reason"]),
        ("TOX", "PD", "N", ["subsequent_therapy 1 subs_reason"]),
        ("PD", "PD", NK, ["isapd_treatment 1 isapd_stop_reason", "subsequent_therapy 1 subs_reason"]),
        ("PD", "PD", "Y", []),
        ("TOX", "TOX", "N", []),
        # The progression form comes after these: not yet answered is no contradiction.
        ("PD", "PD", None, []),
    ],
)
def test_reason(stop: str, subsequent: str, occurred: Any, places: list[str]) -> None:
    case = started(
        isapd_treatment={"isapd_start_date": "2022-03-10", "isapd_stop_reason": stop},
        subsequent_therapy=[{"subs_reason": subsequent}],
        progression={"pd_occurred": occurred},
    )
    assert where("C31", case) == dict.fromkeys(places, "error")


@pytest.mark.parametrize(
    ("when", "therapies", "expected"),
    [
        ("2023-05-15", therapy("2022-12-01"), {"warning"}),
        ("2022-11-30", therapy("2022-12-01"), set()),
        ("2022-12-01", therapy("2022-12-01"), set()),
        ("2023-05-15", therapy("2022-12-01", "RT"), set()),
        ("2023-05-15", [*therapy("2022-12-01", "RT"), *therapy("2023-05-01")], {"warning"}),
        ("2023-05-15", [{"subs_line_no": 1, "subs_drugs": ["TEC"]}], set()),
        (None, therapy("2022-12-01"), set()),
    ],
)
def test_progression_after_the_next_therapy(when: Any, therapies: list[Any], expected: set[str]) -> None:
    assert fires("C32", started(progression=progressed(when), subsequent_therapy=therapies)) == expected
