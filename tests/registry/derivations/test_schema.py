"""The catalog of derived variables and the JSON schemas of both sides, held against what is answered."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from registry.derivations.catalog import DERIVED
from registry.derivations.schema import schemas
from registry.dictionary.catalog import FORMS
from tests.registry.derivations.build import derived
from tests.registry.derivations.fixture_e import CASE
from tests.registry.derivations.random_case import random_case, written
from tests.registry.derivations.test_specification import SPECIFICATION

INPUT = Draft202012Validator(schemas()["input"])  # type: ignore[arg-type]
OUTPUT = Draft202012Validator(schemas()["output"])  # type: ignore[arg-type]


def answered(case: dict[str, Any]) -> dict[str, Any]:
    return {name: answer.to_json() for name, answer in derived(case).items()}


def test_the_schemas_are_schemas() -> None:
    for schema in (schemas()["input"], schemas()["output"]):
        Draft202012Validator.check_schema(schema)  # type: ignore[arg-type]


def test_the_catalog_names_what_is_derived_in_its_order() -> None:
    assert list(DERIVED) == list(derived({}))


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside the project")
def test_the_catalog_names_rules_of_the_specification() -> None:
    text = SPECIFICATION.read_text(encoding="utf-8")
    assert all(f"## {variable.rule} " in text for variable in DERIVED.values())


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["canonical", "other"]))
def test_any_case_and_its_answers_are_as_the_schemas_say(seed: int, unit: str) -> None:
    case = written(random_case(seed), unit)
    assert [error.message for error in INPUT.iter_errors(case)] == []
    assert [error.message for error in OUTPUT.iter_errors(answered(case))] == []


def test_the_fixture_is_as_the_schemas_say() -> None:
    INPUT.validate(CASE)
    OUTPUT.validate(answered(CASE))
    OUTPUT.validate({"error": {"field": "baseline.hb", "message": "Enter a number."}})


@pytest.mark.parametrize(
    "case",
    [
        {"unknown": {}},
        {"baseline": {"unknown": 1}},
        {"baseline": {"hb": "eleven"}},
        {"baseline": {"hb": {"value": 11, "unit": "mg/L"}}},
        {"baseline": {"hb": {"missing": "NA"}}},
        {"baseline": [{}, {}]},
        {"demographics": {"sex": "X"}},
        {"demographics": {"birth_date": "1954-6"}},
        {"isapd_treatment": {"isapd_start_date": "2022-03"}},
        {"patient_code": 1},
    ],
)
def test_what_is_no_case(case: dict[str, Any]) -> None:
    assert not INPUT.is_valid(case)


@pytest.mark.parametrize(
    "answer", [{"value": None, "status": "OK"}, {"value": 67, "status": "NE"}, {"value": "67"}]
)
def test_what_is_no_answer(answer: dict[str, Any]) -> None:
    found = answered(CASE)
    assert not OUTPUT.is_valid(found | {"age_at_start": found["age_at_start"] | answer})


def test_a_case_may_be_written_as_the_dictionary_allows() -> None:
    INPUT.validate(
        {
            "patient_code": "IT001-0001",
            "baseline": [
                {"hb": {"value": "11,1", "unit": "g/dL"}, "ecog": 1, "comorbidities": "DM", "b2m": None}
            ],
            "demographics": {"birth_date": 1954},
            "center_labref": [dict.fromkeys(FORMS["center_labref"].names)],
        }
    )
