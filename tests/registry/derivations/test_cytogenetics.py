"""D10 cytogenetic risk, D11 R-ISS and R2-ISS."""

from fractions import Fraction
from typing import Any

import pytest

from tests.registry.derivations.build import NK, derived, shown, started, value


def fish(t4_14: str, t14_16: str, del17p: str, when: Any = "2022-01-10", **more: Any) -> dict[str, Any]:
    results = {"fish_t4_14": t4_14, "fish_t14_16": t14_16, "fish_del17p": del17p}
    return {"fish_done": "Y", "fish_date": when, **results, **more}


CYTO = {
    "POS, ND, ND | HIGH": ([fish("POS", "ND", "ND")], "HIGH", "HIGH", "NO"),
    "NEG, NEG, NEG | STANDARD": ([fish("NEG", "NEG", "NEG")], "STANDARD", "STANDARD", "YES"),
    "NEG, FAIL, NEG | NE (lenient STANDARD)": ([fish("NEG", "FAIL", "NEG")], "NE", "STANDARD", "NO"),
    "NEG, NEG, POS | HIGH": ([fish("NEG", "NEG", "POS")], "HIGH", "HIGH", "YES"),
    "ND, ND, ND | NE": ([fish("ND", "ND", "ND")], "NE", "NE", "NO"),
    "sample 1 del17p NEG, sample 2 POS (both before start) | HIGH": (
        [fish("NEG", "NEG", "NEG", "2019-01"), fish("NEG", "NEG", "POS")],
        "HIGH",
        "HIGH",
        "YES",
    ),
}


@pytest.mark.parametrize(("samples", "risk", "lenient", "complete"), CYTO.values(), ids=CYTO)
def test_cyto_risk(samples: list[Any], risk: str, lenient: str, complete: str) -> None:
    answers = derived(started(fish=samples))
    names = ("cyto_risk", "cyto_risk_lenient", "cyto_panel_complete")
    assert [shown(answers[name]) for name in names] == [risk, lenient, complete]


NEGATIVE = fish("NEG", "NEG", "NEG")


@pytest.mark.parametrize(
    ("samples", "risk"),
    [
        # 30 days after the start is in, 31 is out.
        ([fish("POS", "NEG", "NEG", "2022-04-09"), NEGATIVE], "HIGH"),
        ([fish("POS", "NEG", "NEG", "2022-04-10"), NEGATIVE], "STANDARD"),
        # A sample that may be in or out decides nothing, and keeps a marker from being negative.
        ([fish("POS", "NEG", "NEG", "2022-04"), NEGATIVE], "NE"),
        ([fish("NEG", "NEG", "NEG", "2022-04"), NEGATIVE], "STANDARD"),
        ([fish("NEG", "NEG", "NEG", "2022-04")], "NE"),
        ([fish("POS", "NEG", "NEG", NK)], "NE"),
        ([{"fish_done": "N", "fish_t4_14": "POS", "fish_date": "2022-01-10"}, NEGATIVE], "STANDARD"),
        ([], "NE"),
    ],
)
def test_which_samples_count(samples: list[Any], risk: str) -> None:
    assert value(started(fish=samples), "cyto_risk") == risk
    assert value(started(fish=samples[::-1]), "cyto_risk") == risk


def test_lenient_risk_asks_for_a_marker_that_is_missing_not_one_that_may_be_positive() -> None:
    in_window = fish("NEG", "ND", "NEG")
    straddling = fish("NEG", "POS", "NEG", "2022-04")
    assert value(started(fish=[in_window]), "cyto_risk_lenient") == "STANDARD"
    assert value(started(fish=[in_window, straddling]), "cyto_risk_lenient") == "NE"
    assert (
        value(started(fish=[in_window, straddling | {"fish_t14_16": "ND"}]), "cyto_risk_lenient")
        == "STANDARD"
    )


def test_without_a_start_no_sample_counts() -> None:
    answers = derived({"fish": [NEGATIVE]})
    for name in ("cyto_risk", "cyto_risk_lenient", "cyto_panel_complete"):
        assert answers[name].reason == "The first dose of IsaPd is missing"


STAGES = {"I": ("2", "4"), "II": ("4", "4"), "III": ("6", "4")}
LDH = {"NORMAL": 245, "HIGH": 246, "–": None}
RISK = {"STANDARD": NEGATIVE, "HIGH": fish("POS", "ND", "ND"), "NE": fish("ND", "ND", "ND")}

