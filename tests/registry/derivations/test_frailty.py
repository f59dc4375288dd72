"""D32: Charlson index and the simplified frailty scale."""

from typing import Any

import pytest

from registry.derivations.charlson import WEIGHTS
from registry.dictionary.catalog import FORMS
from tests.registry.derivations.build import NK, Raw, derived, started, value

# Age, comorbidities, ECOG; the score and the verdict.
EXAMPLES = {
    "74, CCI 0, ECOG 1": (74, ["NONE"], "1", 1, "NONFRAIL"),
    "76, 2, 0": (76, ["DM2"], "0", 2, "FRAIL"),
    "81, 0, 0": (81, ["NONE"], "0", 2, "FRAIL"),
    "70, 1, 2": (70, ["DM"], "2", 2, "FRAIL"),
}
LIMITS = {
    "75, 0, 0": (75, ["NONE"], "0", 0, "NONFRAIL"),
    "80, 0, 0": (80, ["NONE"], "0", 1, "NONFRAIL"),
    "60, 2, 0": (60, ["CHF", "PVD"], "0", 1, "NONFRAIL"),
    "60, 0, 4": (60, ["NONE"], "4", 2, "FRAIL"),
    "85, 8, 3": (85, ["AIDS", "LEU"], "3", 5, "FRAIL"),
}


def patient(age: int, comorbidities: Any, ecog: Any) -> Raw:
    return started(
        "2022-03-10",
        demographics={"birth_date": f"{2022 - age}-01-01"},
        baseline={"comorbidities": comorbidities, "ecog": ecog},
    )


@pytest.mark.parametrize(
    ("age", "comorbidities", "ecog", "score", "verdict"),
    (EXAMPLES | LIMITS).values(),
    ids=EXAMPLES | LIMITS,
)
def test_frailty(age: int, comorbidities: list[str], ecog: str, score: int, verdict: str) -> None:
    found = derived(patient(age, comorbidities, ecog))
    assert found["frailty_score"].value == score
    assert found["frailty_simplified"].value == verdict


@pytest.mark.parametrize(
    ("comorbidities", "index"),
    [
        (["DM", "DM2", "CHF"], 3),
        (["LIV1", "LIV3"], 3),
        (["TUM", "METS"], 6),
        (["DM", "LIV1", "TUM"], 4),
        (["NONE"], 0),
        (["MI", "CHF", "PVD", "CVD", "DEM", "COPD", "CTD", "PUD", "LIV1", "DM"], 10),
        (["HEMI", "REN", "DM2", "TUM", "LEU", "LYM"], 12),
        (["LIV3", "METS", "AIDS"], 15),
    ],
)
def test_charlson(comorbidities: list[str], index: int) -> None:
    assert value(patient(70, comorbidities, "0"), "charlson") == index


def test_every_comorbidity_of_the_form_has_a_weight() -> None:
    assert {*WEIGHTS, "NONE"} == set(FORMS["baseline"].variable("comorbidities").codes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"demographics": {}}, "The date of birth is missing"),
        ({"baseline": {"ecog": "1", "comorbidities": NK}}, "The comorbidities are missing"),
        ({"baseline": {"ecog": NK, "comorbidities": ["DM"]}}, "The ECOG performance status is missing"),
    ],
)
def test_one_missing_part_leaves_frailty_open(change: Raw, reason: str) -> None:
    found = derived(patient(81, ["AIDS"], "4") | change)
    assert found["frailty_score"].reason == found["frailty_simplified"].reason == reason
    assert found["frailty_simplified"].value is None
