"""C11, C12: numbers typed under the wrong unit."""

from typing import Any

import pytest

from registry.dictionary.catalog import FORMS
from registry.dictionary.entry import read
from registry.dictionary.values import Measurement
from registry.edit_checks.rules import Rules
from registry.edit_checks.units import likely_unit
from tests.registry.derivations.build import NK, started
from tests.registry.edit_checks.fired import Fired, fired, severities


def measured(value: str, unit: str) -> dict[str, str]:
    return {"value": value, "unit": unit}


HEMOGLOBIN = {
    "111 g/dL": (
        measured("111", "g/dL"),
        "Hb 111 g/dL is impossible; did you mean 111 g/L (11.1 g/dL)?",
    ),
    "11.1 g/L": (
        measured("11.1", "g/L"),
        "Hb 11.1 g/L is impossible; did you mean 11.1 g/dL (111 g/L)?",
    ),
    "25.1 g/dL": (
        measured("25.1", "g/dL"),
        "Hb 25.1 g/dL is impossible; did you mean 25.1 g/L (2.51 g/dL)?",
    ),
    "19.99 g/L": (
        measured("19.99", "g/L"),
        "Hb 19.99 g/L is impossible; did you mean 19.99 g/dL (199.9 g/L)?",
    ),
}


@pytest.mark.parametrize(("hb", "text"), HEMOGLOBIN.values(), ids=HEMOGLOBIN)
def test_hemoglobin_of_the_other_unit(hb: Any, text: str) -> None:
    assert fired("C11", started(baseline={"hb": hb})) == [Fired("error", "baseline", 0, "hb", text)]


@pytest.mark.parametrize(
    "hb",
    [
        measured("11.1", "g/dL"),
        measured("111", "g/L"),
        measured("25", "g/dL"),
        measured("20", "g/L"),
        # Beyond the limits too, but no sign of grams per liter.
        measured("1.9", "g/dL"),
        measured("260", "g/L"),
        measured("1", "mmol/L"),
        NK,
        None,
    ],
)
def test_hemoglobin_that_may_be_or_is_wrong_for_another_reason(hb: Any) -> None:
    assert fired("C11", started(baseline={"hb": hb})) == []


def test_the_limit_of_hemoglobin_is_a_rule() -> None:
    case = started(baseline={"hb": measured("21", "g/dL")})
    assert severities("C11", case) == []
    assert severities("C11", case, rules=Rules(hemoglobin_max=20)) == ["error"]


def test_one_mistake_is_said_once() -> None:
    """The plain limit is silent where the check explains it, and speaks where the check is off."""
    case = started(baseline={"hb": measured("111", "g/dL")})
    assert fired("limit", case) == []
    assert [found.text for found in fired("limit", case, rules=Rules(off=("C11",)))] == ["Not above 25 g/dL."]
    # A warning does not take the place of an error.
    late = started(baseline={"baseline_lab_date": "2022-03-20"})
    assert (severities("limit", late), severities("C50", late)) == (["error"], ["warning"])


OTHERS = {
    "creatinine 97 mg/dL": (
        {"baseline": {"creatinine": measured("97", "mg/dL")}},
        Fired("error", "baseline", 0, "creatinine", "creatinine looks like µmol/L. Convert to 1.1 mg/dL?"),
    ),
    "calcium 2.3 mg/dL": (
        {"baseline": {"calcium_total": measured("2.3", "mg/dL")}},
        Fired(
            "error", "baseline", 0, "calcium_total", "calcium_total looks like mmol/L. Convert to 9.22 mg/dL?"
        ),
    ),
    "calcium 1.5 mg/dL": (
        {"response": [{"resp_date": "2022-05-05"}, {"resp_calcium": measured("1.5", "mg/dL")}]},
        Fired(
            "error", "response", 1, "resp_calcium", "resp_calcium looks like mmol/L. Convert to 6.01 mg/dL?"
        ),
    ),
    "albumin 35 g/dL": (
        {"diagnosis": {"dx_albumin": measured("35", "g/dL")}},
        Fired("error", "diagnosis", 0, "dx_albumin", "dx_albumin looks like g/L. Convert to 3.5 g/dL?"),
    ),
    "serum M 28 g/dL": (
        {"baseline": {"serum_m_protein": measured("28", "g/dL")}},
        Fired(
            "error", "baseline", 0, "serum_m_protein", "serum_m_protein looks like g/L. Convert to 2.8 g/dL?"
        ),
    ),
    "urine M 1.2 mg/24 h": (
        {"baseline": {"urine_m_protein": measured("1.2", "mg/(24.h)")}},
        Fired(
            "warning",
            "baseline",
            0,
            "urine_m_protein",
            "urine_m_protein looks like g/24 h. Convert to 1200 mg/24 h?",
        ),
    ),
    "κ 8.5 mg/L with λ 0.4 in κ-only disease": (
        {
            "diagnosis": {"heavy_chain": "NONE", "light_chain": "K"},
            "baseline": {"flc_kappa": measured("8.5", "mg/L"), "flc_lambda": measured("0.4", "mg/L")},
        },
        Fired("warning", "baseline", 0, "flc_kappa", "flc_kappa looks like mg/dL. Convert to 85 mg/L?"),
    ),
    "the raised chain where the clonal one is not known": (
        {
            "diagnosis": {"heavy_chain": "NONE", "light_chain": NK},
            "baseline": {"flc_kappa": measured("0.4", "mg/L"), "flc_lambda": measured("49.9", "mg/L")},
        },
        Fired("warning", "baseline", 0, "flc_lambda", "flc_lambda looks like mg/dL. Convert to 499 mg/L?"),
    ),
}