R_ISS = {
    "I, NORMAL, STANDARD | I": ("I", "NORMAL", "STANDARD", "I"),
    "I, HIGH, NE | II": ("I", "HIGH", "NE", "II"),
    "I, –, HIGH | II": ("I", "–", "HIGH", "II"),
    "I, NORMAL, NE | NE": ("I", "NORMAL", "NE", "NE"),
    "II, –, NE | II": ("II", "–", "NE", "II"),
    "III, HIGH, NE | III": ("III", "HIGH", "NE", "III"),
    "III, NORMAL, STANDARD | II": ("III", "NORMAL", "STANDARD", "II"),
    "III, NORMAL, NE | NE": ("III", "NORMAL", "NE", "NE"),
}


def staged(stage: str, ldh: str, samples: list[Any]) -> dict[str, Any]:
    b2m, albumin = STAGES[stage]
    labs = {"b2m": b2m, "albumin": albumin, "ldh": LDH[ldh], "ldh_uln_sample": 245}
    return started(baseline=labs, fish=samples)


@pytest.mark.parametrize(("stage", "ldh", "cyto", "expected"), R_ISS.values(), ids=R_ISS)
def test_r_iss(stage: str, ldh: str, cyto: str, expected: str) -> None:
    assert value(staged(stage, ldh, [RISK[cyto]]), "r_iss") == expected


R2_ISS = {
    "I, NEG, NORMAL, NEG, NEG | 0 | I": ("I", "NEG", "NORMAL", "NEG", "NEG", "0", "I", "YES"),
    "I, NEG, NORMAL, NEG, GAIN | 0.5 | II": ("I", "NEG", "NORMAL", "NEG", "GAIN", "0.5", "II", "YES"),
    "II, NEG, NORMAL, NEG, NEG | 1 | II": ("II", "NEG", "NORMAL", "NEG", "NEG", "1", "II", "YES"),
    "II, NEG, NORMAL, NEG, AMP | 1.5 | III": ("II", "NEG", "NORMAL", "NEG", "AMP", "1.5", "III", "YES"),
    "III, POS, HIGH, NEG, NEG | 3.5 | IV": ("III", "POS", "HIGH", "NEG", "NEG", "3.5", "IV", "YES"),
    "III, POS, HIGH, POS, AMP | 5.0 | IV": ("III", "POS", "HIGH", "POS", "AMP", "5", "IV", "YES"),
    "III, POS, HIGH, ND, ND | 3.5–5.0 | IV (incomplete)": (
        "III",
        "POS",
        "HIGH",
        "ND",
        "ND",
        None,
        "IV",
        "NO",
    ),
    "II, NEG, NORMAL, NEG, ND | 1.0–1.5 | NE": ("II", "NEG", "NORMAL", "NEG", "ND", None, "NE", "NO"),
    "III, NEG, HIGH, NEG, ND | 2.5–3.0 | NE": ("III", "NEG", "HIGH", "NEG", "ND", None, "NE", "NO"),
}


@pytest.mark.parametrize(
    ("stage", "del17p", "ldh", "t4_14", "gain_1q", "total", "group", "complete"), R2_ISS.values(), ids=R2_ISS
)
def test_r2_iss(
    stage: str, del17p: str, ldh: str, t4_14: str, gain_1q: str, total: str | None, group: str, complete: str
) -> None:
    answers = derived(staged(stage, ldh, [fish(t4_14, "NEG", del17p, fish_1q=gain_1q)]))
    assert shown(answers["r2_iss"]) == group
    assert shown(answers["r2_iss_total"]) == (Fraction(total) if total else "NE")
    assert answers["r2iss_complete"].value == complete


def test_every_completion_of_a_missing_iss_is_tried() -> None:
    # β2-microglobulin 2.0 without albumin is stage I or II: with high LDH both are R-ISS II.
    case = started(baseline={"b2m": 2, "ldh": 300, "ldh_uln_sample": 245}, fish=[NEGATIVE])
    assert value(case, "r_iss") == "II"
    # Without β2-microglobulin, low albumin rules stage I out.
    case = started(baseline={"albumin": 3, "ldh": 200, "ldh_uln_sample": 245}, fish=[NEGATIVE])
    assert value(case, "r_iss") == "II"
