"""C30 after progression, C33 computed response, C34 CR, C35 progression dates, C36, C37, C51."""

from typing import Any

import pytest

from registry.edit_checks.rules import Rules
from tests.registry.derivations.build import (
    NK,
    alive,
    dead,
    progressed,
    started,
    therapy,
    visits,
)
from tests.registry.derivations.fixture_e import CASE
from tests.registry.edit_checks.fired import Fired, fired, severities

AFTER = "Response PR after progression on 2022-09-01: unconfirmed PD?"


@pytest.mark.parametrize(
    ("assessments", "forms", "severity"),
    [
        ((("2022-09-01", "PD"), ("2022-10-01", "PR")), {"progression": progressed("2022-09-01")}, "query"),
        ((("2022-09-01", "PD"), ("2022-10-01", "PR")), {}, "query"),
        ((("2022-09-01", "PD"), ("2022-09-15", "PD")), {"progression": progressed("2022-09-01")}, None),
        (
            (("2022-09-01", "PD"), ("2022-10-01", "PR")),
            {"progression": progressed("2022-09-01", pd_confirmed="Y")},
            "error",
        ),
        (
            (("2022-09-01", "PD"), ("2022-10-01", "PR")),
            {"progression": progressed("2022-09-01", pd_confirmed="N")},
            "query",
        ),
        ((("2022-09-01", "PD"), ("2022-10-01", "NE")), {"progression": progressed("2022-09-01")}, None),
        # A response on the day of progression is not after it; one after the next therapy is that therapy's.
        ((("2022-04-01", "SD"), ("2022-09-01", "PR")), {"progression": progressed("2022-09-01")}, None),
        ((("2022-09-01", "PD"), ("2022-10-01", "PR")), {"subsequent_therapy": therapy("2022-09-30")}, None),
        (
            (("2022-09-01", "PD"), ("2022-10-01", "PR")),
            {"subsequent_therapy": therapy("2022-10-01")},
            "query",
        ),
        (
            (("2022-09-01", "PD"), ("2022-10-01", "PR")),
            {"subsequent_therapy": [{"subs_line_no": 1, "subs_drugs": ["TEC"]}]},
            None,
        ),
        ((("2022-04-01", "SD"), ("2022-10-01", "PR")), {}, None),
    ],
)
def test_c30_response_after_progression(
    assessments: tuple[tuple[str, str], ...], forms: dict[str, Any], severity: str | None
) -> None:
    found = fired("C30", started(response=visits(*assessments), **forms))
    assert found == ([Fired(severity, "response", 1, "resp_investigator", AFTER)] if severity else [])


def test_c30_looks_past_rows_without_a_date() -> None:
    rows = [{"resp_investigator": "PR"}, *visits(("2022-09-01", "PD"), ("2022-10-01", "SCR"))]
    assert [found.text for found in fired("C30", started(response=rows))] == [
        "Response sCR after progression on 2022-09-01: unconfirmed PD?"
    ]


def measured(investigator: Any, serum: Any, when: Any = "2022-05-05", **more: Any) -> dict[str, Any]:
    return {"resp_date": when, "resp_investigator": investigator, "resp_serum_m": serum} | more


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (measured("PR", "2.9"), "Computed SD; you entered PR."),
        (measured("VGPR", "0.3", resp_urine_m="60"), ""),
        (measured("VGPR", "0.3"), "Computed PR (urine); you entered VGPR."),
        (
            measured("CR", None, resp_serum_ife="NEG", resp_urine_ife="NEG"),
            "Computed VGPR (marrow); you entered CR.",
        ),
        (
            measured("SCR", None, resp_serum_ife="NEG", resp_urine_ife="NEG", resp_bmpc_pct="2"),
            "Computed CR (flc ratio, clonality); you entered sCR.",
        ),
        (measured("SD", "3.8"), "Computed PD; you entered SD."),
        # Nothing to compare: no value, no answer, no date, a date before the start.
        (measured("PR", NK), ""),
        (measured("NE", "2.9"), ""),
        (measured(None, "2.9"), ""),
        (measured("PR", "2.9", None), ""),
        (measured("PR", "2.9", "2022-03-10"), ""),
    ],
)
def test_c33_against_the_computed_response(row: dict[str, Any], text: str) -> None:
    case = started(baseline={"serum_m_protein": "3.0", "urine_m_protein": "50"}, response=[row])
    expected = [Fired("query", "response", 0, "resp_investigator", text)] if text else []
    assert fired("C33", case) == expected


