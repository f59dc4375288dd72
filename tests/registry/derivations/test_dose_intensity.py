"""D31: delay of cycles, relative total dose and relative dose intensity."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from registry.derivations.months import half_up
from tests.registry.derivations.build import NK, Raw, derived, started, value

STARTS = ("2023-01-09", "2023-02-06", "2023-03-20")
GIVEN = (
    {"isa_total_mg": 2800, "pom_total_mg": 84, "dex_weekly_mg": 40, "dex_doses_n": 4},
    {"isa_total_mg": 1400, "pom_total_mg": 63, "dex_weekly_mg": 40, "dex_doses_n": 4},
    {"isa_total_mg": 700, "pom_total_mg": 42, "dex_weekly_mg": 40, "dex_doses_n": 2},
)
EXAMPLES = {
    "isatuximab 2800+1400+700 | 4900/5600 mg | 87.5 % | 75.0 %": ("isatuximab", 4900, 5600, "87.5", "75.0"),
    "pomalidomide 84+63+42 | 189/252 mg | 75.0 % | 64.3 %": ("pomalidomide", 189, 252, "75.0", "64.3"),
    "dexamethasone 160+160+80 | 400/480 mg | 83.3 % | 71.4 %": ("dexamethasone", 400, 480, "83.3", "71.4"),
}


def cycle(number: int, **more: Any) -> Raw:
    return {"cycle_no": number, "cycle_start": STARTS[number - 1], **GIVEN[number - 1], **more}


def patient(*cycles: Raw, **forms: Any) -> Raw:
    case = {"demographics": {"birth_date": "1953-01-01"}, "baseline": {"weight_kg": 70}} | forms
    return started(STARTS[0], isapd_cycle=list(cycles), **case)


THREE = (cycle(1), cycle(2), cycle(3))


def percent(share: Any) -> str:
    assert isinstance(share, Fraction)
    return half_up(share * 100)


@pytest.mark.parametrize(("drug", "given", "planned", "rtd", "rdi"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples(drug: str, given: int, planned: int, rtd: str, rdi: str) -> None:
    found = derived(patient(*THREE))
    assert found[f"given_mg_{drug}"].value == given
    assert found[f"planned_mg_{drug}"].value == planned
    assert percent(found[f"rtd_{drug}"].value) == rtd
    assert percent(found[f"rdi_{drug}"].value) == rdi


def test_delays_of_the_example() -> None:
    found = derived(patient(*reversed(THREE)))
    assert found["n_cycles"].value == 3
    assert found["cycle_delay_days"].value == (0, 14)
    assert found["cycles_delayed"].value == 1


@pytest.mark.parametrize(
    ("second", "delay", "late"), [("2023-02-09", 3, 0), ("2023-02-10", 4, 1), ("2023-01-30", -7, 0)]
)
def test_a_cycle_is_late_by_more_than_three_days(second: str, delay: int, late: int) -> None:
    found = derived(patient(cycle(1), cycle(2, cycle_start=second)))
    assert found["cycle_delay_days"].value == (delay,)
    assert found["cycles_delayed"].value == late


def test_one_cycle_has_no_delay_and_an_intensity() -> None:
    found = derived(patient(cycle(1)))
    assert found["cycle_delay_days"].to_json() == {
        "value": [],
        "status": "OK",
        "reason": "Only one cycle was started",
    }
    assert found["cycles_delayed"].value == 0
    assert found["rtd_isatuximab"].value == found["rdi_isatuximab"].value == 1


def test_cycles_after_the_cutoff_are_not_counted() -> None:
    assert value(patient(*THREE), "n_cycles", cutoff=date(2023, 3, 19)) == 2
    assert value(patient(*THREE), "n_cycles", cutoff=date(2023, 3, 20)) == 3


@pytest.mark.parametrize(
    ("cycles", "reason"),
    [
        ([], "No cycle of IsaPd is recorded"),
        ([cycle(1), cycle(2, cycle_start="")], "The start of a cycle is missing"),
        ([cycle(1), cycle(3)], "The cycles are not numbered from 1 on, each once"),
        ([cycle(1), cycle(1)], "The cycles are not numbered from 1 on, each once"),
        ([cycle(1), cycle(2, cycle_no="")], "The cycles are not numbered from 1 on, each once"),
        ([cycle(1), cycle(2, cycle_start=STARTS[0])], "A cycle starts no later than the one before it"),
    ],
)
def test_cycles_that_cannot_be_counted(cycles: list[Raw], reason: str) -> None:
    found = derived(patient(*cycles))
    for name in ("n_cycles", "cycle_delay_days", "cycles_delayed", "rtd_isatuximab", "rdi_dexamethasone"):
        assert found[name].value is None
        assert found[name].reason == reason


def test_the_last_known_weight_counts() -> None:
    heavier = patient(cycle(1), cycle(2, cycle_weight_kg=80), cycle(3, cycle_weight_kg=NK))
    assert value(heavier, "planned_mg_isatuximab") == 2800 + 1600 + 1600
    unknown = derived(patient(*THREE, baseline={}))
    assert unknown["planned_mg_isatuximab"].reason == "The weight used for dosing is missing"
    assert unknown["rtd_isatuximab"].reason == "The weight used for dosing is missing"
    assert unknown["given_mg_isatuximab"].value == 4900
    assert value(patient(cycle(1, cycle_weight_kg=0)), "planned_mg_isatuximab") == "NE"


@pytest.mark.parametrize(
    ("drug", "gap"),
    [
        ("isatuximab", {"isa_total_mg": NK}),
        ("isatuximab", {"isa_total_mg": ""}),
        ("pomalidomide", {"pom_total_mg": NK}),
        ("dexamethasone", {"dex_weekly_mg": NK}),
        ("dexamethasone", {"dex_doses_n": NK}),
    ],
)
def test_one_missing_total_leaves_the_drug_open(drug: str, gap: Raw) -> None:
    found = derived(patient(cycle(1), cycle(2, **gap), cycle(3)))
    assert {name for name in found if name.endswith(drug) and not found[name].is_ok} == {
        f"given_mg_{drug}",
        f"rtd_{drug}",
        f"rdi_{drug}",
    }
    assert drug in found[f"rdi_{drug}"].reason


@pytest.mark.parametrize("nothing", [{"dex_weekly_mg": 0, "dex_doses_n": NK}, {"dex_doses_n": 0}])
def test_no_dose_of_dexamethasone_is_a_total(nothing: Raw) -> None:
    case = patient(cycle(1), cycle(2), cycle(3, **{"dex_weekly_mg": NK} | nothing))
    assert value(case, "given_mg_dexamethasone") == 320


@pytest.mark.parametrize(
    ("drug", "total", "stop", "last_dose", "given", "planned"),
    [
        ("isatuximab", "isa_total_mg", "ISA_STOP", "isa_last_dose_date", 4200, 5600),
        ("pomalidomide", "pom_total_mg", "POM_STOP", "pom_last_dose_date", 147, 252),
        ("dexamethasone", "dex_doses_n", "DEX_STOP", None, 320, 480),
    ],
)
def test_after_a_drug_was_stopped_its_cycles_count_as_planned_and_not_given(
    drug: str, total: str, stop: str, last_dose: str | None, given: int, planned: int
) -> None:
    blank = cycle(3, **{total: ""})
    stopped = patient(cycle(1), cycle(2, cycle_modification=[stop]), blank)
    assert value(stopped, f"given_mg_{drug}") == given
    assert value(stopped, f"planned_mg_{drug}") == planned
    # In the cycle in which it was stopped, some of it may have been given.
    in_the_same = patient(cycle(1), cycle(2), blank | {"cycle_modification": [stop]})
    assert value(in_the_same, f"given_mg_{drug}") == "NE"
    if last_dose:
        treatment = {"isapd_start_date": STARTS[0], last_dose: "2023-03-19"}
        assert value(
            patient(cycle(1), cycle(2), blank) | {"isapd_treatment": treatment}, f"given_mg_{drug}"
        ) == (given)
        on_day_1 = treatment | {last_dose: STARTS[2]}
        case = patient(cycle(1), cycle(2), blank) | {"isapd_treatment": on_day_1}
        assert value(case, f"given_mg_{drug}") == "NE"


def test_what_was_given_after_a_stop_counts() -> None:
    case = patient(cycle(1), cycle(2, cycle_modification=["ISA_STOP", "DELAY"]), cycle(3))
    assert value(case, "given_mg_isatuximab") == 4900


def test_dexamethasone_is_planned_by_age() -> None:
    old = derived(patient(*THREE, demographics={"birth_date": "1946-01-01"}))
    assert old["planned_mg_dexamethasone"].value == 240
    unknown = derived(patient(*THREE, demographics={}))
    assert unknown["rdi_dexamethasone"].reason == "The date of birth is missing"
