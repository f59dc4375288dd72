"""`manage.py check_cases`: cases from a file, checked line by line, without a database."""

import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from registry.edit_checks.schema import schemas
from tests.registry.derivations.fixture_e import CASE
from tests.registry.derivations.random_case import random_case, written

TODAY = ("--today", "2024-06-30")


def run(*args):
    """Lines on stdout as JSON, text on stderr, the refusal. No test here has a database."""
    out, err, refusal = io.StringIO(), io.StringIO(), None
    try:
        call_command("check_cases", *map(str, args), stdout=out, stderr=err, no_color=True)
    except CommandError as error:
        refusal = str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), refusal


@pytest.fixture
def file(tmp_path):
    def write(*cases):
        path = tmp_path / "cases.jsonl"
        path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
        return path

    return write


def test_section_e(file) -> None:
    """What the fixture does not answer is owed; of what it answers, nothing is an error."""
    (checked,), errors, refusal = run(file(CASE), *TODAY)
    found = checked["findings"]
    assert (errors, refusal) == ("", None)
    assert {(each["form"], each["variable"]) for each in found if each["check"] == "required"} == {
        ("enrolment", "enrolment_mode"),
        *(
            ("baseline", name)
            for name in (
                "rbc_transfusion_28d",
                "plasmacytoma_type",
                "relapse_biochemical",
                "crab_calcium",
                "crab_renal",
                "crab_anemia",
                "crab_bone",
                "relapse_plasmacytoma_new",
            )
        ),
    }
    # The first line has a transplant and no melphalan: the conditioning is not recorded.
    assert [
        (each["check"], each["severity"], each["row"]) for each in found if each["check"] != "required"
    ] == [("C22", "query", 1)]


def test_each_finding_at_its_row_in_words(file) -> None:
    response = [*CASE["response"], {"resp_date": "2022-10-01", "resp_investigator": "SD"}]
    case = CASE | {
        "baseline": CASE["baseline"] | {"creatinine": 97},
        "response": response,
        "progression": CASE["progression"] | {"pd_date": "2022-09-15"},
        "subsequent_therapy": [],
    }
    (checked,), _errors, _refusal = run(file(case), *TODAY)
    assert {
        "check": "C12",
        "severity": "error",
        "form": "baseline",
        "row": 1,
        "variable": "creatinine",
        "message": "Serum creatinine looks like µmol/L. Convert to 1.1 mg/dL?",
    } in checked["findings"]
    assert {
        "check": "C30",
        "severity": "error",
        "form": "response",
        "row": 6,
        "variable": "resp_investigator",
        "message": "Response SD after progression on 15/09/2022: unconfirmed PD?",
    } in checked["findings"]


def test_whatever_the_entries_the_answer_is_of_the_schema(file) -> None:
    cases = [written(random_case(seed)) for seed in range(40)]
    checked, errors, refusal = run(file(*cases), *TODAY)
    assert (len(checked), errors, refusal) == (40, "", None)
    schema = Draft202012Validator(schemas()["output"])
    for line in checked:
        schema.validate(line)


def test_a_bad_line_is_named_and_the_others_are_checked(file) -> None:
    checked, errors, refusal = run(file({"baseline": {"hb": "eleven"}}, CASE), *TODAY)
    assert checked[0] == {"error": {"field": "baseline.hb", "message": "Enter a number."}}
    assert "findings" in checked[1]
    assert errors == "line 1: baseline.hb: Enter a number.\n"
    assert refusal == "Lines that could not be read: 1."
    Draft202012Validator(schemas()["output"]).validate(checked[0])


def test_rules_and_today(file, tmp_path) -> None:
    case = {
        "isapd_treatment": {"isapd_start_date": "2022-03-10"},
        "baseline": {"baseline_lab_date": "2022-01-24"},
    }
    path, rules = file(case), tmp_path / "rules.json"

    def checks(*args):
        return {each["check"] for each in run(path, *args)[0][0]["findings"]}

    assert "C50" in checks(*TODAY)
    rules.write_text('{"baseline_window_days": 60}')
    assert "C50" not in checks(*TODAY, "--rules", rules)
    rules.write_text('{"off": ["C50"]}')
    assert "C50" not in checks(*TODAY, "--rules", rules)
    # By default the checks are made for the day they are made on.
    assert checks() >= {"C50"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"unknown": 1}', "unknown setting: unknown"),
        ('{"cycle_days_min": "soon"}', "cycle_days_min cannot be 'soon'"),
        ("[]", "rules are a JSON object"),
        ("{", "Expecting property name"),
    ],
)
def test_rules_that_are_none(file, tmp_path, text, message) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(text)
    checked, _errors, refusal = run(file(CASE), "--rules", rules)
    assert checked == []
    assert message in refusal


def test_what_cannot_be_done_is_said(file) -> None:
    assert run()[2] == "Name a file with one case per line, or - for standard input."
    assert "'June' is no date" in run(file(CASE), "--today", "June")[2]


def test_a_case_without_a_code_or_without_an_enrolment(monkeypatch) -> None:
    lines = b'{"enrolment": {"consent_status": "SIGNED"}}\n{"patient_code": "IT001-0001"}\n'
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(lines)))
    checked, _errors, refusal = run("-", *TODAY)
    assert refusal is None
    assert "patient_code" in {each["variable"] for each in checked[0]["findings"]}
    assert checked[1] == {"findings": []}


def test_the_schemas_of_both_sides() -> None:
    out = io.StringIO()
    call_command("check_cases", "--schema", stdout=out)
    assert json.loads(out.getvalue()) == schemas()
