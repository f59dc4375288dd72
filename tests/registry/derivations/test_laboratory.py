"""D07 LDH, D08 calcium and laboratory CRAB flags, D09 ISS, D28 hemoglobin cuts."""

from fractions import Fraction
from typing import Any

import pytest

from tests.registry.derivations.build import NK, derived, shown, started, value

LDH = {
    "245/245 → NORMAL": (245, 245, "NORMAL"),
    "246/245 → HIGH": (246, 245, "HIGH"),
    "300/– → NE": (300, None, "NE"),
}
CALCIUM = {
    "Ca 10.4, alb 2.5 → 11.60 (C positive)": ("10.4", "2.5", Fraction("11.60"), "YES"),
    "Ca 11.2, alb 4.2 → 11.04 (C positive)": ("11.2", "4.2", Fraction("11.04"), "YES"),
}
ISS = {
    "3.49 | 3.5 | I": ("3.49", "3.5", "I"),
    "3.5 | 4.0 | II": ("3.5", "4.0", "II"),
    "2.1 | 3.49 | II": ("2.1", "3.49", "II"),
    "5.49 | 3.0 | II": ("5.49", "3.0", "II"),
    "5.5 | 4.5 | III": ("5.5", "4.5", "III"),
    "6.1 | missing | III": ("6.1", NK, "III"),
    "4.0 | missing | II": ("4.0", NK, "II"),
    "2.0 | missing | NE (I or II)": ("2.0", NK, "NE"),
    "missing | 3.0 | NE": (NK, "3.0", "NE"),
}
HB = {
    "11.8 → false": ("11.8", "hb_lt_11_8", "NO"),
    "11.79 → true": ("11.79", "hb_lt_11_8", "YES"),
    "11.0 → false": ("11.0", "hb_lt_11_0", "NO"),
    "10.99 → true": ("10.99", "hb_lt_11_0", "YES"),
    "118 g/L → false": ({"value": "118", "unit": "g/L"}, "hb_lt_11_8", "NO"),
    "NK → NE": (NK, "hb_lt_11_8", "NE"),
}


def with_baseline(**entries: Any) -> dict[str, Any]:
    return started(baseline=entries)


@pytest.mark.parametrize(("ldh", "limit", "status"), LDH.values(), ids=LDH)
def test_ldh_against_the_limit_of_the_report(ldh: int, limit: int | None, status: str) -> None:
    assert value(with_baseline(ldh=ldh, ldh_uln_sample=limit), "ldh_status") == status


LABREFS = [
    {"labref_valid_from": "2022-06-01", "ldh_uln": 200},
    {"labref_valid_from": "2021-01-01", "ldh_uln": 300},
    {"labref_valid_from": "2020-01-01", "ldh_uln": 250},
    {"ldh_uln": 100},
]


@pytest.mark.parametrize(
    ("sampled", "status"),
    [
        ("2022-06-01", "HIGH"),
        ("2022-05-31", "NORMAL"),
        ("2020-12-31", "HIGH"),
        ("2019-12-31", "NE"),
        (None, "NE"),
    ],
)
@pytest.mark.parametrize("labrefs", [LABREFS, LABREFS[::-1]])
def test_ldh_against_the_range_of_the_day(sampled: str | None, status: str, labrefs: list[Any]) -> None:
    case = with_baseline(ldh=260, baseline_lab_date=sampled) | {"center_labref": labrefs}
    assert value(case, "ldh_status") == status


def test_ldh_missing() -> None:
    assert derived(with_baseline(ldh={"missing": "ND"}))["ldh_status"].reason == "LDH is missing"


@pytest.mark.parametrize(("calcium", "albumin", "corrected", "flag"), CALCIUM.values(), ids=CALCIUM)
def test_corrected_calcium(calcium: str, albumin: str, corrected: Fraction, flag: str) -> None:
    answers = derived(with_baseline(calcium_total=calcium, albumin=albumin))
    assert answers["calcium_corrected"].value == corrected
    assert answers["crab_lab_calcium"].value == flag


def test_calcium_without_albumin_stays_as_it_is_and_says_so() -> None:
    answer = derived(with_baseline(calcium_total="10.4", albumin=NK))["calcium_corrected"]
    assert answer.value == Fraction("10.4")
    assert answer.reason == "Albumin is missing: calcium is not corrected"


@pytest.mark.parametrize(
    ("entries", "name", "flag"),
    [
        ({"creatinine": "2.01"}, "crab_lab_renal", "YES"),
        ({"creatinine": "2"}, "crab_lab_renal", "NE"),
        ({}, "crab_lab_renal", "NE"),
        ({"hb": "9.99"}, "crab_lab_anemia", "YES"),
        ({"hb": "10"}, "crab_lab_anemia", "NO"),
        ({"bone_lesions_n": "1_3"}, "crab_lab_bone", "YES"),
        ({"bone_lesions_n": "0"}, "crab_lab_bone", "NO"),
        ({"calcium_total": "11", "albumin": "4"}, "crab_lab_calcium", "NO"),
    ],
)
def test_laboratory_crab(entries: dict[str, Any], name: str, flag: str) -> None:
    assert value(with_baseline(**entries), name) == flag


def test_a_clearance_of_forty_is_not_below_forty() -> None:
    case = started(
        demographics={"birth_date": "1942-01-01", "sex": "M"},
        baseline={"creatinine": "1.5", "weight_kg": 72, "dialysis": "N"},
    )
    assert value(case, "crcl_cg") == 40
    assert value(case, "crab_lab_renal") == "NO"


def test_low_clearance_is_renal_even_with_little_creatinine() -> None:
    case = started(
        demographics={"birth_date": "1932-01-01", "sex": "F"},
        baseline={"creatinine": "1.3", "weight_kg": 45, "dialysis": "N"},
    )
    assert value(case, "crab_lab_renal") == "YES"


@pytest.mark.parametrize(("b2m", "albumin", "stage"), ISS.values(), ids=ISS)
def test_iss(b2m: Any, albumin: Any, stage: str) -> None:
    assert value(with_baseline(b2m=b2m, albumin=albumin), "iss") == stage
    assert value(started(diagnosis={"dx_b2m": b2m, "dx_albumin": albumin}), "iss_dx") == stage


def test_iss_says_what_is_missing() -> None:
    assert derived(with_baseline(albumin=3))["iss"].reason == "β2-microglobulin is missing"
    assert derived(with_baseline(b2m=2))["iss"].reason == "Albumin is missing: stage I or II"
    assert derived(started())["iss_dx"].reason == "β2-microglobulin at diagnosis is missing"


@pytest.mark.parametrize(("hb", "name", "below"), HB.values(), ids=HB)
def test_hemoglobin_cuts(hb: Any, name: str, below: str) -> None:
    answers = derived(with_baseline(hb=hb))
    assert shown(answers[name]) == below
