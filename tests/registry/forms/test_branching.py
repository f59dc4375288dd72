"""Branching: what the browser is told, and what the server decides."""

import pytest

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.conditions import parse_condition
from registry.dictionary.facts import Facts, Record
from registry.forms.branching import as_json, inapplicable, known_elsewhere


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("always", {"op": "always"}),
        ("no", {"op": "never"}),
        ("fish_done = Y", {"op": "one_of", "variable": "fish_done", "codes": ["Y"]}),
        ("when drug in (TRIAL,OTHER)", {"op": "one_of", "variable": "drug", "codes": ["TRIAL", "OTHER"]}),
        ("line_transplant != NONE", {"op": "not_equal", "variable": "line_transplant", "code": "NONE"}),
        ("bmpc_pct entered", {"op": "entered", "variables": ["bmpc_pct"]}),
        (
            "heavy_chain=IGG and light_chain=K",
            {
                "op": "all",
                "terms": [
                    {"op": "one_of", "variable": "heavy_chain", "codes": ["IGG"]},
                    {"op": "one_of", "variable": "light_chain", "codes": ["K"]},
                ],
            },
        ),
        ("resp_calcium > 11 mg/dL after albumin correction", {"op": "corrected_calcium_above_11"}),
        ("dates are insufficient to compute refractoriness", {"op": "never"}),
    ],
)
def test_a_condition_as_json(text, expected) -> None:
    assert as_json(parse_condition(text)) == expected


def test_every_condition_of_the_dictionary_reaches_the_browser() -> None:
    known = {"always", "never", "one_of", "not_equal", "entered", "all", "any", "corrected_calcium_above_11"}

    def operators(condition) -> set[str]:
        inner = (operators(term) for term in condition.get("terms", ()))
        return {condition["op"]}.union(*inner)

    for form in CASE_FORMS.values():
        for variable in form:
            assert operators(as_json(variable.shown_when)) <= known - {"never"}, variable.name
            assert operators(as_json(variable.required_when)) <= known, variable.name


def _hidden(form: str, others: dict | None = None, **answers) -> set[str]:
    facts = Facts.from_json(others or {})
    return inapplicable(facts, len(facts.rows(form)), Record.from_raw(CASE_FORMS[form], answers))


def test_a_question_applies_by_an_answer_beside_it() -> None:
    assert "fish_t4_14" in _hidden("fish", fish_done="N")
    assert "fish_t4_14" in _hidden("fish")
    assert "fish_t4_14" not in _hidden("fish", fish_done="Y")
    assert "fish_del17p_pct" not in _hidden("fish", fish_done="Y", fish_del17p="POS")


def test_a_question_that_hangs_on_a_hidden_one_is_hidden() -> None:
    answers = {"mrd_result": "NEG", "mrd_method": "NGF"}
    assert not {"mrd_result", "mrd_method"} & _hidden("response", resp_bm_done="Y", **answers)
    assert {"mrd_result", "mrd_method"} <= _hidden("response", resp_bm_done="N", **answers)


def test_a_question_applies_by_an_answer_on_another_form() -> None:
    igg_kappa = {"diagnosis": {"heavy_chain": "IGG", "light_chain": "K"}}
    assert "mab_interference" not in _hidden("response", igg_kappa)
    assert "mab_interference" in _hidden(
        "response", {"diagnosis": {"heavy_chain": "IGA", "light_chain": "K"}}
    )
    assert known_elsewhere(CASE_FORMS["response"], Facts.from_json(igg_kappa)) == {
        "heavy_chain": ["IGG"],
        "light_chain": ["K"],
        "plasmacytoma_type": [],
    }


@pytest.mark.parametrize(
    ("calcium", "albumin", "applies"),
    [
        ("11.1", None, True),
        ("11", None, False),
        ("11", "4", False),
        ("11", "3.9", True),
        ({"value": "2.8", "unit": "mmol/L"}, None, True),
        ({"missing": "NK"}, None, False),
    ],
)
def test_hypercalcemia_is_asked_by_the_corrected_calcium(calcium, albumin, applies) -> None:
    answers = {"resp_calcium": calcium} | ({"resp_albumin": albumin} if albumin else {})
    assert ("resp_hypercalc_mm" not in _hidden("response", **answers)) == applies
