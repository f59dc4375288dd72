"""D22 overall survival, D23 progression-free survival under both rules, D24 time to next treatment."""

from datetime import date
from typing import Any

import pytest

from registry.derivations.months import half_up
from registry.derivations.parameters import DEFAULT, Parameters, PfsRule
from tests.registry.derivations.build import (
    NK,
    alive,
    dead,
    derived,
    progressed,
    shown,
    started,
    therapy,
    visits,
)

CENSOR = Parameters(pfs_rule=PfsRule.CENSOR_AT_NEW_THERAPY)
JUNE = date(2024, 6, 30)
JUNE_1 = therapy("2022-06-01")
UNDATED = [{"subs_line_no": 1, "subs_drugs": ["TEC"]}]


def reported(contact: str, died: str) -> list[dict[str, Any]]:
    """A death as a contact on that day told it."""
    return [{"vital_status": "DEAD", "contact_date": contact, "death_date": died}]


PATIENTS: dict[str, tuple[dict[str, Any], date | None, dict[str, str]]] = {
    "P1 PD 2022-09-05, next therapy 2022-09-20, death 2023-04-01"
    " | 387,1 → 12.7 | 179,1 → 5.9 | 179,1 | 194,1 → 6.4": (
        started(
            progression=progressed("2022-09-05"),
            subsequent_therapy=therapy("2022-09-20"),
            follow_up=dead("2023-04-01"),
        ),
        None,
        {"os": "387,1 12.7", "pfs": "179,1 5.9", "censored": "179,1 5.9", "ttnt": "194,1 6.4"},
    ),
    "P2 death 2022-07-01, no PD | 113,1 → 3.7 | 113,1 | 113,1 | 113,2": (
        started(follow_up=dead("2022-07-01"), progression={"pd_occurred": "N"}),
        None,
        {"os": "113,1 3.7", "pfs": "113,1 3.7", "censored": "113,1 3.7", "ttnt": "113,2 3.7"},
    ),
    "P3 alive 2024-01-10, last assessment 2023-12-20 | 671,0 → 22.0 | 671,0 | 650,0 → 21.4 | 671,0": (
        started(follow_up=alive("2024-01-10"), response=visits(("2022-05-01", "PR"), ("2023-12-20", "PR"))),
        None,
        {"os": "671,0 22.0", "pfs": "671,0 22.0", "censored": "650,0 21.4", "ttnt": "671,0 22.0"},
    ),
    "P4 next therapy 2022-12-01 without PD, PD 2023-05-15, alive 2023-09-01, last assessment before therapy"
    " 2022-11-10 | 540,0 → 17.7 | **431,1** → 14.2 | **245,0** → 8.0 | 266,1 → 8.7": (
        started(
            subsequent_therapy=therapy("2022-12-01"),
            progression=progressed("2023-05-15"),
            follow_up=alive("2023-09-01"),
            response=visits(("2022-11-10", "PR"), ("2022-12-20", "PR")),
        ),
        None,
        {"os": "540,0 17.7", "pfs": "431,1 14.2", "censored": "245,0 8.0", "ttnt": "266,1 8.7"},
    ),
    "P5 PD and death both 2022-08-01 | 144,1 → 4.7 | 144,1 (type PD) | 144,1 | 144,2": (
        started(progression=progressed("2022-08-01"), follow_up=dead("2022-08-01")),
        None,
        {"os": "144,1 4.7", "pfs": "144,1 4.7", "censored": "144,1 4.7", "ttnt": "144,2 4.7"},
    ),
    "P6 death 2024-08-10, cut-off 2024-06-30, last assessment 2024-06-01"
    " | 843,0 → 27.7 | 843,0 | 814,0 → 26.7 | 843,0": (
        started(follow_up=dead("2024-08-10"), response=visits(("2024-06-01", "PR"))),
        JUNE,
        {"os": "843,0 27.7", "pfs": "843,0 27.7", "censored": "814,0 26.7", "ttnt": "843,0 27.7"},
    ),
    "P7 alive 2022-05-01, never assessed | 52,0 → 1.7 | 52,0 | 0,0 | 52,0": (
        started(follow_up=alive("2022-05-01")),
        None,
        {"os": "52,0 1.7", "pfs": "52,0 1.7", "censored": "0,0 0.0", "ttnt": "52,0 1.7"},
    ),
    "last contact 2022-03-01 (before start) | error C48, excluded |  |  | ": (
        started(follow_up=alive("2022-03-01")),
        None,
        {"os": "NE,NE NE", "pfs": "NE,NE NE", "censored": "NE,NE NE", "ttnt": "NE,NE NE"},
    ),
}


