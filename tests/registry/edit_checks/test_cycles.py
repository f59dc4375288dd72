"""C24 starts, C26 isatuximab, C28 pomalidomide, C29 infusions."""

from typing import Any

import pytest

from registry.edit_checks.rules import Rules
from tests.registry.derivations.build import NK, started
from tests.registry.edit_checks.fired import Fired, fired, severities


def cycles(*rows: dict[str, Any]) -> dict[str, Any]:
    return started(isapd_cycle=list(rows))


def cycle(number: Any, start: Any = None, **more: Any) -> dict[str, Any]:
    return {"cycle_no": number, "cycle_start": start} | more


@pytest.mark.parametrize(
    ("second", "severity"),
    [
        ("2022-03-24", "error"),
        ("2022-03-30", "error"),
        ("2022-03-31", None),
        ("2022-04-07", None),
        ("2022-05-05", None),
        ("2022-05-06", "warning"),
        ("2022-03-10", "error"),
        ("2022-03-09", "error"),
        (None, None),
    ],
)
def test_c24_interval(second: str | None, severity: str | None) -> None:
    found = fired("C24", cycles(cycle(2, second), cycle(1, "2022-03-10")))
    text = "Check cycle 2 start."
    assert found == ([Fired(severity, "isapd_cycle", 0, "cycle_start", text)] if severity else [])


def test_c24_interval_by_the_rules() -> None:
    case = cycles(cycle(1, "2022-03-10"), cycle(2, "2022-03-30"))
    assert severities("C24", case, rules=Rules(cycle_days_min=20)) == []
    assert severities("C24", case, rules=Rules(cycle_days_min=7, cycle_days_max=14)) == ["warning"]


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ([1, 2, 3], []),
        ([3, 1, 2], []),
        ([1, 3], [(1, 3)]),
        ([2], [(0, 2)]),
        ([1, 2, 2], [(2, 2)]),
        ([1, None], []),
        ([], []),
    ],
)
def test_c24_numbers_run_from_1(numbers: list[Any], wrong: list[tuple[int, int]]) -> None:
    found = fired("C24", cycles(*(cycle(number) for number in numbers)))
    assert found == [
        Fired("error", "isapd_cycle", index, "cycle_no", f"Check cycle {number} start.")
        for index, number in wrong
    ]


ISATUXIMAB = {
    "400 mg, 70 kg": ((400, 1, 70), "5.71 mg/kg; isatuximab is 10 mg/kg."),
    "700 mg": ((700, 1, 70), ""),
    "2800 mg in 4": ((2800, 4, 70), ""),
    "9 mg/kg": ((1260, 2, 70), ""),
    "below 9": (("1259.9", 2, 70), "9 mg/kg; isatuximab is 10 mg/kg."),
    "11 mg/kg": ((1540, 2, 70), ""),
    "above 11": ((1541, 2, 70), "11.01 mg/kg; isatuximab is 10 mg/kg."),
    "pounds": ((700, 1, {"value": "154.3", "unit": "[lb_av]"}), ""),
    "nothing given": ((0, 0, 70), ""),
    "total NK": ((NK, 1, 70), ""),
    "infusions NK": ((700, NK, 70), ""),
    "weight 0": ((700, 1, 0), ""),
    "weight NK": ((700, 1, NK), ""),
}


@pytest.mark.parametrize(("given", "text"), ISATUXIMAB.values(), ids=ISATUXIMAB)
def test_c26_isatuximab_per_kilogram(given: tuple[Any, Any, Any], text: str) -> None:
    total, infusions, weight = given
    case = cycles(cycle(1, isa_total_mg=total, isa_infusions_n=infusions, cycle_weight_kg=weight))
    assert fired("C26", case) == ([Fired("warning", "isapd_cycle", 0, "isa_total_mg", text)] if text else [])


def test_c26_by_the_weight_last_known() -> None:
    dose = {"isa_total_mg": 700, "isa_infusions_n": 1}
    case = cycles(cycle(2, **dose, cycle_weight_kg=60), cycle(1, **dose), cycle(3, **dose))
    case["baseline"] = {"weight_kg": 70}
    assert [found.index for found in fired("C26", case)] == [0, 2]


@pytest.mark.parametrize(
    ("daily", "total", "fires"),
    [
        ("3", 84, True),
        ("3", 63, False),
        ("3", "63.1", True),
        ("4", 84, False),
        ("4", 85, True),
        (NK, 84, False),
        (NK, 85, True),
        ("0", 4, True),
        ("0", 0, False),
        ("3", NK, False),
    ],
)
def test_c28_pomalidomide_total(daily: Any, total: Any, fires: bool) -> None:
    text = "Pomalidomide total does not match the daily dose."
    found = fired("C28", cycles(cycle(1, pom_daily_mg=daily, pom_total_mg=total)))
    assert found == ([Fired("warning", "isapd_cycle", 0, "pom_total_mg", text)] if fires else [])


@pytest.mark.parametrize(
    ("doses", "fires"),
    [(("3", "4"), True), (("4", "3"), False), (("3", "3"), False), ((NK, "4"), False), (("3", NK), False)],
)
def test_c28_daily_dose_that_rises(doses: tuple[Any, Any], fires: bool) -> None:
    first, second = doses
    found = fired("C28", cycles(cycle(2, pom_daily_mg=second), cycle(1, pom_daily_mg=first)))
    text = "Pomalidomide 4 mg after 3 mg in the cycle before: intended?"
    assert found == ([Fired("warning", "isapd_cycle", 0, "pom_daily_mg", text)] if fires else [])


@pytest.mark.parametrize(
    ("number", "count", "total", "fires"),
    [
        (2, 3, 2100, True),
        (2, 2, 1400, False),
        (1, 4, 2800, False),
        (1, 5, 2800, True),
        (1, 0, 700, True),
        (1, 1, 0, True),
        (1, 0, 0, False),
        (1, 0, NK, False),
        (None, 3, 2100, False),
        (2, NK, 2100, False),
    ],
)
def test_c29_infusions_and_dose(number: Any, count: Any, total: Any, fires: bool) -> None:
    found = fired("C29", cycles(cycle(number, isa_infusions_n=count, isa_total_mg=total)))
    text = "Infusion count and dose disagree."
    assert found == ([Fired("error", "isapd_cycle", 0, "isa_infusions_n", text)] if fires else [])
