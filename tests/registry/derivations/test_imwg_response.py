"""D18: IMWG response computed from the components of each assessment."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from registry.derivations.parameters import DEFAULT, CriteriaVersion, Parameters, ResponseSource
from tests.registry.derivations.build import derived, progressed, started, value, visits

OLD = Parameters(criteria_version=CriteriaVersion.IMWG2006_2011)
STRICT = Parameters(hypercalcemia_counts_as_pd=False)

SERUM = {"serum_m_protein": "3.0", "urine_m_protein": 50}
URINE = {"serum_m_protein": "2.0", "urine_m_protein": 1000}
FLC = {"serum_m_protein": "0.3", "urine_m_protein": 20, "flc_kappa": 850, "flc_lambda": 10}
FLC_LOW = FLC | {"flc_kappa": 310}
MASS = SERUM | {"urine_m_protein": 0, "plasmacytoma_type": "EMD", "plasmacytoma_spd": 1200}
MARROW = {"serum_m_protein": "0.2", "urine_m_protein": 50, "bmpc_pct": 40}
HIGH_BASE = SERUM | {"serum_m_protein": "6.0"}

NEGATIVE = {"serum": 0, "urine": 0, "serum_ife": "NEG", "urine_ife": "NEG"}
NAMES = {
    "serum": "resp_serum_m",
    "urine": "resp_urine_m",
    "serum_ife": "resp_serum_ife",
    "urine_ife": "resp_urine_ife",
    "kappa": "resp_flc_kappa",
    "lambda_": "resp_flc_lambda",
    "marrow": "resp_bmpc_pct",
    "clonal": "resp_bm_clonal",
    "spd": "resp_plasmacytoma_spd",
    "lesion": "resp_new_lesion",
    "calcium": "resp_calcium",
    "albumin": "resp_albumin",
    "of_myeloma": "resp_hypercalc_mm",
    "interference": "mab_interference",
    "spurious": "resp_spurious",
}


def flc(kappa: int, lambda_: int) -> dict[str, Any]:
    return {"kappa": kappa, "lambda_": lambda_}


def case(
    baseline: dict[str, Any], *measured: dict[str, Any], dates: list[str] | None = None
) -> dict[str, Any]:
    """Assessments a month apart, the last one being the one judged."""
    dates = dates or [f"2022-{month:02}-05" for month in range(4, 4 + len(measured))]
    rows = [
        {"resp_date": when} | {NAMES[name]: entry for name, entry in one.items()}
        for when, one in zip(dates, measured, strict=True)
    ]
    return started(diagnosis={"heavy_chain": "IGG", "light_chain": "K"}, baseline=baseline, response=rows)


ROWS: dict[str, tuple[dict[str, Any], list[dict[str, Any]], Parameters, str, str | None]] = {
    "1 | – | S 1.5 (50.0 %) | PR": (SERUM, [{"serum": "1.5"}], DEFAULT, "PR", None),
    "2 | – | S 1.53 (49 %) | MR": (SERUM, [{"serum": "1.53"}], DEFAULT, "MR", None),
    "3 | – | S 2.28 (24 %) | SD": (SERUM, [{"serum": "2.28"}], DEFAULT, "SD", None),
    "4 | – | S 0.3 (90 %), urine missing | PR; limiting: urine": (
        SERUM,
        [{"serum": "0.3"}],
        DEFAULT,
        "PR",
        "urine",
    ),
    "5 | – | S 0.3, U 60 | VGPR": (SERUM, [{"serum": "0.3", "urine": 60}], DEFAULT, "VGPR", None),
    "6 | – | S 0, U 0, sIFE POS | VGPR": (
        SERUM,
        [{"serum": 0, "urine": 0, "serum_ife": "POS"}],
        DEFAULT,
        "VGPR",
        None,
    ),
    "7 | – | both IFE NEG, no marrow | VGPR; limiting: marrow": (
        SERUM,
        [NEGATIVE],
        DEFAULT,
        "VGPR",
        "marrow",
    ),
    "8 | – | both IFE NEG, BM 3 %, ratio unknown | CR": (
        SERUM,
        [NEGATIVE | {"marrow": 3}],
        DEFAULT,
        "CR",
        "flc_ratio+clonality",
    ),
    "9 | – | as 8, BM 2 %, ratio normal, clonal ABSENT | sCR": (
        SERUM,
        [NEGATIVE | {"marrow": 2, "clonal": "ABSENT"} | flc(10, 10)],
        DEFAULT,
        "SCR",
        None,
    ),
    "10 | nadir 1.0 | S 1.5 (+0.5, +50 %) | PD": (
        SERUM,
        [{"serum": "1.0"}, {"serum": "1.5"}],
        DEFAULT,
        "PD",
        None,
    ),
    "11 | nadir 1.0 | S 1.49 (+0.49) | PR": (
        SERUM,
        [{"serum": "1.0"}, {"serum": "1.49"}],
        DEFAULT,
        "PR",
        None,
    ),
    "12 | nadir 2.4 | S 2.9 (+0.5 but +20.8 %) | SD": (
        SERUM,
        [{"serum": "2.4"}, {"serum": "2.9"}],
        DEFAULT,
        "SD",
        None,
    ),
    "13 | base 6.0, nadir 5.2 | S 6.2 (+1.0, +19 %) | PD": (
        HIGH_BASE,
        [{"serum": "5.2"}, {"serum": "6.2"}],
        DEFAULT,
        "PD",
        None,
    ),
    "14 | base 6.0, nadir 5.2 | S 6.1 (+0.9) | SD": (
        HIGH_BASE,
        [{"serum": "5.2"}, {"serum": "6.1"}],
        DEFAULT,
        "SD",
        None,
    ),
    "15 | nadir 0 | S 0.5 | PD": (SERUM, [{"serum": 0}, {"serum": "0.5"}], DEFAULT, "PD", None),
    "16 | S 1.2, U 0 | S 1.2, U 210 | PD (urine)": (
        SERUM,
        [{"serum": "1.2", "urine": 0}, {"serum": "1.2", "urine": 210}],
        DEFAULT,
        "PD",
        None,
    ),
    "17 | – | serum missing, U 20 | NE": (SERUM, [{"urine": 20}], DEFAULT, "NE", "serum"),
    "18 | base S 2.0, U 1000 | S 0.8 (60 %), U 400 (60 %) | MR (urine limits)": (
        URINE,
        [{"serum": "0.8", "urine": 400}],
        DEFAULT,
        "MR",
        None,
    ),
    "19 | base S 2.0, U 1000 | S 0.8, U 150 | PR": (
        URINE,
        [{"serum": "0.8", "urine": 150}],
        DEFAULT,
        "PR",
        None,
    ),
    "20 | base κ 850/λ 10 FLC-only | κ 300/λ 12 (65.7 %) | PR": (FLC, [flc(300, 12)], DEFAULT, "PR", None),
    "21 | same | κ 80/λ 12 (91.9 %) | VGPR": (
        FLC,
        [flc(80, 12)],
        DEFAULT,
        "VGPR",
        None,
    ),
    "22 | same | κ 600/λ 12 (30 %) | SD": (FLC, [flc(600, 12)], DEFAULT, "SD", None),
    "23 | FLC-only, base κ 310/λ 10, nadir κ 110/λ 10 | κ 210/λ 10 (dFLC +100) | SD (needs >100)": (
        FLC_LOW,
        [flc(110, 10), flc(210, 10)],
        DEFAULT,
        "SD",
        None,
    ),
    "24 | same | κ 211/λ 10 (dFLC +101) | PD": (FLC_LOW, [flc(110, 10), flc(211, 10)], DEFAULT, "PD", None),
    "25 | base S 2.0; S 1.0, κ 110/λ 10 | S 1.0, κ 400/λ 10 | PR (dFLC ignored: serum measurable)": (
        SERUM | {"serum_m_protein": "2.0"},
        [{"serum": "1.0"} | flc(110, 10), {"serum": "1.0"} | flc(400, 10)],
        DEFAULT,
        "PR",
        None,
    ),
    "26 | base U 0, SPD 1200 | S 1.2 (60 %), U 0, not imaged | SD; limiting: plasmacytoma": (
        MASS,
        [{"serum": "1.2", "urine": 0}],
        DEFAULT,
        "SD",
        "plasmacytoma",
    ),
    "27 | same | S 1.2, SPD 480 (60 %) | PR": (
        MASS,
        [{"serum": "1.2", "urine": 0, "spd": 480}],
        DEFAULT,
        "PR",
        None,
    ),
    "28 | – | S 0.1, U 0, new lesion | PD": (
        SERUM,
        [{"serum": "0.1", "urine": 0, "lesion": "Y"}],
        DEFAULT,
        "PD",
        None,
    ),
    "29 | base S 0.2, BM 40 (marrow-only) | BM 18 | PR": (MARROW, [{"marrow": 18}], DEFAULT, "PR", None),
    "30 | same, nadir BM 6 | BM 15 (+9) | PR under 2016; **PD under 2006/2011**": (
        MARROW,
        [{"marrow": 6}, {"marrow": 15}],
        DEFAULT,
        "PR",
        None,
    ),
    "31 | same, nadir BM 6 | BM 16 (+10) | PD": (
        MARROW,
        [{"marrow": 6}, {"marrow": 16}],
        DEFAULT,
        "PD",
        None,
    ),
    "32 | nadir S 2.0 | S 2.1, hypercalcemia due to MM | PD (strict 2016: MR)": (
        SERUM,
        [{"serum": "2.0"}, {"serum": "2.1", "calcium": "11.6", "albumin": 4, "of_myeloma": "Y"}],
        DEFAULT,
        "PD",
        None,
    ),
    "33 | base S 0.4, U 0, nothing else | S 0.1 | NE (no measurable disease)": (
        {"serum_m_protein": "0.4", "urine_m_protein": 0},
        [{"serum": "0.1"}],
        DEFAULT,
        "NE",
        None,
    ),
    "34 | – | S 1.4, U 249 (baseline urine 50) | MR (urine ≥200 blocks PR; +199 is not PD)": (
        SERUM,
        [{"serum": "1.4", "urine": 249}],
        DEFAULT,
        "MR",
        None,
    ),
}


@pytest.mark.parametrize(
    ("baseline", "measured", "parameters", "response", "limiting"), ROWS.values(), ids=ROWS
)
def test_response(
    baseline: dict[str, Any],
    measured: list[dict[str, Any]],
    parameters: Parameters,
    response: str,
    limiting: str | None,
) -> None:
    answers = derived(case(baseline, *measured), parameters)
    assert answers["imwg_response"].value[-1] == response
    assert answers["limiting_component"].value[-1] == limiting


@pytest.mark.parametrize(
    ("row", "parameters", "response"),
    [
        ("30 | same, nadir BM 6 | BM 15 (+9) | PR under 2016; **PD under 2006/2011**", OLD, "PD"),
        ("32 | nadir S 2.0 | S 2.1, hypercalcemia due to MM | PD (strict 2016: MR)", STRICT, "MR"),
    ],
)
def test_rows_that_depend_on_the_criteria(row: str, parameters: Parameters, response: str) -> None:
    baseline, measured, *_ = ROWS[row]
    assert value(case(baseline, *measured), "imwg_response", parameters=parameters)[-1] == response


COMPLETE = NEGATIVE | {"marrow": 3}
DRUG_BAND = {"serum": "0.1", "serum_ife": "POS", "interference": "RESOLVED_DRUG"}


@pytest.mark.parametrize(
    ("baseline", "measured", "response", "limiting"),
    [
        # A negative immunofixation stands for a value of zero; a spike contradicts it.
        (SERUM, {"serum_ife": "NEG", "urine_ife": "NEG", "marrow": 3}, "CR", "flc_ratio+clonality"),
        (SERUM, COMPLETE | {"serum": "0.2"}, "VGPR", None),
        (SERUM, COMPLETE | {"serum_ife": "FAIL"}, "VGPR", "serum_ife"),
        (SERUM, COMPLETE | {"marrow": 5}, "VGPR", None),
        # Shown to be the therapeutic antibody: its band and its spike are not the patient's.
        (
            SERUM,
            COMPLETE | {"serum": "0.1", "serum_ife": "POS", "interference": "RESOLVED_DRUG"},
            "CR",
            "flc_ratio+clonality",
        ),
        (SERUM, COMPLETE | {"clonal": "PRESENT"} | flc(10, 10), "CR", None),
        (SERUM, COMPLETE | {"clonal": "ABSENT"} | flc(100, 10), "CR", None),
        # Plasmacytoma: gone for CR, halved for VGPR to MR.
        (MASS, COMPLETE | {"spd": 0}, "CR", "flc_ratio+clonality"),
        (MASS, COMPLETE | {"spd": 600}, "VGPR", None),
        (MASS, COMPLETE | {"spd": 601}, "SD", None),
        (MASS, COMPLETE, "SD", "plasmacytoma"),
        (MASS | {"plasmacytoma_spd": {"missing": "ND"}}, {"serum": "1.2", "spd": 400}, "SD", "plasmacytoma"),
        # Light chains only.
        (FLC, COMPLETE | flc(10, 10), "CR", "clonality"),
        (FLC, COMPLETE | flc(80, 10), "VGPR", None),
        (FLC, {"kappa": 80}, "NE", "flc"),
        # Marrow only: nothing between CR and PR.
        (MARROW, COMPLETE, "CR", "flc_ratio+clonality"),
        (MARROW, {"marrow": 3}, "PR", "serum+urine+serum_ife+urine_ife"),
        (MARROW, {"marrow": 21}, "SD", None),
        (MARROW, {"serum": "0.2"}, "NE", "marrow"),
        # A serum of exactly 1 g/dL is measurable.
        (SERUM | {"serum_m_protein": "1.0"}, {"serum": "0.5"}, "PR", None),
        # Urine measurable.
        (URINE, {"serum": "0.1", "urine": 99}, "VGPR", None),
        (URINE | {"urine_m_protein": 500}, {"serum": "0.1", "urine": 99}, "PR", None),
        (URINE | {"urine_m_protein": 5000}, {"serum": "0.8", "urine": 400}, "PR", None),
        (URINE, {"serum": "0.8"}, "NE", "urine"),
        (URINE | {"serum_m_protein": "0.4"}, {"urine": 50}, "VGPR", None),
    ],
)
def test_categories(
    baseline: dict[str, Any], measured: dict[str, Any], response: str, limiting: str | None
) -> None:
    answers = derived(case(baseline, measured))
    assert answers["imwg_response"].value == (response,)
    assert answers["limiting_component"].value == (limiting,)


@pytest.mark.parametrize(
    ("baseline", "measured", "response"),
    [
        # Exactly 25 % and exactly 0.5: both limits are inclusive, and 0.1 + 0.2 must not move them.
        (SERUM, [{"serum": "2.0"}, {"serum": "2.5"}], "PD"),
        (SERUM, [{"serum": "0.3"}, {"serum": "0.8"}], "PD"),
        # A spurious value is no nadir.
        (SERUM, [{"serum": "0.5", "spurious": ["SERUM"]}, {"serum": "1.4"}], "PR"),
        (SERUM, [{"serum": "0.5", "spurious": ["NONE"]}, {"serum": "1.4"}], "PD"),
        # Plasmacytoma: half as much again as at its smallest, or back after it was gone.
        (MASS, [{"serum": "1.2", "spd": 400}, {"serum": "1.2", "spd": 600}], "PD"),
        (MASS, [{"serum": "1.2", "spd": 400}, {"serum": "1.2", "spd": 599}], "PR"),
        (MASS, [{"serum": "1.2", "spd": 0}, {"serum": "1.2", "spd": 10}], "PD"),
        (MASS, [{"serum": "1.2", "spd": 0}, {"serum": "1.2", "spd": 0}], "PR"),
        # Hypercalcemia above 11.5, corrected, attributed to myeloma.
        (SERUM, [{"serum": "3.0", "calcium": "11.5", "of_myeloma": "Y"}], "SD"),
        (SERUM, [{"serum": "3.0", "calcium": "11.1", "albumin": "3", "of_myeloma": "Y"}], "PD"),
        (SERUM, [{"serum": "3.0", "calcium": "12", "of_myeloma": "N"}], "SD"),
        (SERUM, [{"serum": "3.0", "of_myeloma": "Y"}], "SD"),
        # Progression needs no measurable disease.
        ({"serum_m_protein": "0.4"}, [{"serum": "0.9"}], "PD"),
        # Nothing to compare with.
        ({}, [{"serum": "5"}], "NE"),
    ],
)
def test_progression(baseline: dict[str, Any], measured: list[dict[str, Any]], response: str) -> None:
    assert value(case(baseline, *measured), "imwg_response")[-1] == response


@pytest.mark.parametrize(
    ("marrow", "response"), [([10, 10], "PR"), ([6, 9], "PR"), ([9, 10], "PR"), ([8, 10], "PD")]
)
def test_marrow_progression_of_2006(marrow: list[int], response: str) -> None:
    found = value(case(MARROW, *({"marrow": pct} for pct in marrow)), "imwg_response", parameters=OLD)
    assert found[-1] == response


@pytest.mark.parametrize(("marrow_on", "first"), [("2022-06-04", "CR"), ("2022-06-05", "VGPR")])
def test_a_marrow_within_60_days_confirms_a_complete_response(marrow_on: str, first: str) -> None:
    found = value(case(SERUM, NEGATIVE, COMPLETE, dates=["2022-04-05", marrow_on]), "imwg_response")
    assert found == (first, "CR")


def test_a_suspected_antibody_band_is_flagged() -> None:
    found = derived(case(SERUM, {"serum": "1.0", "interference": "SUSPECTED"}, {"serum": "1.0"}))
    assert found["possible_underestimate"].value == ("YES", "NO")
    assert found["imwg_response"].value == ("PR", "PR")


def test_order_of_rows_and_assessments_before_the_start() -> None:
    rows = case(SERUM, {"serum": "1.5"}, {"serum": "0.3", "urine": 60}, dates=["2022-05-05", "2022-04-05"])
    rows["response"].append({"resp_date": "2022-03-10", "resp_serum_m": "0.1"})
    rows["response"].append({"resp_serum_m": "0.1"})
    assert value(rows, "imwg_response") == ("VGPR", "PD")
    rows["response"].reverse()
    assert value(rows, "imwg_response") == ("VGPR", "PD")


def test_two_assessments_of_one_day() -> None:
    rows = case(SERUM, {"serum": "1.5"}, {"serum": "2.5"}, dates=["2022-05-05", "2022-05-05"])
    first = value(rows, "imwg_response")
    rows["response"].reverse()
    assert value(rows, "imwg_response") == first
    assert set(first) == {"PR", "SD"}


def test_never_assessed() -> None:
    answers = derived(started(baseline=SERUM))
    for name in ("imwg_response", "limiting_component", "possible_underestimate"):
        assert answers[name].reason == "No assessment after the start of IsaPd"


def test_computed_responses_can_feed_the_endpoints() -> None:
    measured = case(SERUM, {"serum": "1.0"}, {"serum": "1.0"}, {"serum": "2.0"}, {"urine": 3})
    for row in measured["response"]:
        row["resp_investigator"] = "SD"
    computed = replace(DEFAULT, response_source=ResponseSource.COMPUTED)
    answers = derived(measured | {"progression": progressed("2022-07-01")}, computed)
    assert answers["bor"].value == "PR"
    assert answers["pd_date_analysis"].value.isoformat() == "2022-06-05"
    # Without a computed progression the reported one stands.
    measured["response"].pop(2)
    answers = derived(measured | {"progression": progressed("2022-07-01")}, computed)
    assert answers["pd_date_analysis"].value.isoformat() == "2022-07-01"
    assert derived(measured)["bor"].value == "SD"


def test_a_new_lesion_is_a_computed_progression_that_needs_no_confirmation() -> None:
    computed = replace(DEFAULT, response_source=ResponseSource.COMPUTED)
    seen = case(SERUM, {"serum": "3.0"}, {"serum": "3.0", "lesion": "Y"}, {"serum": "1.0"})
    assert derived(seen, computed)["bor_confirmed"].value == "SD"
    raised = case(SERUM, {"serum": "3.0"}, {"serum": "4.0"}, {"serum": "1.0"}, {"serum": "1.0"})
    assert derived(raised, computed)["bor_confirmed"].value == "PR"


def test_exact_arithmetic() -> None:
    # 49.99…% is no PR, however small the difference.
    found = value(case(SERUM, {"serum": "1.50000000000000001"}), "imwg_response")
    assert found == ("MR",)
    assert Fraction("1.50000000000000001") > Fraction(3, 2)


def test_visits_helper_makes_investigator_rows() -> None:
    assert value(started(baseline=SERUM, response=visits(("2022-04-05", "PR"))), "imwg_response") == ("NE",)