def endpoint(answers: dict[str, Any], name: str, status: str = "event") -> str:
    months = answers[f"{name}_months"]
    told = half_up(months.value) if months.is_ok else "NE"
    return f"{shown(answers[f'{name}_days'])},{shown(answers[f'{name}_{status}'])} {told}"


@pytest.mark.parametrize(("case", "cutoff", "expected"), PATIENTS.values(), ids=PATIENTS)
def test_the_patients_of_the_specification(
    case: dict[str, Any], cutoff: date | None, expected: dict[str, str]
) -> None:
    answers = derived(case, cutoff=cutoff)
    assert endpoint(answers, "os") == expected["os"]
    assert endpoint(answers, "pfs") == expected["pfs"]
    assert endpoint(answers, "ttnt", "status") == expected["ttnt"]
    assert endpoint(derived(case, CENSOR, cutoff), "pfs") == expected["censored"]


@pytest.mark.parametrize(
    ("patient", "rule", "kind"),
    [
        ("P1", DEFAULT, "PD"),
        ("P2", DEFAULT, "DEATH"),
        ("P3", DEFAULT, "CENSORED"),
        ("P5", DEFAULT, "PD"),
        ("P4", DEFAULT, "PD"),
        ("P4", CENSOR, "CENSORED"),
        ("last", DEFAULT, "NE"),
    ],
)
def test_pfs_type(patient: str, rule: Parameters, kind: str) -> None:
    case = next(row[0] for name, row in PATIENTS.items() if name.startswith(patient))
    assert shown(derived(case, rule)["pfs_type"]) == kind


def test_the_data_cutoff_may_come_with_the_parameters() -> None:
    case = next(row[0] for name, row in PATIENTS.items() if name.startswith("P6"))
    assert derived(case, Parameters(data_cutoff=JUNE))["os_days"].value == 843


EVIDENCE = {
    "contact ALIVE": {"follow_up": alive("2022-06-01")},
    "contact LTFU": {"follow_up": [{"vital_status": "LTFU", "contact_date": "2022-06-01"}]},
    "response": {"response": [{"resp_date": "2022-06-01"}]},
    "cycle start": {"isapd_cycle": [{"cycle_no": 3, "cycle_start": "2022-06-01"}]},
    "last IsaPd dose": {
        "isapd_treatment": {"isapd_start_date": "2022-03-10", "isapd_end_date": "2022-06-01"}
    },
    "last isatuximab": {
        "isapd_treatment": {"isapd_start_date": "2022-03-10", "isa_last_dose_date": "2022-06-01"}
    },
    "last pomalidomide": {
        "isapd_treatment": {"isapd_start_date": "2022-03-10", "pom_last_dose_date": "2022-06-01"}
    },
    "progression": {"progression": progressed("2022-06-01")},
    "next therapy": {"subsequent_therapy": therapy("2022-06-01", "RT")},
    "adverse event, lower bound": {"adverse_event": [{"ae_start": "2022-06"}, {"ae_start": NK}]},
}


@pytest.mark.parametrize("forms", EVIDENCE.values(), ids=EVIDENCE)
def test_every_evidence_of_life(forms: dict[str, Any]) -> None:
    answers = derived(started() | forms)
    assert answers["last_alive_date"].value == date(2022, 6, 1)
    assert (answers["os_days"].value, answers["os_event"].value) == (83, 0)
    # After the cutoff it proves the patient alive at the cutoff.
    cut = derived(started() | forms, cutoff=date(2022, 5, 1))
    assert cut["last_alive_date"].value == date(2022, 5, 1)
    assert cut["last_alive_date"].reason == "Known alive at the data cutoff"
    assert (cut["os_days"].value, cut["os_event"].value) == (52, 0)


@pytest.mark.parametrize(
    "forms",
    [
        {"follow_up": reported("2022-06-01", "2022-05-01")},
        {"progression": {"pd_occurred": "N", "pd_date": "2022-06-01"}},
        {},
    ],
)
def test_what_is_no_evidence_of_life(forms: dict[str, Any]) -> None:
    answers = derived(started(**forms))
    assert answers["last_alive_date"].value is None
    assert answers["last_alive_date"].reason == "Nothing shows until when the patient was alive"


