"""D30: the dosing schedule of IsaPd."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.derivations.derived import Value, json_value
from registry.derivations.dosing import dex_dates, isa_dates, pom_dates
from registry.derivations.parameters import DEFAULT, DexAgeRule, Parameters
from tests.registry.derivations.build import NK, Raw, derived, started, value

SMPC = replace(DEFAULT, dex_age_rule=DexAgeRule.SMPC_GE75)

WHOLE_CYCLE = {
    "68 kg, 74 y, C1 2023-01-09 | Isa 680 mg (34 mL) on 01-09, 01-16, 01-23, 01-30; pom 01-09→01-29; "
    "dex 40 mg same four days": (
        1,
        "2023-01-09",
        ["2023-01-09", "2023-01-16", "2023-01-23", "2023-01-30"],
        ["2023-01-09", "2023-01-29"],
        ["2023-01-09", "2023-01-16", "2023-01-23", "2023-01-30"],
    ),
    "C2 2023-02-06 | Isa 680 mg 02-06, 02-20; pom →02-26; dex 02-06, -13, -20, -27": (
        2,
        "2023-02-06",
        ["2023-02-06", "2023-02-20"],
        ["2023-02-06", "2023-02-26"],
        ["2023-02-06", "2023-02-13", "2023-02-20", "2023-02-27"],
    ),
}
BY_AGE = {
    "age 74 / 75 / 76, PAPER_GT75 | dex 40 / **40** / 20": (DEFAULT, (40, 40, 20)),
    "age 74 / 75 / 76, SMPC_GE75 | dex 40 / **20** / 20": (SMPC, (40, 20, 20)),
}


def patient(age: int = 74, **forms: Any) -> Raw:
    return started(
        "2023-01-09",
        **{"demographics": {"birth_date": f"{2023 - age}-01-01"}, "baseline": {"weight_kg": 68}} | forms,
    )


@pytest.mark.parametrize(
    ("cycle", "first_day", "isatuximab", "pomalidomide", "dexamethasone"),
    WHOLE_CYCLE.values(),
    ids=WHOLE_CYCLE,
)
def test_a_cycle(
    cycle: int, first_day: str, isatuximab: list[str], pomalidomide: list[str], dexamethasone: list[str]
) -> None:
    first = date.fromisoformat(first_day)
    assert json_value(isa_dates(cycle, first).value) == isatuximab
    assert json_value(pom_dates(first).value) == pomalidomide
    assert json_value(dex_dates(first).value) == dexamethasone
    doses = derived(patient())
    assert [doses[name].value for name in ("isa_dose_mg", "isa_volume_ml", "dex_dose_by_age")] == [
        680,
        34,
        40,
    ]


def test_of_a_case_the_days_of_its_first_cycle_are_answered() -> None:
    days = derived(patient())
    assert days["isa_dates"].to_json()["value"] == ["2023-01-09", "2023-01-16", "2023-01-23", "2023-01-30"]
    assert days["pom_dates"].to_json()["value"] == ["2023-01-09", "2023-01-29"]
    assert days["dex_dates"].value == days["isa_dates"].value


@pytest.mark.parametrize(("parameters", "doses"), BY_AGE.values(), ids=BY_AGE)
def test_dexamethasone_by_age(parameters: Parameters, doses: tuple[int, ...]) -> None:
    found = [value(patient(age), "dex_dose_by_age", parameters=parameters) for age in (74, 75, 76)]
    assert tuple(found) == doses


@pytest.mark.parametrize(
    ("cycles", "expected"),
    [
        ([{"cycle_no": 1, "cycle_weight_kg": 70}], 700),
        ([{"cycle_no": 1, "cycle_weight_kg": NK}], 680),
        ([{"cycle_no": 2, "cycle_weight_kg": 70}], 680),
        ([{"cycle_no": 1, "cycle_weight_kg": 70}, {"cycle_no": 1, "cycle_weight_kg": 71}], 680),
    ],
)
def test_cycle_1_is_dosed_by_its_own_weight(cycles: list[Raw], expected: Value) -> None:
    assert value(patient(isapd_cycle=cycles), "isa_dose_mg") == expected


def test_what_is_missing_is_named() -> None:
    found = derived({})
    reasons = {
        name: found[name].reason
        for name in ("isa_dose_mg", "isa_volume_ml", "isa_dates", "pom_dates", "dex_dates", "dex_dose_by_age")
    }
    assert reasons == {
        "isa_dose_mg": "The weight used for dosing is missing",
        "isa_volume_ml": "The weight used for dosing is missing",
        "isa_dates": "The first dose of IsaPd is missing",
        "pom_dates": "The first dose of IsaPd is missing",
        "dex_dates": "The first dose of IsaPd is missing",
        "dex_dose_by_age": "The date of birth is missing",
    }