def test_c33_finds_the_row_by_its_day_and_skips_days_with_two() -> None:
    rows = [measured("PR", "2.9", "2022-07-07"), measured("PR", "1.5"), measured("SD", "2.9", "2022-06-06")]
    case = started(baseline={"serum_m_protein": "3.0"}, response=rows)
    assert [found.index for found in fired("C33", case)] == [0, 2]
    twice = started(
        baseline={"serum_m_protein": "3.0"}, response=[*rows, measured("SCR", "2.9", "2022-07-07")]
    )
    assert [found.index for found in fired("C33", twice)] == [2]


CR_TEXT = "CR needs negative immunofixation and marrow <5 %."
COMPLETE = {
    "CR, IFE POS": ({"resp_serum_ife": "POS"}, "error"),
    "CR, POS, RESOLVED_DRUG": ({"resp_serum_ife": "POS", "mab_interference": "RESOLVED_DRUG"}, None),
    "CR, POS, SUSPECTED": ({"resp_serum_ife": "POS", "mab_interference": "SUSPECTED"}, "error"),
    "serum 0.1": ({"resp_serum_m": "0.1"}, "error"),
    "serum 0": ({"resp_serum_m": "0"}, None),
    "serum 0.1 of the drug": ({"resp_serum_m": "0.1", "mab_interference": "RESOLVED_DRUG"}, None),
    "urine POS": ({"resp_urine_ife": "POS", "mab_interference": "RESOLVED_DRUG"}, "error"),
    "sCR": ({"resp_investigator": "SCR", "resp_serum_ife": "POS"}, "error"),
    "VGPR": ({"resp_investigator": "VGPR", "resp_serum_ife": "POS"}, None),
    "no marrow": ({"resp_bmpc_pct": None}, "query"),
    "marrow without a count": ({"resp_bmpc_pct": NK, "resp_bm_done": "Y"}, None),
    "no date": ({"resp_date": None}, None),
}


@pytest.mark.parametrize(("entries", "severity"), COMPLETE.values(), ids=COMPLETE)
def test_c34_complete_response(entries: dict[str, Any], severity: str | None) -> None:
    row = measured("CR", None, resp_serum_ife="NEG", resp_bmpc_pct="3") | entries
    found = fired("C34", started(response=[row]))
    expected = [Fired(severity, "response", 0, "resp_investigator", CR_TEXT)] if severity else []
    assert found == expected


@pytest.mark.parametrize(
    ("marrow", "severity"),
    [
        ("2022-03-05", ["query"]),
        ("2022-03-06", []),
        ("2022-07-04", []),
        ("2022-07-05", ["query"]),
        (None, ["query"]),
    ],
)
def test_c34_marrow_within_60_days(marrow: str | None, severity: list[str]) -> None:
    rows = [
        measured("CR", None, "2022-05-05", resp_serum_ife="NEG"),
        measured("PR", None, marrow, resp_bm_done="Y", resp_bmpc_pct="3"),
    ]
    assert severities("C34", started("2022-01-10", response=rows)) == severity


@pytest.mark.parametrize(
    ("assessments", "progression", "variable"),
    [
        ((("2022-09-01", "PD"),), progressed("2022-10-20"), "pd_date"),
        ((("2022-09-01", "PD"),), progressed("2022-09-01"), None),
        ((("2022-09-01", "PD"),), progressed("2022-09-15"), None),
        ((("2022-09-01", "PD"),), progressed("2022-09-16"), "pd_date"),
        ((("2022-09-01", "PD"),), progressed("2022-08-17"), "pd_date"),
        ((("2022-09-15", "PD"), ("2022-09-01", "PD")), progressed("2022-08-18"), None),
        ((("2022-09-01", "PD"),), {"pd_occurred": "N"}, "pd_occurred"),
        ((("2022-09-01", "PD"),), {"pd_occurred": NK}, None),
        ((("2022-09-01", "PD"),), {}, None),
        ((("2022-09-01", "PR"),), {"pd_occurred": "N"}, None),
        ((("2022-09-01", "PR"),), progressed("2022-10-20"), None),
    ],
)
def test_c35_two_progression_dates(
    assessments: tuple[tuple[str, str], ...], progression: dict[str, Any], variable: str | None
) -> None:
    found = fired("C35", started(response=visits(*assessments), progression=progression))
    text = "Two progression dates."
    assert found == ([Fired("query", "progression", 0, variable, text)] if variable else [])


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        (["2022-05-05", "2022-05-05"], [1]),
        (["2022-05-05", "2022-06-02"], []),
        (["2022-03-10"], [0]),
        (["2022-03-09"], [0]),
        (["2022-03-11"], []),
        ([None, None], []),
    ],
)
def test_c36_dates_of_assessments(days: list[str | None], wrong: list[int]) -> None:
    found = fired("C36", started(response=[{"resp_date": day} for day in days]))
    text = "Duplicate or pre-treatment assessment."
    assert found == [Fired("error", "response", index, "resp_date", text) for index in wrong]


