"""D29: eligibility criteria, cohorts, label."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from registry.derivations.parameters import Parameters
from tests.registry.derivations.build import (
    NK,
    alive,
    dead,
    derived,
    drug,
    line,
    refractory,
    shown,
    started,
    value,
)

ENROLMENT = {
    "index_regimen": "ISAPD",
    "consent_status": "SIGNED",
    "consent_date": "2022-03-01",
    "elig_mm_confirmed": "Y",
    "elig_rrmm": "Y",
    "in_interventional_trial": "N",
}
FIRST_CYCLE = {"cycle_no": 1, "isa_infusions_n": 4, "cycle_completed": "Y"}


def eligible(start: str = "2022-03-10", **forms: Any) -> dict[str, Any]:
    """A patient of the paper's cohort, refractory to daratumumab."""
    return started(
        start,
        enrolment=dict(ENROLMENT),
        demographics={"birth_date": "1955-03", "sex": "F"},
        prior_line=[line(1, "2018-01-01"), line(2, "2019-01-01", line_progressed=NK)],
        prior_line_drug=[drug("LEN", 1), drug("BOR", 1), refractory("DARA", 2)],
        isapd_cycle=[FIRST_CYCLE | {"cycle_start": start}],
    ) | deepcopy(forms)


def one_cycle(last_dose: str | None, ongoing: str = "N", **cycle: Any) -> dict[str, Any]:
    """Cycle 1 only, nobody having said that it was completed."""
    return {
        "isapd_treatment": {
            "isapd_start_date": "2022-03-10",
            "isapd_ongoing": ongoing,
            "isapd_end_date": last_dose,
        },
        "isapd_cycle": [{"cycle_no": 1, "cycle_start": "2022-03-10", "isa_infusions_n": 1} | cycle],
    }


SECOND_CYCLE = {"cycle_no": 2, "cycle_start": "2022-04-14"}
NOT_COMPLETED = one_cycle("2022-03-20", cycle_completed="N")

ROWS = {
    "start 2021-01-01 / 2024-06-30 | in / in": [
        (eligible("2021-01-01"), "YES"),
        (eligible("2024-06-30"), "YES"),
    ],
    "start 2020-12-31 / 2024-07-01 | out / out": [
        (eligible("2020-12-31"), "NO"),
        (eligible("2024-07-01"), "NO"),
    ],
    "one infusion, died 2022-03-20 | out (any_dose: in)": [
        (eligible(**one_cycle("2022-03-10", cycle_completed="N"), follow_up=dead("2022-03-20")), "NO"),
        (eligible(**one_cycle(None), follow_up=dead("2022-03-20")), "NO"),
    ],
    "cycle 1 only, last dose 2022-03-30 (day 21) / 2022-03-31 (day 22) | out / in": [
        (eligible(**one_cycle("2022-03-30")), "NO"),
        (eligible(**one_cycle("2022-03-31")), "YES"),
    ],
    "cycle 1 not complete, cycle 2 started 2022-04-14 | in": [
        (eligible(**NOT_COMPLETED | {"isapd_cycle": [*NOT_COMPLETED["isapd_cycle"], SECOND_CYCLE]}), "YES")
    ],
}


@pytest.mark.parametrize("examples", ROWS.values(), ids=ROWS)
def test_paper_cohort(examples: list[tuple[dict[str, Any], str]]) -> None:
    for case, answer in examples:
        assert value(case, "cohort_paper") == answer
        in_accrual = value(case, "elig_e3") == "YES"
        assert value(case, "cohort_any_dose") == ("YES" if in_accrual else "NO")


def test_the_three_cohorts() -> None:
    answers = derived(eligible())
    for name in ("cohort_any_dose", "cohort_paper", "cohort_dara_r"):
        assert answers[name].value == "YES"


@pytest.mark.parametrize(
    ("dara", "answer"),
    [
        (drug("DARA", 2, drug_refractory_asserted="N"), "NO"),
        (drug("DARA", 2), "NE"),
        (drug("POM", 2), "NO"),
    ],
)
def test_refractory_to_daratumumab(dara: dict[str, Any], answer: str) -> None:
    case = eligible(prior_line_drug=[drug("LEN", 1), dara])
    assert value(case, "cohort_dara_r") == answer


CRITERIA = [
    ("elig_e1", "enrolment", {"elig_mm_confirmed": "N"}, "NO"),
    ("elig_e1", "enrolment", {"elig_mm_confirmed": None}, "NE"),
    ("elig_e2", "enrolment", {"elig_rrmm": "N"}, "NO"),
    ("elig_e2", "enrolment", {"elig_rrmm": None}, "NE"),
    ("elig_e3", "enrolment", {"index_regimen": "ELOPD"}, "NO"),
    ("elig_e3", "enrolment", {"index_regimen": None}, "NE"),
    ("elig_e5", "demographics", {"birth_date": "2004-03-11"}, "NO"),
    ("elig_e5", "demographics", {"birth_date": "2004-03-10"}, "YES"),
    ("elig_e5", "demographics", {"birth_date": "2004-03"}, "NE"),
    ("elig_e5", "demographics", {"birth_date": None}, "NE"),
    ("elig_e6", "enrolment", {"consent_status": "REFUSED"}, "NO"),
    ("elig_e6", "enrolment", {"consent_status": "WAIVED_DECEASED"}, "YES"),
    ("elig_e6", "enrolment", {"consent_status": "WAIVED_UNREACHABLE"}, "YES"),
    ("elig_e6", "enrolment", {"consent_status": "WITHDRAWN"}, "YES"),
    ("elig_e6", "enrolment", {"consent_status": "WITHDRAWN", "consent_date": None}, "NE"),
    ("elig_e6", "enrolment", {"consent_status": None}, "NE"),
    ("elig_e7", "enrolment", {"in_interventional_trial": "Y"}, "NO"),
    ("elig_e7", "enrolment", {"in_interventional_trial": NK}, "NE"),
]


