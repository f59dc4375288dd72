"""D17: free light chains and measurable disease."""

from fractions import Fraction
from typing import Any

import pytest

from registry.derivations.parameters import Parameters
from tests.registry.derivations.build import NK, derived, shown, started, value

MEASURABLE = {
    "S 3.0 → SERUM": ({"serum_m_protein": "3.0"}, "SERUM"),
    "S 0.4, U 250 → URINE": ({"serum_m_protein": "0.4", "urine_m_protein": 250}, "URINE"),
    "S 0.3, U 20, κ 850/λ 10 → FLC": (
        {"serum_m_protein": "0.3", "urine_m_protein": 20, "flc_kappa": 850, "flc_lambda": 10},
        "FLC",
    ),
    "S 0.9, κ 99 → not FLC": ({"serum_m_protein": "0.9", "flc_kappa": 99, "flc_lambda": 10}, "NONE"),
    "S 0.2, BM 40 % → MARROW": ({"serum_m_protein": "0.2", "bmpc_pct": 40}, "MARROW"),
    "S 1.0 exactly → SERUM": ({"serum_m_protein": {"value": "10", "unit": "g/L"}}, "SERUM"),
    "U 200 exactly → URINE": ({"serum_m_protein": 0, "urine_m_protein": 200}, "URINE"),
    "BM 29.9 % → NONE": ({"serum_m_protein": 0, "bmpc_pct": "29.9"}, "NONE"),
    "κ 100, normal ratio → not FLC": ({"serum_m_protein": 0, "flc_kappa": 100, "flc_lambda": 80}, "NONE"),
    "serum not done, U 250 → URINE": ({"serum_m_protein": NK, "urine_m_protein": 250}, "URINE"),
    "nothing measured → NE": ({"serum_m_protein": NK}, "NE"),
}


def kappa(**baseline: Any) -> dict[str, Any]:
    return started(diagnosis={"light_chain": "K"}, baseline=baseline)


@pytest.mark.parametrize(("baseline", "expected"), MEASURABLE.values(), ids=MEASURABLE)
def test_measurable_disease(baseline: dict[str, Any], expected: str) -> None:
    assert value(kappa(**baseline), "measurable_disease") == expected


def test_the_serum_limit_is_a_parameter() -> None:
    low = Parameters(serum_measurable_min=Fraction("0.5"))
    assert value(kappa(serum_m_protein="0.5"), "measurable_disease", parameters=low) == "SERUM"


@pytest.mark.parametrize(
    ("light_chain", "flc", "chain", "dflc"),
    [
        ("K", (850, 10), "K", 840),
        ("L", (850, 10), "L", -840),
        ("BOTH", (850, 10), "K", 840),
        ("NONE", (10, 850), "L", 840),
        (NK, (20, 20), "NE", "NE"),
        (NK, (30, 0), "K", 30),
        ("K", (30, NK), "K", "NE"),
        (NK, (NK, 30), "NE", "NE"),
    ],
)
def test_involved_chain_and_difference(light_chain: Any, flc: tuple[Any, Any], chain: str, dflc: Any) -> None:
    case = started(
        diagnosis={"light_chain": light_chain}, baseline={"flc_kappa": flc[0], "flc_lambda": flc[1]}
    )
    answers = derived(case)
    assert shown(answers["involved_chain"]) == chain
    assert shown(answers["dflc"]) == dflc


def test_ratio() -> None:
    assert value(kappa(flc_kappa=850, flc_lambda=12), "flc_ratio") == Fraction(850, 12)
    assert (
        derived(kappa(flc_kappa=850, flc_lambda=0))["flc_ratio"].reason == "Lambda free light chains are zero"
    )
    assert derived(kappa(flc_kappa=850))["flc_ratio"].reason == "Lambda free light chains are missing"


@pytest.mark.parametrize(
    ("sampled", "chain"),
    [
        # Renal range 0.37–3.10 from June on: a ratio of 2 is normal under it, high under Freelite's.
        ({"m_protein_date": "2022-06-02"}, "NE"),
        ({"m_protein_date": "2022-05-31"}, "K"),
        ({"baseline_lab_date": "2022-06-01"}, "NE"),
        ({}, "K"),
    ],
)
def test_normal_range_of_the_laboratory(sampled: dict[str, str], chain: str) -> None:
    case = started(
        diagnosis={"light_chain": NK},
        baseline={"flc_kappa": 40, "flc_lambda": 20, **sampled},
        center_labref=[
            {"labref_valid_from": "2022-06-01", "flc_ratio_low": "0.37", "flc_ratio_high": "3.10"},
            {"labref_valid_from": "2020-06-01"},
        ],
    )
    assert value(case, "involved_chain") == chain