@pytest.mark.parametrize(
    ("follow_up", "os", "reason"),
    [
        (dead(None), "NE,NE NE", "The date of death is missing"),
        (dead("2022-04-10") + dead("2022-05-10"), "NE,NE NE", "Two contacts give different dates of death"),
        (dead("2022-04") + dead("2022-04-12"), "33,1 1.1", "Death from any cause"),
        (dead("2022-04") + dead("2022-04"), "36,1 1.2", "Death from any cause, its day imputed"),
        (dead("2022-03"), "5,1 0.2", "Death from any cause, its day imputed"),
        (dead("2022-02-10"), "NE,NE NE", "Death is dated before the start of IsaPd"),
        (dead("2022-03-10"), "0,1 0.0", "Death from any cause"),
        ([], "NE,NE NE", "Nothing shows until when the patient was alive"),
        (alive("2022-03-10"), "0,0 0.0", "Censored at the last date known alive"),
    ],
)
def test_overall_survival(follow_up: list[Any], os: str, reason: str) -> None:
    answers = derived(started(follow_up=follow_up))
    assert endpoint(answers, "os") == os
    assert answers["os_days"].reason == reason
    answers = derived(started(follow_up=follow_up[::-1]))
    assert endpoint(answers, "os") == os


def test_an_imputed_death_is_never_before_the_start() -> None:
    answers = derived(started("2022-04-20", follow_up=dead("2022-04")))
    assert answers["os_days"].value == 0


@pytest.mark.parametrize(
    ("follow_up", "cutoff", "os"),
    [
        # The day of death is imputed after the cutoff, but a contact up to it already reported the death.
        (
            reported("2022-05-09", "2022-05"),
            "2022-05-10",
            "61,1 2.0",
        ),
        (
            reported("2022-05-20", "2022-05"),
            "2022-05-10",
            "NE,NE NE",
        ),
        # A death without a date does not matter once the patient outlived the cutoff.
        (dead(None) + alive("2022-06-01"), "2022-05-10", "61,0 2.0"),
        (dead(None) + alive("2022-05-01"), "2022-05-10", "NE,NE NE"),
        # Treatment began after the cutoff.
        (alive("2022-06-01"), "2022-03-09", "NE,NE NE"),
        (alive("2022-06-01"), "2022-03-10", "0,0 0.0"),
    ],
)
def test_death_and_cutoff(follow_up: list[Any], cutoff: str, os: str) -> None:
    answers = derived(started(follow_up=follow_up), cutoff=date.fromisoformat(cutoff))
    assert endpoint(answers, "os") == os


def withdrawn(when: Any, **forms: Any) -> dict[str, Any]:
    enrolment = {"consent_status": "WITHDRAWN", "consent_date": "2022-03-01", "consent_withdrawal_date": when}
    return started(enrolment=enrolment, **forms)


def test_withdrawal_of_consent_censors() -> None:
    case = withdrawn(
        "2022-06-01",
        follow_up=dead("2022-09-01"),
        progression=progressed("2022-07-01"),
        response=visits(("2022-06-15", "CR")),
    )
    answers = derived(case)
    assert endpoint(answers, "os") == "83,0 2.7"
    assert answers["os_days"].reason == "Consent was withdrawn"
    assert endpoint(answers, "pfs") == "83,0 2.7"
    assert shown(answers["bor"]) == "NE"
    assert answers["last_alive_date"].reason == "Consent was withdrawn"
    # An earlier cutoff cuts first, a later one changes nothing; an event before the withdrawal stands.
    assert endpoint(derived(case, cutoff=date(2022, 5, 1)), "os") == "52,0 1.7"
    assert endpoint(derived(case, cutoff=date(2022, 7, 1)), "os") == "83,0 2.7"
    assert (
        endpoint(derived(withdrawn("2022-06-01", progression=progressed("2022-05-01"))), "pfs") == "52,1 1.7"
    )


def test_a_withdrawal_without_its_date_or_status_cuts_nothing() -> None:
    assert endpoint(derived(withdrawn(None, follow_up=dead("2022-09-01"))), "os") == "175,1 5.7"
    case = withdrawn("2022-06-01", follow_up=dead("2022-09-01"))
    case["enrolment"]["consent_status"] = "SIGNED"
    assert endpoint(derived(case), "os") == "175,1 5.7"


