"""C02, C03, C57: death against evidence of life, and two reports of it."""

from typing import Any

import pytest

from tests.registry.derivations.build import alive, dead, progressed, started, therapy, visits
from tests.registry.edit_checks.found import fires, said, where


@pytest.mark.parametrize(
    ("died", "evidence", "expected"),
    [
        ("2023-04-01", {"follow_up": alive("2023-04-10")}, {"error"}),
        ("2023-04-01", {"follow_up": alive("2023-04-01")}, set()),
        ("2023-04", {"follow_up": alive("2023-04-30")}, set()),
        ("2023-04", {"follow_up": alive("2023-05-01")}, {"error"}),
        ("2023-04-01", {"response": visits(("2023-04-02", "PR"))}, {"error"}),
        ("2023-04-01", {"isapd_cycle": {"cycle_no": 1, "cycle_start": "2023-05-02"}}, {"error"}),
        ("2023-04-01", {"progression": progressed("2023-04-02")}, {"error"}),
        ("2023-04-01", {"progression": {"pd_occurred": "N", "pd_date": "2023-04-02"}}, set()),
        ("2023-04-01", {"subsequent_therapy": therapy("2023-04-02")}, {"error"}),
        ("2023-04-01", {"adverse_event": {"ae_start": "2023-04"}}, set()),
        ("2023-04-01", {"adverse_event": {"ae_start": "2023-05"}}, {"error"}),
        # A contact that reports the death may be later: it is no evidence of life.
        ("2023-04-01", {"follow_up": [{"contact_date": "2023-06-01", "vital_status": "DEAD"}]}, set()),
    ],
)
def test_death_after_all_evidence_of_life(died: str, evidence: dict[str, Any], expected: set[str]) -> None:
    contacts = [*evidence.pop("follow_up", []), *dead(died)]
    assert fires("C02", started(**evidence, follow_up=contacts)) == expected


def test_the_latest_evidence_is_named() -> None:
    case = started(
        follow_up=[*dead("2023-04-01"), *alive("2023-04-10")],
        response=visits(("2023-04-02", "PR")),
    )
    assert where("C02", case) == {"follow_up 1 death_date": "error"}
    assert said("C02", case) == ["Death precedes evidence of life on 2023-04-10 (follow_up)."]


def test_a_death_that_is_all_there_is() -> None:
    assert fires("C02", {"follow_up": dead("2023-04-01")}) == set()


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ({"isapd_cycle": {"cycle_no": 2, "cycle_start": "2023-05-02"}}, "isapd_cycle 1 cycle_start"),
        ({"response": visits(("2023-04-02", "PR"))}, "response 1 resp_date"),
        (
            {"isapd_treatment": {"isapd_start_date": "2022-03-10", "isapd_end_date": "2023-04-02"}},
            "isapd_treatment 1 isapd_end_date",
        ),
        (
            {"isapd_treatment": {"isapd_start_date": "2022-03-10", "isa_last_dose_date": "2023-04-02"}},
            "isapd_treatment 1 isa_last_dose_date",
        ),
        (
            {"isapd_treatment": {"isapd_start_date": "2022-03-10", "pom_last_dose_date": "2023-04-02"}},
            "isapd_treatment 1 pom_last_dose_date",
        ),
        ({"progression": progressed("2023-04-02")}, "progression 1 pd_date"),
        ({"subsequent_therapy": therapy("2023-04-02")}, "subsequent_therapy 1 subs_start"),
        ({"adverse_event": {"ae_start": "2023-04-02"}}, "adverse_event 1 ae_start"),
    ],
)
def test_an_event_after_death(event: dict[str, Any], place: str) -> None:
    case = started(**{"follow_up": dead("2023-04-01")} | event)
    assert where("C03", case) == {place: "error"}
    assert said("C03", case) == [f"{place.split()[0]} dated after death."]


@pytest.mark.parametrize(
    ("died", "onset"), [("2023-04-01", "2023-04-01"), ("2023-04", "2023-04-30"), ("2023-04-01", "2023-04")]
)
def test_an_event_that_may_be_on_the_day_of_death(died: str, onset: str) -> None:
    assert fires("C03", started(follow_up=dead(died), adverse_event={"ae_start": onset})) == set()


def test_of_two_deaths_an_event_must_be_after_both() -> None:
    case = started(
        follow_up=[*dead("2023-04-01"), *dead("2023-05-01")], response=visits(("2023-04-20", "PD"))
    )
    assert fires("C03", case) == set()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2023-04-01", "2023-05-01", {"error"}),
        ("2023-04", "2023-04-12", set()),
        ("2023-04-12", "2023-04", set()),
        ("2023-04-30", "2023-05", {"error"}),
        ("2023-04-01", None, set()),
    ],
)
def test_two_deaths(one: str, other: str | None, expected: set[str]) -> None:
    assert fires("C57", started(follow_up=[*dead(one), *dead(other)])) == expected


def test_two_deaths_are_said_at_both() -> None:
    case = started(follow_up=[*dead("2023-04-01"), *alive("2023-01-01"), *dead("2023-05-01")])
    assert set(where("C57", case)) == {"follow_up 1 death_date", "follow_up 3 death_date"}
