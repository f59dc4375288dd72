"""D15: daratumumab before IsaPd."""

from typing import Any

import pytest

from registry.derivations.months import half_up
from tests.registry.derivations.build import NK, START, derived, drug, line, shown, started, value

INTERVALS = {
    "2021-06-30 → 2022-03-10 | 253 d = 8.3 | yes | no": ("2021-06-30", 253, "8.3", "YES", "NO"),
    "2021-09-10 → 2022-03-10 | 181 d = 5.9 | yes | no": ("2021-09-10", 181, "5.9", "YES", "NO"),
    "2021-03-10 → 2022-03-10 | 365 d = 12.0 | yes | yes": ("2021-03-10", 365, "12.0", "YES", "YES"),
    "2021-03-11 → 2022-03-10 | 364 d = 12.0 | yes | **no**": ("2021-03-11", 364, "12.0", "YES", "NO"),
    "2021-05 → 2022-03-10 | 299 d = 9.8, imputed | yes | no": ("2021-05", 299, "9.8", "YES", "NO"),
}
NO_DARA = {"no DARA | NE; `dara_refractory` = NOT_EXPOSED | – | –": None}
NAMES = ("dara_isapd_interval_days", "dara_int_ge6", "dara_int_ge12")


def one_line(last: Any, **more: Any) -> dict[str, Any]:
    return started(prior_line=[line(1)], prior_line_drug=[drug("DARA", 1, drug_last_dose=last, **more)])


@pytest.mark.parametrize(("last", "days", "months", "ge6", "ge12"), INTERVALS.values(), ids=INTERVALS)
def test_interval(last: str, days: int, months: str, ge6: str, ge12: str) -> None:
    answers = derived(one_line(last))
    assert [answers[name].value for name in NAMES] == [days, ge6, ge12]
    assert half_up(answers["dara_isapd_interval_months"].value) == months
    assert ("imputed" in answers["dara_isapd_interval_days"].reason) is (last == "2021-05")


@pytest.mark.parametrize("row", NO_DARA)
def test_without_daratumumab(row: str) -> None:
    answers = derived(started(prior_line=[line(1)], prior_line_drug=[drug("LEN", 1)]))
    assert answers["dara_refractory"].value == "NOT_EXPOSED"
    for name in (
        *NAMES,
        "dara_line_last",
        "dara_regimen",
        "dara_cycles",
        "dara_pd_isapd_months",
        "lines_between_dara_isapd",
        "dara_last_therapy",
        "dara_isapd_interval_months",
    ):
        assert answers[name].reason == "No prior line contains daratumumab"
        assert answers[name].value is None


@pytest.mark.parametrize(
    ("last", "more", "days", "ge6"),
    [
        ("2022-03", {}, 0, "NO"),
        ("2021-09", {}, 176, "NE"),
        ("2021-05", {"drug_start": "2021-05-20"}, 294, "YES"),
        # The first dose, itself imputed as 2021-08-15, is the neighbor of the last.
        ("2021", {"drug_start": "2021-08"}, 207, "NE"),
        (NK, {}, "NE", "NE"),
        (None, {}, "NE", "NE"),
        ("2022-04-01", {}, "NE", "NE"),
    ],
)
def test_partial_and_missing_last_doses(last: Any, more: dict[str, Any], days: Any, ge6: str) -> None:
    answers = derived(one_line(last, **more))
    assert [shown(answers[name]) for name in NAMES[:2]] == [days, ge6]


def lines_with(*dara: tuple[int, Any], count: int = 3) -> dict[str, Any]:
    return started(
        prior_line=[line(number, f"{2014 + number}-01-01") for number in range(1, count + 1)],
        prior_line_drug=[drug("DARA", number, drug_last_dose=last) for number, last in dara],
    )


@pytest.mark.parametrize(
    ("dara", "between", "last_therapy"),
    [
        pytest.param(
            [(2, "2021-01-01")],
            1,
            "NO",
            id="3 prior lines, DARA in line 2 → lines between 1, last therapy no",
        ),
        pytest.param(
            [(1, "2019-01-01"), (3, "2021-01-01")],
            0,
            "YES",
            id="DARA in lines 1 and 3 of 3 → lines between 0, last therapy yes",
        ),
    ],
)
def test_lines_between(dara: list[Any], between: int, last_therapy: str) -> None:
    answers = derived(lines_with(*dara))
    assert answers["lines_between_dara_isapd"].value == between
    assert answers["dara_last_therapy"].value == last_therapy
    assert answers["dara_line_last"].value == dara[-1][0]


def test_lines_between_is_the_count_of_prior_lines_minus_the_number_of_the_last_with_daratumumab() -> None:
    # The first line certainly began with IsaPd: two prior lines are left, numbered 2 and 3.
    case = lines_with((2, "2021-01-01"))
    case["prior_line"][0]["line_start"] = START
    answers = derived(case)
    assert [answers[name].value for name in ("n_prior_lines", "lines_between_dara_isapd")] == [2, 0]
    # A number beyond the count is an error of numbering, never a negative count.
    case["prior_line_drug"][0]["line_no_ref"] = 3
    answers = derived(case)
    assert answers["lines_between_dara_isapd"].reason == "The prior lines are not numbered from 1 on"
    assert shown(answers["dara_last_therapy"]) == "NE"


