"""`manage.py derive`: cases from a file, answered line by line, without a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from registry.derivations.schema import schemas
from tests.registry.derivations.build import derived
from tests.registry.derivations.fixture_e import CASE, EXPECTED

ROOT = Path(__file__).parents[3]


def run(*args, **options):
    """Lines on stdout as JSON, text on stderr, the refusal. No test here has a database."""
    out, err, refusal = io.StringIO(), io.StringIO(), None
    try:
        call_command("derive", *map(str, args), stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        refusal = str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), refusal


@pytest.fixture
def file(tmp_path):
    def write(*lines):
        path = tmp_path / "cases.jsonl"
        texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(texts) + b"\n")
        return path

    return write


def test_section_e_comes_out_as_expected(file) -> None:
    (found,), errors, refusal = run(file(CASE))
    assert {name: found[name]["value"] for name in EXPECTED} == EXPECTED
    assert {found[name]["status"] for name in EXPECTED} == {"OK"}
    assert (errors, refusal) == ("", None)
    assert found == {name: answer.to_json() for name, answer in derived(CASE).items()}
    Draft202012Validator(schemas()["output"]).validate(found)


def test_without_a_database_that_could_be_reached(file, tmp_path) -> None:
    data = tmp_path / "data"
    # Where the database would be is a folder: opening it fails, whoever tries.
    (data / "registry.sqlite3").mkdir(parents=True)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", "derive", str(file(CASE, CASE))],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "registry.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [json.loads(line)["os_days"]["value"] for line in done.stdout.splitlines()] == [387, 387]


def test_a_bad_line_is_named_and_the_others_are_answered(file) -> None:
    path = file(
        CASE,
        CASE | {"baseline": {"hb": "eleven"}},
        CASE | {"response": [{"resp_date": "2022-04-07"}, {"resp_date": "2022-04"}]},
        {"patient_code": "IT001-0002"},
    )
    found, errors, refusal = run(path)
    assert [list(line) == ["error"] for line in found] == [False, True, True, False]
    assert found[1] == {"error": {"field": "baseline.hb", "message": "Enter a number."}}
    assert errors.splitlines() == [
        "line 2: baseline.hb: Enter a number.",
        "line 3: response[2].resp_date: The full date is needed here, as dd/mm/yyyy.",
    ]
    assert refusal == "Lines that could not be read: 2."
    Draft202012Validator(schemas()["output"]).validate(found[1])


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        (b"", "", "This line is not JSON."),
        (b'{"baseline": ', "", "This line is not JSON."),
        (b"[" * 100_000, "", "This line is not JSON."),
        (b'{"baseline": {"hb": ' + b"9" * 5000 + b"}}", "", "This line is not JSON."),
        (b'{"patient_code": "\xe9"}', "", "This line is not UTF-8."),
        (b"[1]", "", "A case is a JSON object."),
        (b'{"unknown": {}}', "unknown", "The dictionary has no such form or variable."),
        (b'{"baseline": {"hbb": 1}}', "baseline.hbb", "The dictionary has no such form or variable."),
        (b'{"fish": [{}, {"x": 1}]}', "fish[2].x", "The dictionary has no such form or variable."),
        (b'{"baseline": "hb"}', "baseline", "A row of the form baseline names its variables."),
        (b'{"fish": [{}, 1]}', "fish[2]", "A row of the form fish names its variables."),
        (b'{"baseline": {"hb": NaN}}', "baseline.hb", "Enter a number."),
        (
            b'{"baseline": {"hb": {"missing": "NA"}}}',
            "baseline.hb",
            "NA is not a missing reason here; allowed: NK, ND.",
        ),
    ],
)
def test_what_is_no_case(file, line, field, message) -> None:
    found, errors, refusal = run(file(line))
    assert found == [{"error": {"field": field, "message": message}}]
    assert errors == f"line 1: {field}: {message}\n" if field else f"line 1: {message}\n"
    assert refusal == "Lines that could not be read: 1."


def test_a_bad_line_exits_1_without_a_traceback(file) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "derive", str(file(b"{"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "line 1: This line is not JSON.",
        "CommandError: Lines that could not be read: 1.",
    ]


def test_standard_input_and_a_byte_order_mark(monkeypatch) -> None:
    lines = b"\xef\xbb\xbf" + json.dumps(CASE).encode() + b"\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(lines)))
    (found,), _errors, refusal = run("-")
    assert found["os_days"]["value"] == 387
    assert refusal is None


def test_cutoff_and_parameters(file, tmp_path) -> None:
    path = file(CASE)
    (cut,), _errors, _refusal = run(path, "--cutoff", "2022-06-30")
    assert (cut["os_days"]["value"], cut["os_event"]["value"]) == (112, 0)
    rules = tmp_path / "rules.json"
    rules.write_text('{"nonresponse_means": "PR", "dex_age_rule": "SMPC_GE75", "data_cutoff": "2022-06-30"}')
    (found,), _errors, _refusal = run(path, "--parameters", rules)
    assert found["os_days"]["value"] == 112
    (found,), _errors, _refusal = run(path, "--parameters", rules, "--cutoff", "2022-07-31")
    assert found["os_days"]["value"] == 143


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"unknown": 1}', "unknown parameter: unknown"),
        ('{"pfs_rule": "MINE"}', "pfs_rule cannot be 'MINE'"),
        ("[]", "parameters are a JSON object"),
        ("{", "Expecting property name"),
    ],
)
def test_parameters_that_are_none(file, tmp_path, text, message) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(text)
    found, _errors, refusal = run(file(CASE), "--parameters", rules)
    assert found == []
    assert message in refusal


def test_what_cannot_be_done_is_said(file, tmp_path) -> None:
    assert run()[2] == "Name a file with one case per line, or - for standard input."
    assert "No such file" in run(tmp_path / "none.jsonl")[2]
    assert "No such file" in run(file(CASE), "--parameters", tmp_path / "none.json")[2]
    assert "'June' is no date" in run(file(CASE), "--cutoff", "June")[2]


def test_the_schemas_of_both_sides() -> None:
    out = io.StringIO()
    call_command("derive", "--schema", stdout=out)
    assert json.loads(out.getvalue()) == schemas()