def test_c36_without_a_start() -> None:
    assert severities("C36", {"response": [{"resp_date": "2022-05-05"}] * 2}) == ["error"]


ON_TREATMENT = {"isapd_start_date": "2022-03-10", "isapd_ongoing": "N"}
TO_CONTACT, TO_START = ("follow_up", 0, "contact_date"), ("isapd_treatment", 0, "isapd_start_date")


@pytest.mark.parametrize(
    ("forms", "place"),
    [
        ({"follow_up": alive("2022-08-07")}, TO_CONTACT),
        ({"follow_up": alive("2022-08-07"), "response": visits(("2022-05-09", "NE"))}, None),
        ({"follow_up": alive("2022-06-18")}, None),
        ({"follow_up": alive("2022-06-19")}, TO_CONTACT),
        # An assessment before the start, or without a date, is none after it.
        ({"follow_up": alive("2022-08-07"), "response": visits(("2022-03-10", "SD"))}, TO_CONTACT),
        ({"follow_up": alive("2022-08-07"), "response": [{"resp_investigator": "SD"}]}, TO_CONTACT),
        ({"isapd_cycle": [{"cycle_start": "2022-08-07"}]}, TO_START),
        # Died on day 150; but in a month that is not known to be one of them.
        ({"follow_up": dead("2022-08-07")}, TO_START),
        ({"follow_up": dead("2022-06")}, None),
        # The form of the treatment alone: the assessments come after it.
        ({"isapd_treatment": {**ON_TREATMENT, "isapd_end_date": "2022-09-01"}}, None),
        ({}, None),
    ],
)
def test_c37_assessment_due(forms: dict[str, Any], place: tuple[str, int, str] | None) -> None:
    found = fired("C37", started(**forms))
    assert found == ([Fired("warning", *place, "No response assessment yet.")] if place else [])


def test_c37_at_the_last_contact_and_by_the_rules() -> None:
    case = started(follow_up=[*alive("2022-09-01"), {"vital_status": "ALIVE"}, *alive("2022-05-01")])
    assert [found.index for found in fired("C37", case)] == [0]
    assert severities("C37", case, rules=Rules(assessment_due_days=175)) == []
    assert severities("C37", {"follow_up": alive("2022-09-01")}) == []


@pytest.mark.parametrize(
    ("entries", "fires"),
    [
        ({"resp_new_lesion": "Y", "resp_investigator": "PR"}, True),
        ({"resp_new_lesion": "Y", "resp_investigator": "PD"}, False),
        ({"resp_lesion_increase": "Y", "resp_investigator": "NE"}, True),
        ({"resp_new_lesion": NK, "resp_lesion_increase": "Y", "resp_investigator": "SD"}, True),
        ({"resp_new_lesion": "N", "resp_investigator": "PR"}, False),
        ({"resp_new_lesion": "Y"}, False),
    ],
)
def test_c51_new_lesion(entries: dict[str, Any], fires: bool) -> None:
    found = fired("C51", started(response=[{"resp_date": "2022-05-05"} | entries]))
    text = "New lesion is progression by IMWG."
    assert found == ([Fired("query", "response", 0, "resp_investigator", text)] if fires else [])


def test_section_e_has_none_of_these() -> None:
    for check in ("C30", "C33", "C34", "C35", "C36", "C37", "C51"):
        assert fired(check, CASE) == []