def test_the_last_dose_of_any_line_counts() -> None:
    assert value(lines_with((1, "2021-01-01"), (3, "2020-01-01")), NAMES[0]) == 433
    # An earlier line's unknown date does not matter, the last one's does.
    assert value(lines_with((1, NK), (3, "2021-01-01")), NAMES[0]) == 433
    assert value(lines_with((1, "2021-01-01"), (3, NK)), NAMES[0]) == "NE"


def test_a_line_that_does_not_exist() -> None:
    answers = derived(lines_with((7, "2021-01-01")))
    assert (
        answers["dara_line_last"].reason
        == "The line of daratumumab is missing or is not one of the prior lines"
    )
    assert answers[NAMES[0]].value == 433


REGIMENS = {
    "DARA-LEN-DEX": ["DEX", "LEN", "DARA"],
    "DARA-BOR-DEX": ["DARA", "BOR", "PRED"],
    "DARA = single agent (± DEX)": ["DARA", "DEX"],
    "DARA-BOR-MEL-DEX": ["MEL", "PRED", "BOR", "DARA"],
    "DARA-BOR-THAL-DEX": ["THAL", "DARA", "BOR", "DEX", "PRED"],
    "DARA-BOR-CYC-DEX": ["CYC", "BOR", "DARA", "DEX"],
    "DARA-BOR-LEN-DEX": ["LEN", "BOR", "DARA", "DEX"],
}


@pytest.mark.parametrize(("name", "drugs"), REGIMENS.items(), ids=REGIMENS)
def test_the_seven_regimens_of_the_paper(name: str, drugs: list[str]) -> None:
    rows = [drug(code, 1, drug_phase=["IND"]) for code in drugs]
    case = started(prior_line=[line(1)], prior_line_drug=rows)
    assert value(case, "dara_regimen") == name.split(" ")[0]


def test_conditioning_and_later_phases_are_no_part_of_the_regimen() -> None:
    rows = [
        drug("DARA", 1, drug_phase=["IND", "CONS"]),
        drug("BOR", 1),
        drug("MEL", 1),
        drug("LEN", 1, drug_phase=["MAINT"]),
        drug("DEX", 1, drug_phase=NK),
    ]
    for transplant, regimen in (("AUTO1", "DARA-BOR-DEX"), ("NONE", "DARA-BOR-MEL-DEX")):
        case = started(prior_line=[line(1, line_transplant=transplant)], prior_line_drug=rows)
        assert value(case, "dara_regimen") == regimen
    case["prior_line_drug"][2]["drug_phase"] = ["IND"]
    assert (
        value(case | {"prior_line": [line(1, line_transplant="AUTO1")]}, "dara_regimen") == "DARA-BOR-MEL-DEX"
    )


def test_cycles_are_those_of_all_daratumumab_lines() -> None:
    lines = [line(number, line_cycles=cycles) for number, cycles in enumerate((6, 9, 12), 1)]
    rows = [drug("DARA", 1), drug("DARA", 3), drug("DARA", 3), drug("LEN", 2)]
    case = started(prior_line=lines, prior_line_drug=rows)
    assert value(case, "dara_cycles") == 18
    lines[0]["line_cycles"] = NK
    assert derived(case)["dara_cycles"].reason == "The number of cycles of a daratumumab line is missing"
    rows[0]["line_no_ref"] = None
    assert value(case, "dara_cycles") == "NE"


@pytest.mark.parametrize(
    ("of_the_line", "months", "reason"),
    [
        ({"line_progression_date": "2021-07-10"}, "8.0", "Computed from the entries"),
        ({"line_progression_date": "2021-07"}, "7.8", "From an imputed date"),
        (
            {"line_stop": "2021-06-30", "line_stop_reason": "PD"},
            "8.3",
            "Progression dated by the stop of the line, which stopped for it",
        ),
        ({"line_progression_date": NK}, None, "The progression on daratumumab is not dated"),
        ({"line_progression_date": "2022-03-11"}, None, "The date is after the start of IsaPd"),
        ({"line_start": NK, "line_progression_date": "2021-07-10"}, "8.0", "Computed from the entries"),
    ],
)
def test_from_progression_on_daratumumab(
    of_the_line: dict[str, Any], months: str | None, reason: str
) -> None:
    parent = line(1) | {"line_progressed": "Y"} | of_the_line
    answer = derived(started(prior_line=[parent], prior_line_drug=[drug("DARA", 1)]))["dara_pd_isapd_months"]
    assert answer.reason == reason
    assert (half_up(answer.value) if months else answer.value) == months


def test_without_the_start_of_isapd() -> None:
    case = {"prior_line": [line(1)], "prior_line_drug": [drug("DARA", 1, drug_last_dose="2021-01-01")]}
    answers = derived(case)
    for name in (*NAMES, "dara_pd_isapd_months", "lines_between_dara_isapd"):
        assert answers[name].reason == "The first dose of IsaPd is missing"