@pytest.mark.parametrize(("name", "form", "entries", "answer"), CRITERIA)
def test_each_criterion(name: str, form: str, entries: dict[str, Any], answer: str) -> None:
    case = eligible()
    case[form] |= entries
    answers = derived(case)
    assert shown(answers[name]) == answer
    # One criterion not met excludes; one not evaluable leaves the cohort open.
    assert shown(answers["cohort_paper"]) == answer
    assert shown(answers["cohort_any_dose"]) == answer


def test_a_criterion_not_met_outweighs_one_not_evaluable() -> None:
    case = eligible()
    case["enrolment"] |= {"elig_mm_confirmed": None, "elig_rrmm": "N"}
    assert value(case, "cohort_paper") == "NO"


def test_without_prior_lines_not_relapsed() -> None:
    assert value(eligible(prior_line=[]), "elig_e2") == "NO"


def test_the_accrual_window_is_a_parameter() -> None:
    early = Parameters(accrual_start=date(2020, 1, 1))
    assert value(eligible("2020-12-31"), "elig_e3", parameters=early) == "YES"


@pytest.mark.parametrize(
    ("forms", "answer"),
    [
        ({"isapd_cycle": []}, "NE"),
        (one_cycle("2022-03-31", isa_infusions_n=0), "NO"),
        (one_cycle("2022-03-31", isa_infusions_n=NK), "NE"),
        (one_cycle("2022-03-20", cycle_completed="Y"), "YES"),
        (one_cycle(None), "NE"),
        # The last dose decides, even against the date of death; death decides what the doses leave open.
        (one_cycle("2022-03-31") | {"follow_up": dead("2022-03-20")}, "YES"),
        (one_cycle(None, "Y", cycle_start=None) | {"follow_up": dead("2022-03-20")}, "NO"),
        (one_cycle(None, "Y", cycle_start=None) | {"follow_up": dead("2022-04-20")}, "NE"),
        (one_cycle(None, "Y"), "NO"),
        (one_cycle(None, "Y", cycle_start=None), "NE"),
        (one_cycle(None, "Y") | {"follow_up": alive("2022-04-06")}, "YES"),
        (one_cycle(None, "Y") | {"follow_up": alive("2022-04-05")}, "NO"),
    ],
)
def test_one_cycle(forms: dict[str, Any], answer: str) -> None:
    assert value(eligible(**forms), "elig_e4") == answer


@pytest.mark.parametrize(
    ("cutoff", "answer"), [("2022-04-06", "YES"), ("2022-04-05", "NO"), ("2022-04-14", "YES")]
)
def test_one_cycle_as_of_a_cutoff(cutoff: str, answer: str) -> None:
    # Stopped on 2022-05-01: up to the cutoff still on treatment, cycle 2 not begun before the 14th.
    forms = one_cycle("2022-05-01")
    forms["isapd_cycle"].append(SECOND_CYCLE)
    assert value(eligible(**forms), "elig_e4", cutoff=date.fromisoformat(cutoff)) == answer


def test_without_the_start_nothing_is_decided() -> None:
    case = eligible()
    del case["isapd_treatment"]
    answers = derived(case)
    for name in ("elig_e2", "elig_e3", "elig_e4", "label_ok"):
        assert (shown(answers[name]), answers[name].reason) == ("NE", "The first dose of IsaPd is missing")


@pytest.mark.parametrize(
    ("last", "drugs", "answer"),
    [
        ({"line_progressed": "Y"}, ("LEN", "BOR"), "YES"),
        ({"line_progressed": NK, "line_progression_date": "2021-01-01"}, ("LEN", "CAR"), "YES"),
        ({"line_progressed": NK, "line_stop_reason": "PD"}, ("LEN", "IXA"), "YES"),
        ({"line_progressed": "N"}, ("LEN", "BOR"), "NO"),
        ({"line_progressed": NK}, ("LEN", "BOR"), "NE"),
        ({"line_progressed": "Y"}, ("POM", "BOR"), "NO"),
        ({"line_progressed": "Y"}, ("LEN", "DARA"), "NO"),
    ],
)
def test_label(last: dict[str, Any], drugs: tuple[str, ...], answer: str) -> None:
    lines = [line(1, "2018-01-01"), line(2, "2019-01-01", **last)]
    case = started(prior_line=lines, prior_line_drug=[drug(code, 1) for code in drugs])
    assert value(case, "label_ok") == answer


def test_one_line_is_outside_the_label() -> None:
    case = started(
        prior_line=[line(1, line_progressed="Y")], prior_line_drug=[drug("LEN", 1), drug("BOR", 1)]
    )
    assert value(case, "label_ok") == "NO"
    assert value(started(), "label_ok") == "NO"
