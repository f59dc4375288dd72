"""D20 best response, D21 date of progression, D25 time to and duration of response."""

from datetime import date
from typing import Any

import pytest

from registry.derivations.months import half_up, in_months
from registry.derivations.parameters import DEFAULT, Parameters, ResponseConfirmation
from tests.registry.derivations.build import (
    alive,
    dead,
    derived,
    progressed,
    shown,
    started,
    therapy,
    value,
    visits,
)

CONFIRMED = Parameters(response_confirmation=ResponseConfirmation.CONFIRMED)


@pytest.mark.parametrize(
    ("case", "bor", "responder"),
    [
        (started(response=visits(("2022-04-05", "PR"), ("2022-05-05", "SCR"))), "SCR", "YES"),
        (started(response=visits(("2022-04-05", "CR"), ("2022-05-05", "VGPR"))), "CR", "YES"),
        (started(response=visits(("2022-04-05", "MR"), ("2022-05-05", "SD"))), "MR", "NO"),
        # Not before or on the day of the start; not evaluable is no response.
        (started(response=visits(("2022-03-10", "CR"), ("2022-05-05", "NE"))), "NE", "NE"),
        (started(), "NE", "NE"),
        # Strictly before progression, whoever dates it.
        (
            started(response=visits(("2022-04-05", "SD"), ("2022-06-05", "PD"), ("2022-07-05", "PR"))),
            "SD",
            "NO",
        ),
        (
            started(
                response=visits(("2022-04-05", "SD"), ("2022-05-05", "PR")),
                progression=progressed("2022-05-05"),
            ),
            "SD",
            "NO",
        ),
        # Up to and with the start of the next therapy.
        (
            started(
                response=visits(("2022-05-05", "PR"), ("2022-05-06", "CR")),
                subsequent_therapy=therapy("2022-05-05"),
            ),
            "PR",
            "YES",
        ),
        (
            started(
                response=visits(("2022-05-05", "PR"), ("2022-05-06", "CR")),
                subsequent_therapy=therapy("2022-05-05", "RT"),
            ),
            "CR",
            "YES",
        ),
        # Nothing but progression.
        (started(response=visits(("2022-04-05", "PD"))), "PD", "NO"),
        (started(progression=progressed("2022-04-05")), "PD", "NO"),
        (started(progression=progressed("2022-03-10")), "PD", "NO"),
        # Without a visit before the next therapy, progression is all there is, even after its start.
        (started(progression=progressed("2022-06-05"), subsequent_therapy=therapy("2022-05-01")), "PD", "NO"),
        # An assessment with progression before the reported date, and nothing better.
        (started(response=visits(("2022-04-05", "PD")), progression=progressed("2022-05-05")), "PD", "NO"),
        (started(response=visits(("2022-04-05", "PR")), progression=progressed("2022-03-01")), "NE", "NE"),
    ],
)
def test_best_response(case: dict[str, Any], bor: str, responder: str) -> None:
    answers = derived(case)
    assert shown(answers["bor_unconfirmed"]) == bor
    assert shown(answers["bor"]) == bor
    assert shown(answers["responder"]) == responder


def test_best_response_up_to_the_cutoff() -> None:
    case = started(response=visits(("2022-04-05", "PR"), ("2022-05-05", "CR")))
    assert value(case, "bor", cutoff=date(2022, 5, 4)) == "PR"
    assert value(case, "bor", cutoff=date(2022, 5, 5)) == "CR"


def test_without_a_start_there_is_no_response() -> None:
    answers = derived({"response": visits(("2022-04-05", "PR"))})
    assert answers["bor"].reason == "The first dose of IsaPd is missing"


@pytest.mark.parametrize(
    ("forms", "pd", "reason"),
    [
        (
            {"progression": progressed("2022-09-05"), "response": visits(("2022-09-01", "PD"))},
            date(2022, 9, 5),
            "As reported on the progression form",
        ),
        (
            {"progression": progressed("2022-09-05", pd_criteria=["CLINICAL"])},
            date(2022, 9, 5),
            "Clinical judgment only, without an IMWG criterion",
        ),
        (
            {"response": visits(("2022-10-01", "PD"), ("2022-09-01", "PD"), ("2022-03-01", "PD"))},
            date(2022, 9, 1),
            "From the first assessment with progression",
        ),
        (
            {
                "progression": {"pd_occurred": "N", "pd_date": "2022-05-01"},
                "response": visits(("2022-09-01", "PD")),
            },
            date(2022, 9, 1),
            "From the first assessment with progression",
        ),
        (
            {"progression": {"pd_occurred": "Y"}, "response": visits(("2022-09-01", "PD"))},
            date(2022, 9, 1),
            "From the first assessment with progression",
        ),
        ({"progression": {"pd_occurred": "Y"}}, None, "The date of progression is missing"),
        ({"progression": {"pd_occurred": "N"}}, None, "No progression is recorded"),
    ],
)
def test_pd_date_analysis(forms: dict[str, Any], pd: date | None, reason: str) -> None:
    answer = derived(started(**forms))["pd_date_analysis"]
    assert (answer.value, answer.reason) == (pd, reason)
    assert answer.status == ("OK" if pd else "NE")