@pytest.mark.parametrize(("forms", "found"), OTHERS.values(), ids=OTHERS)
def test_other_measurements_of_another_unit(forms: dict[str, Any], found: Fired) -> None:
    assert fired("C12", started(**forms)) == [found]


KAPPA = {"heavy_chain": "NONE", "light_chain": "K"}
PASSES = {
    "creatinine 97 µmol/L": {"baseline": {"creatinine": measured("97", "umol/L")}},
    "creatinine 25 mg/dL": {"baseline": {"creatinine": measured("25", "mg/dL")}},
    "calcium 1.49 mg/dL": {"baseline": {"calcium_total": measured("1.49", "mg/dL")}},
    "calcium 4 mg/dL": {"baseline": {"calcium_total": measured("4", "mg/dL")}},
    "calcium 2.3 mmol/L": {"baseline": {"calcium_total": measured("2.3", "mmol/L")}},
    "albumin 7 g/dL": {"baseline": {"albumin": measured("7", "g/dL")}},
    "albumin 35 g/L": {"baseline": {"albumin": measured("35", "g/L")}},
    "serum M 15 g/dL": {"response": [{"resp_serum_m": measured("15", "g/dL")}]},
    "urine M 0": {"response": [{"resp_urine_m": measured("0", "mg/(24.h)")}]},
    "urine M 20 mg/24 h": {"response": [{"resp_urine_m": measured("20", "mg/(24.h)")}]},
    "urine M 0.01 g/24 h": {"response": [{"resp_urine_m": measured("0.01", "g/(24.h)")}]},
    "albumin not done": {"baseline": {"albumin": {"missing": "ND"}}},
    "κ 50 mg/L": {"diagnosis": KAPPA, "baseline": {"flc_kappa": "50", "flc_lambda": "0.4"}},
    "κ 0.85 mg/dL": {
        "diagnosis": KAPPA,
        "baseline": {"flc_kappa": measured("0.85", "mg/dL"), "flc_lambda": measured("0.04", "mg/dL")},
    },
    "normal ratio": {"diagnosis": KAPPA, "baseline": {"flc_kappa": "8.5", "flc_lambda": "8.5"}},
    "λ missing": {"diagnosis": KAPPA, "baseline": {"flc_kappa": "8.5", "flc_lambda": NK}},
    "IgG": {
        "diagnosis": {"heavy_chain": "IGG", "light_chain": "K"},
        "baseline": {"flc_kappa": "8.5", "flc_lambda": "0.4"},
    },
}


@pytest.mark.parametrize("forms", PASSES.values(), ids=PASSES)
def test_measurements_in_their_own_unit(forms: dict[str, Any]) -> None:
    assert fired("C12", started(**forms)) == []


def hint(name: str, value: str, unit: str) -> str:
    variable = next(each for form in FORMS.values() for each in form if each.name == name)
    typed = read(variable, measured(value, unit))
    assert isinstance(typed, Measurement)
    found = likely_unit(name, typed)
    return found.message % found.params if found else ""


def test_a_single_value_without_a_case_is_judged_too() -> None:
    assert hint("hb", "111", "g/dL") == "Hb 111 g/dL is impossible; did you mean 111 g/L (11.1 g/dL)?"
    assert hint("creatinine", "97", "mg/dL") == "creatinine looks like µmol/L. Convert to 1.1 mg/dL?"
    assert hint("creatinine", "1.1", "mg/dL") == ""
    assert hint("weight_kg", "150", "kg") == ""
