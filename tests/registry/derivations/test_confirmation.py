"""D19: confirmation of responses and of progression."""

from datetime import date
from typing import Any

import pytest

from registry.derivations.confirmation import confirmed_course
from registry.derivations.next_therapy import next_therapy
from registry.derivations.observation import observe
from registry.derivations.parameters import DEFAULT
from registry.derivations.progression import progression
from registry.derivations.visits import investigator_visits
from registry.dictionary.facts import Facts
from tests.registry.derivations.build import dead, derived, progressed, shown, started, therapy, visits

START = date(2022, 3, 10)


def sequence(*responses: str, **forms: Any) -> dict[str, Any]:
    """Assessments on the 5th of April, May, …; "PD!" is one by a new lesion."""
    rows = []
    for month, response in enumerate(responses, 4):
        more = {"resp_new_lesion": "Y"} if response.endswith("!") else {}
        rows += visits((f"2022-{month:02}-05", response.rstrip("!")), **more)
    return started(response=rows, **forms)


def confirmed_pd(case: dict[str, Any]) -> date | None:
    facts = Facts.from_json(case)
    observation = observe(facts, START, None)
    found = investigator_visits(facts, START, observation)
    reported = progression(facts, found, observation, DEFAULT)
    therapy_start = next_therapy(facts, observation).start
    return confirmed_course(found, reported, therapy_start, observation.death.cause == "MM").progression


DIED = dead("2022-09-01")
ROWS = {
    "PR, VGPR, VGPR, PD, PD | VGPR | at visit 4": (
        sequence("PR", "VGPR", "VGPR", "PD", "PD"),
        "VGPR",
        "VGPR",
        date(2022, 7, 5),
    ),
    "VGPR, PR, PD, SD | PR | no (visit 3 unconfirmed)": (
        sequence("VGPR", "PR", "PD", "SD"),
        "PR",
        "VGPR",
        None,
    ),
    "PR, NE, PR | PR | –": (sequence("PR", "NE", "PR"), "PR", "PR", None),
    "PR, PD, PD | SD (unconfirmed BOR = PR) | visit 2": (
        sequence("PR", "PD", "PD"),
        "SD",
        "PR",
        date(2022, 5, 5),
    ),
    "PR only | SD (unconfirmed PR) | –": (sequence("PR"), "SD", "PR", None),
    "SD, PD by new lesion | SD | visit 2": (sequence("SD", "PD!"), "SD", "SD", date(2022, 5, 5)),
    "PD only, then death from MM | PD | visit 1": (
        sequence("PD", follow_up=DIED),
        "PD",
        "PD",
        date(2022, 4, 5),
    ),
    "PD only, alive | NE | not confirmed": (sequence("PD"), "NE", "PD", None),
    "PR 2023-02-01; new therapy 2023-03-01; PR 2023-03-15 | SD | –": (
        started(
            response=visits(("2023-02-01", "PR"), ("2023-03-15", "PR")),
            subsequent_therapy=therapy("2023-03-01"),
        ),
        "SD",
        "PR",
        None,
    ),
}


@pytest.mark.parametrize(("case", "confirmed", "unconfirmed", "pd"), ROWS.values(), ids=ROWS)
def test_sequences(case: dict[str, Any], confirmed: str, unconfirmed: str, pd: date | None) -> None:
    answers = derived(case)
    assert shown(answers["bor_confirmed"]) == confirmed
    assert shown(answers["bor_unconfirmed"]) == unconfirmed
    assert confirmed_pd(case) == pd


@pytest.mark.parametrize(
    ("case", "bor", "pd"),
    [
        # An unconfirmed progression is passed over like an assessment that is not evaluable.
        (sequence("PR", "PD", "PR"), "PR", None),
        # A second PD confirms even after the next therapy; a response is not confirmed then.
        (sequence("SD", "PD", "PD", subsequent_therapy=therapy("2022-05-20")), "SD", date(2022, 5, 5)),
        # On the day of the next therapy is still in time.
        (sequence("PR", "PR", subsequent_therapy=therapy("2022-05-05")), "PR", None),
        # Levels after the next therapy do not count at all.
        (sequence("SD", "PR", "PR", subsequent_therapy=therapy("2022-04-20")), "SD", None),
        # Death of another cause confirms nothing.
        (sequence("PD", follow_up=dead("2022-09-01", "COVID")), "NE", None),
        # Death of myeloma only when no assessment came between.
        (sequence("PD", "SD", follow_up=DIED), "SD", None),
        # CR confirmed by VGPR is VGPR.
        (sequence("CR", "VGPR"), "VGPR", None),
    ],
)
def test_rules(case: dict[str, Any], bor: str, pd: date | None) -> None:
    assert shown(derived(case)["bor_confirmed"]) == bor
    assert confirmed_pd(case) == pd


@pytest.mark.parametrize(
    ("form", "pd"),
    [
        (progressed("2022-04-20"), None),
        (progressed("2022-04-20", pd_confirmed="Y"), date(2022, 4, 20)),
        (progressed("2022-04-20", pd_confirmed="NOTREQ"), date(2022, 4, 20)),
        (progressed("2022-04-20", pd_criteria=["BM", "SERUM"]), date(2022, 4, 20)),
        (progressed("2022-04-20", pd_criteria=["SERUM"]), None),
        # Within 14 days of the assessment with progression it is the same event …
        (progressed("2022-05-19", pd_criteria=["LESION"]), date(2022, 5, 5)),
        (progressed("2022-04-21"), None),
        # … further away it is one of its own, confirmed by the assessment with progression that follows.
        (progressed("2022-04-20", pd_confirmed="N") | {"pd_date": "2022-04-06"}, date(2022, 4, 6)),
    ],
)
def test_the_progression_form_joins_in(form: dict[str, Any], pd: date | None) -> None:
    follows = "PD" if form["pd_date"] != "2022-04-20" else "SD"
    assert confirmed_pd(sequence("PR", follows, "SD", progression=form)) == pd


def test_a_reported_progression_without_any_assessment() -> None:
    case = started(progression=progressed("2022-05-01"), follow_up=DIED)
    assert derived(case)["bor_confirmed"].value == "PD"
    assert shown(derived(case | {"follow_up": []})["bor_confirmed"]) == "NE"