def test_progression_after_the_cutoff_is_none_yet() -> None:
    case = started(progression=progressed("2022-09-05"))
    assert value(case, "pd_date_analysis", cutoff=date(2022, 9, 4)) == "NE"
    assert value(case, "pd_date_analysis", cutoff=date(2022, 9, 5)) == date(2022, 9, 5)


@pytest.mark.parametrize(
    ("forms", "answer"),
    [
        ({"progression": progressed("2022-09-05")}, "NO"),
        ({"subsequent_therapy": therapy("2022-09-04")}, "NO"),
        ({"progression": progressed("2022-09-05"), "subsequent_therapy": therapy("2022-09-04")}, "YES"),
        ({"progression": progressed("2022-09-05"), "subsequent_therapy": therapy("2022-09-05")}, "NO"),
        ({"progression": progressed("2022-09-05"), "subsequent_therapy": [{"subs_drugs": ["TEC"]}]}, "NE"),
        ({"progression": {"pd_occurred": "Y"}, "subsequent_therapy": therapy("2022-09-05")}, "NE"),
    ],
)
def test_pd_after_nat(forms: dict[str, Any], answer: str) -> None:
    assert value(started(**forms), "pd_after_nat") == answer


RESPONSES = visits(("2022-04-07", "MR"), ("2022-05-05", "PR"), ("2022-06-02", "PR"), ("2022-07-01", "VGPR"))
DURATIONS = {
    "start 2022-03-10, first PR 2022-05-05 → TTR 56 d = 1.8; PD 2023-01-20 → DOR 260 d = 8.5": (
        {"progression": progressed("2023-01-20")},
        (56, 113, 260, 1, 260, 1),
    ),
    "Death from COVID 2023-01-20 without PD → DOR event; dor_imwg censored": (
        {"follow_up": dead("2023-01-20", "COVID")},
        (56, 113, 260, 1, 260, 0),
    ),
    "Death from myeloma without PD → both events": (
        {"follow_up": dead("2023-01-20", "MM")},
        (56, 113, 260, 1, 260, 1),
    ),
    "Death of unknown cause → dor_imwg not evaluable": (
        {"follow_up": [{"vital_status": "DEAD", "death_date": "2023-01-20"}]},
        (56, 113, 260, 1, 260, "NE"),
    ),
    "Alive → censored at last follow-up": ({"follow_up": alive("2023-01-20")}, (56, 113, 260, 0, 260, 0)),
}
NAMES = (
    "time_to_response_days",
    "time_to_best_days",
    "dor_days",
    "dor_event",
    "dor_imwg_days",
    "dor_imwg_event",
)


@pytest.mark.parametrize(("forms", "expected"), DURATIONS.values(), ids=DURATIONS)
def test_times_of_a_responder(forms: dict[str, Any], expected: tuple[Any, ...]) -> None:
    answers = derived(started(response=RESPONSES, **forms))
    assert tuple(shown(answers[name]) for name in NAMES) == expected


def test_months_of_the_example() -> None:
    assert half_up(in_months(56, DEFAULT)) == "1.8"
    assert half_up(in_months(260, DEFAULT)) == "8.5"


def test_where_confirmed_the_first_of_the_pair_counts() -> None:
    rows = visits(("2022-04-07", "PR"), ("2022-05-05", "MR"), ("2022-06-02", "VGPR"), ("2022-07-01", "PR"))
    answers = derived(started(response=rows, follow_up=alive("2022-09-01")), CONFIRMED)
    assert [shown(answers[name]) for name in ("bor", *NAMES[:2])] == ["PR", 84, 84]
    assert derived(started(response=rows))["time_to_best_days"].value == 84
    assert derived(started(response=rows))["time_to_response_days"].value == 28


@pytest.mark.parametrize(
    ("forms", "reason"),
    [
        ({}, "No evaluable assessment after the start of IsaPd"),
        ({"response": visits(("2022-05-05", "MR"))}, "There was no response of PR or better"),
        (
            {"response": visits(("2022-05-05", "PR")), "follow_up": dead(None)},
            "The date of death is missing",
        ),
        (
            {"response": visits(("2022-05-05", "PR")), "follow_up": dead("2022-04-01")},
            "The first response is dated after progression or death",
        ),
    ],
)
def test_why_there_is_no_duration(forms: dict[str, Any], reason: str) -> None:
    answers = derived(started(**forms))
    for name in NAMES[2:]:
        assert (shown(answers[name]), answers[name].reason) == ("NE", reason)
