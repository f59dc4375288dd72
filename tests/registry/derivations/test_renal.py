"""D05 Cockcroft–Gault, D06 CKD-EPI 2021."""

from fractions import Fraction
from typing import Any

import pytest

from registry.derivations.months import half_up
from tests.registry.derivations.build import NK, derived, shown, started

CRCL = {
    "67, 62, 1.0, F | 53.4 | <60": (67, 62, "1.0", "F", "53.4", "<60"),
    "67, 75, 0.9, M | 84.5 | ≥60": (67, 75, "0.9", "M", "84.5", "≥60"),
    "80, 72, 1.0, M | 60.0 exactly | ≥60": (80, 72, "1.0", "M", "60.0", "≥60"),
    "67, 75, 110 µmol/L, M | 61.1 | ≥60": (
        67,
        75,
        {"value": "110", "unit": "umol/L"},
        "M",
        "61.1",
        "≥60",
    ),
    "70, 60, 1.0, F | 49.6 (CKD-EPI 60.6: **opposite group**) | <60": (70, 60, "1.0", "F", "49.6", "<60"),
}
MISSING = {"weight NK | NE | NE": None}
EGFR = {
    '55, 0.9, F | 75.5 (published check: "about 76")': (55, "0.9", "F", "75.5"),
    "67, 0.9, M | 93.6": (67, "0.9", "M", "93.6"),
    "67, 1.0, F | 61.7": (67, "1.0", "F", "61.7"),
    "80, 5.0, F | 8.3": (80, "5.0", "F", "8.3"),
    "70, 1.0, F | 60.6": (70, "1.0", "F", "60.6"),
}


def patient(age: int, creatinine: Any, sex: Any, **baseline: Any) -> dict[str, Any]:
    return started(
        "2022-03-10",
        demographics={"birth_date": f"{2022 - age}-03-01", "sex": sex},
        baseline={"creatinine": creatinine, **baseline},
    )


@pytest.mark.parametrize(("age", "weight", "creatinine", "sex", "crcl", "group"), CRCL.values(), ids=CRCL)
def test_cockcroft_gault(age: int, weight: int, creatinine: Any, sex: str, crcl: str, group: str) -> None:
    answers = derived(patient(age, creatinine, sex, weight_kg=weight, dialysis="N"))
    found = answers["crcl_cg"].value
    assert isinstance(found, Fraction)
    assert half_up(found) == crcl
    assert answers["crcl_group"].value == group


@pytest.mark.parametrize("row", MISSING)
def test_no_weight_no_clearance(row: str) -> None:
    answers = derived(patient(67, "1.0", "F", weight_kg=NK))
    assert [shown(answers[name]) for name in ("crcl_cg", "crcl_group")] == ["NE", "NE"]
    assert shown(answers["egfr_ckdepi2021"]) != "NE"


def test_sixty_is_decided_on_the_exact_number() -> None:
    assert derived(patient(80, "1.0", "M", weight_kg=72))["crcl_cg"].value == Fraction(60)
    assert derived(patient(80, "1.0001", "M", weight_kg=72))["crcl_group"].value == "<60"


def test_dialysis_is_below_sixty_without_a_clearance() -> None:
    answers = derived(patient(67, "1.0", "F", weight_kg=62, dialysis="Y"))
    assert shown(answers["crcl_cg"]) == "NE"
    assert answers["crcl_group"].value == "<60"


@pytest.mark.parametrize(("age", "creatinine", "sex", "egfr"), EGFR.values(), ids=EGFR)
def test_ckd_epi(age: int, creatinine: str, sex: str, egfr: str) -> None:
    found = derived(patient(age, creatinine, sex))["egfr_ckdepi2021"].value
    assert isinstance(found, float)
    assert f"{found:.1f}" == egfr


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (patient(67, NK, "F", weight_kg=62), "Creatinine is missing"),
        (started(baseline={"creatinine": 1, "weight_kg": 62}), "The sex is missing"),
        (
            started(baseline={"creatinine": 1, "weight_kg": 62}, demographics={"sex": "M"}),
            "The date of birth is missing",
        ),
        (patient(67, "0", "F", weight_kg=62), "Creatinine is not above zero"),
    ],
)
def test_any_missing_input_is_not_evaluable(case: dict[str, Any], reason: str) -> None:
    answers = derived(case)
    for name in ("crcl_cg", "crcl_group", "egfr_ckdepi2021"):
        assert (shown(answers[name]), answers[name].reason) == ("NE", reason)