@pytest.mark.parametrize(
    ("forms", "paper", "censored"),
    [
        # Progression known to have happened, nobody says when.
        ({"progression": {"pd_occurred": "Y"}, "follow_up": dead("2022-09-01")}, "NE,NE NE", "NE,NE NE"),
        ({"progression": progressed("2022-03-01")}, "NE,NE NE", "NE,NE NE"),
        # Progression is known, the date of the death after it is not.
        ({"progression": progressed("2022-06-01"), "follow_up": dead(None)}, "83,1 2.7", "83,1 2.7"),
        # Progression "after" death: the death ends it.
        ({"progression": progressed("2022-06-01"), "follow_up": dead("2022-05-01")}, "52,1 1.7", "52,1 1.7"),
        # Clinical judgment alone counts for the paper only.
        (
            {
                "progression": progressed("2022-06-01", pd_criteria=["CLINICAL"]),
                "follow_up": alive("2022-09-01"),
            },
            "83,1 2.7",
            "0,0 0.0",
        ),
        # Progression or death on the day of the new therapy comes before it.
        ({"progression": progressed("2022-06-01"), "subsequent_therapy": JUNE_1}, "83,1 2.7", "83,1 2.7"),
        # New therapy without assessment, then death.
        ({"subsequent_therapy": JUNE_1, "follow_up": dead("2022-09-01")}, "175,1 5.7", "0,0 0.0"),
        # New therapy whose start is not entered.
        ({"subsequent_therapy": UNDATED, "follow_up": alive("2022-09-01")}, "175,0 5.7", "NE,NE NE"),
        # Assessments after death are none.
        (
            {"response": visits(("2022-05-01", "PR"), ("2022-10-01", "PR")), "subsequent_therapy": JUNE_1},
            "205,0 6.7",
            "52,0 1.7",
        ),
    ],
)
def test_progression_free_survival(forms: dict[str, Any], paper: str, censored: str) -> None:
    assert endpoint(derived(started(**forms)), "pfs") == paper
    assert endpoint(derived(started(**forms), CENSOR), "pfs") == censored


def line_of(number: Any, start: Any, *drugs: str) -> dict[str, Any]:
    return {"subs_line_no": number, "subs_start": start, "subs_drugs": list(drugs) or NK}


@pytest.mark.parametrize(
    ("lines", "ttnt"),
    [
        ([line_of(2, "2022-08-01", "CAR"), line_of(1, "2022-06-01", "TEC")], "83,1 2.7"),
        ([line_of(1, "2022-06-01", "RT"), line_of(2, "2022-08-01", "ASCT")], "144,1 4.7"),
        ([line_of(1, "2022-06-01", "PALL", "RT")], "175,2 5.7"),
        ([line_of(1, "2022-06-01", "RT", "CYC")], "83,1 2.7"),
        ([line_of(1, "2022-06-01")], "83,1 2.7"),
        ([line_of(1, None, "TEC")], "NE,NE NE"),
        ([line_of(1, None, "TEC"), line_of(2, "2022-06-01", "CAR")], "NE,NE NE"),
        ([line_of(2, None, "TEC"), line_of(1, "2022-06-01", "CAR")], "83,1 2.7"),
        ([line_of(1, "2022-03-01", "TEC")], "NE,NE NE"),
        ([line_of(1, "2022-09-01", "TEC")], "175,1 5.7"),
        # Dated after the death: the death came first.
        ([line_of(1, "2022-09-02", "TEC")], "175,2 5.7"),
    ],
)
def test_time_to_next_treatment(lines: list[Any], ttnt: str) -> None:
    case = started(subsequent_therapy=lines, follow_up=dead("2022-09-01"))
    assert endpoint(derived(case), "ttnt", "status") == ttnt
    case = started(subsequent_therapy=lines[::-1], follow_up=dead("2022-09-01"))
    assert endpoint(derived(case), "ttnt", "status") == ttnt


def test_nothing_starts_without_a_start() -> None:
    answers = derived({"follow_up": dead("2022-09-01"), "subsequent_therapy": therapy("2022-06-01")})
    for name in ("os_days", "pfs_days", "pfs_type", "ttnt_days", "ttnt_status"):
        assert answers[name].reason == "The first dose of IsaPd is missing"
    assert shown(derived({"follow_up": dead("2022-09-01")}, CENSOR)["pfs_days"]) == "NE"


def test_no_endpoint_of_a_treatment_after_the_cutoff() -> None:
    case = started(progression=progressed("2022-06-01"), subsequent_therapy=therapy("2022-07-01"))
    answers = derived(case, cutoff=date(2022, 3, 1))
    for name in ("os_days", "pfs_days", "ttnt_status"):
        assert answers[name].reason == "IsaPd began after the end of observation"
