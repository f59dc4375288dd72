"""C13 reported ISS, C14 LDH, C15 CRAB, C50 baseline samples."""

from typing import Any

import pytest

from registry.edit_checks.rules import Rules
from tests.registry.derivations.build import NK, started
from tests.registry.edit_checks.fired import Fired, fired, severities


@pytest.mark.parametrize(
    ("reported", "b2m", "albumin", "text"),
    [
        ("I", "6.0", None, "Reported ISS I; β2M/albumin give III."),
        ("III", "6.0", None, ""),
        ("II", "3.49", "3.5", "Reported ISS II; β2M/albumin give I."),
        ("I", "3.49", "3.5", ""),
        # Stage I or II: nothing contradicts III for certain.
        ("III", "2.0", NK, ""),
        ("I", NK, "3.0", ""),
        (NK, "6.0", "3.0", ""),
        (None, "6.0", "3.0", ""),
    ],
)
def test_c13_reported_stage(reported: Any, b2m: Any, albumin: Any, text: str) -> None:
    case = {"diagnosis": {"iss_dx_reported": reported, "dx_b2m": b2m, "dx_albumin": albumin}}
    expected = [Fired("query", "diagnosis", 0, "iss_dx_reported", text)] if text else []
    assert fired("C13", case) == expected


@pytest.mark.parametrize(
    ("baseline", "labrefs", "fires"),
    [
        ({"ldh": 300}, [], True),
        ({"ldh": 300, "ldh_uln_sample": 245}, [], False),
        ({"ldh": 300, "baseline_lab_date": "2022-03-08"}, [("2021-01-01", 245)], False),
        # The range came into force after the sample; without a date of sample none is valid.
        ({"ldh": 300, "baseline_lab_date": "2022-03-08"}, [("2022-03-09", 245)], True),
        ({"ldh": 300}, [("2021-01-01", 245)], True),
        ({"ldh": NK}, [], False),
        ({}, [], False),
    ],
)
def test_c14_ldh_without_its_limit(
    baseline: dict[str, Any], labrefs: list[tuple[str, int]], fires: bool
) -> None:
    ranges = [{"labref_valid_from": since, "ldh_uln": limit} for since, limit in labrefs]
    case = started(baseline=baseline, center_labref=ranges)
    text = "LDH needs the laboratory's upper limit."
    expected = [Fired("error", "baseline", 0, "ldh_uln_sample", text)] if fires else []
    assert fired("C14", case) == expected


BODY = {"weight_kg": 70, "dialysis": "N"}
CRAB = {
    "anemia Y, Hb 13.1": ({"crab_anemia": "Y", "hb": "13.1"}, "crab_anemia"),
    "anemia Y, Hb 12": ({"crab_anemia": "Y", "hb": "12"}, "crab_anemia"),
    "anemia N, Hb 9.99": ({"crab_anemia": "N", "hb": "9.99"}, "crab_anemia"),
    "anemia N, Hb 99 g/L": ({"crab_anemia": "N", "hb": {"value": "99", "unit": "g/L"}}, "crab_anemia"),
    "calcium Y, 11.0": ({"crab_calcium": "Y", "calcium_total": "11.0", "albumin": "4"}, "crab_calcium"),
    "calcium N, 11.04 corrected": (
        {"crab_calcium": "N", "calcium_total": "10.4", "albumin": "3.2"},
        "crab_calcium",
    ),
    "renal Y, 1.0 and CrCl 84": ({"crab_renal": "Y", "creatinine": "1.0"} | BODY, "crab_renal"),
    "renal Y, exactly 2 and exactly 40": (
        {"crab_renal": "Y", "creatinine": "2", "weight_kg": "80", "dialysis": "N"},
        "crab_renal",
    ),
    "bone Y, no imaging": ({"crab_bone": "Y", "imaging_modality": ["NONE"]}, "crab_bone"),
}
NO_CRAB = {
    "Y, 9.4": {"crab_anemia": "Y", "hb": "9.4"},
    "anemia Y, Hb 11.99": {"crab_anemia": "Y", "hb": "11.99"},
    "anemia N, Hb 10": {"crab_anemia": "N", "hb": "10"},
    "anemia NK, Hb 9": {"crab_anemia": NK, "hb": "9"},
    "anemia Y, Hb NK": {"crab_anemia": "Y", "hb": NK},
    "calcium Y, 11.01": {"crab_calcium": "Y", "calcium_total": "11.01", "albumin": "4"},
    "calcium N, 11.0": {"crab_calcium": "N", "calcium_total": "11.0", "albumin": "4"},
    "renal Y, 2.01": {"crab_renal": "Y", "creatinine": "2.01"} | BODY,
    "renal Y, clearance below 40": {
        "crab_renal": "Y",
        "creatinine": "1.9",
        "weight_kg": "50",
        "dialysis": "N",
    },
    "renal Y, on dialysis": {"crab_renal": "Y", "creatinine": "1.0", "weight_kg": 70, "dialysis": "Y"},
    "renal N, 5.0": {"crab_renal": "N", "creatinine": "5.0"} | BODY,
    "bone Y, CT": {"crab_bone": "Y", "imaging_modality": ["WBLDCT"]},
    # Whether there was imaging is not said.
    "bone Y, NK": {"crab_bone": "Y", "imaging_modality": NK},
    "bone N, no imaging": {"crab_bone": "N", "imaging_modality": ["NONE"]},
}


def crab_case(baseline: dict[str, Any]) -> dict[str, Any]:
    # 68 years old at the start: with 80 kg and 2 mg/dL the clearance is exactly 40 mL/min.
    return started(demographics={"birth_date": "1954-01-01", "sex": "M"}, baseline=baseline)


@pytest.mark.parametrize(("baseline", "variable"), CRAB.values(), ids=CRAB)
def test_c15_answer_against_the_laboratory(baseline: dict[str, Any], variable: str) -> None:
    text = "CRAB answer disagrees with the laboratory value."
    assert fired("C15", crab_case(baseline)) == [Fired("query", "baseline", 0, variable, text)]


@pytest.mark.parametrize("baseline", NO_CRAB.values(), ids=NO_CRAB)
def test_c15_answer_the_laboratory_allows(baseline: dict[str, Any]) -> None:
    assert fired("C15", crab_case(baseline)) == []


@pytest.mark.parametrize(
    ("taken", "days"),
    [
        ("2022-01-24", -45),
        ("2022-03-04", None),
        ("2022-02-10", None),
        ("2022-02-09", -29),
        ("2022-03-10", None),
        ("2022-03-11", 1),
    ],
)
@pytest.mark.parametrize("variable", ["baseline_lab_date", "m_protein_date"])
def test_c50_baseline_sample(variable: str, taken: str, days: int | None) -> None:
    text = f"Baseline sample {days} days from start."
    expected = [] if days is None else [Fired("warning", "baseline", 0, variable, text)]
    assert fired("C50", started(baseline={variable: taken})) == expected


def test_c50_by_the_rules_and_only_with_a_start() -> None:
    sample = {"baseline": {"baseline_lab_date": "2022-02-09"}}
    assert severities("C50", started(**sample), rules=Rules(baseline_window_days=30)) == []
    assert severities("C50", sample) == []
    # Only the check asks: nobody confirms the same date twice.
    assert severities("limit", started(**sample)) == []
