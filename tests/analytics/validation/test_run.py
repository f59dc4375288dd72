"""Running cases: what is not right is always said, and nothing that goes wrong stops the rest."""

from __future__ import annotations

import json
import warnings
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analytics.validation import catalog, run

CASE = {
    "id": "double/1",
    "op": "double",
    "dataset": "INLINE",
    "args": {"x": 2},
    "result": {"y": 4},
    "rtol": 1e-8,
}


def double(args, data, folder):
    if args["x"] is None:
        raise ValueError("x is missing")
    if args["x"] < 0:
        warnings.warn("negative", RuntimeWarning, stacklevel=1)
    return {"y": 2 * args["x"]}


@pytest.fixture(autouse=True)
def _one_operation(monkeypatch):
    monkeypatch.setattr(run, "OPERATIONS", {"double": double})
    monkeypatch.setattr(run, "PRECISION", {})


def cases(tmp_path, *changes):
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [{**CASE, **change} for change in changes]}))
    return file


def validate(*arguments):
    said = StringIO()
    call_command("validate_statistics", *map(str, arguments), stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"result": {"y": 5}}, "y: expected 5.0, got 4.0 (relative error 2.0e-01, allowed 1e-08)"),
        ({"result": {"y": None}}, "y: expected None, got 4"),
        ({"args": {"x": None}}, "ValueError: x is missing"),
        ({"args": {"x": -1}}, "RuntimeWarning: negative"),
        ({"op": "triple"}, "there is no operation triple"),
        ({"dataset": "absent"}, "absent.csv does not exist"),
    ],
)
def test_a_failure_says_what_was_expected_and_what_came(tmp_path, change, difference):
    (outcome,) = run.run_file(cases(tmp_path, change), tmp_path)
    assert not outcome.passed
    assert difference in outcome.differences[0]


def test_one_line_for_each_operation(tmp_path):
    file = cases(tmp_path, {}, {"op": "triple"}, {"result": {"y": 4.00000001}})
    doubles, triples = run.lines(run.run_file(file, tmp_path))
    assert (doubles.operation, doubles.cases, doubles.failed) == ("double", 2, 0)
    assert doubles.worst == pytest.approx(2.5e-9)
    assert doubles.share == pytest.approx(0.25)
    assert (triples.operation, triples.failed, triples.worst) == ("triple", 1, None)


def test_the_command_exits_with_an_error_after_everything_is_said(tmp_path):
    file, binder, said = (
        cases(tmp_path, {}, {"id": "double/2", "result": {"y": 5}}),
        tmp_path / "b.json",
        StringIO(),
    )
    with pytest.raises(CommandError, match="1 of 2 cases failed") as failure:
        call_command("validate_statistics", "--cases", str(file), "--json", str(binder), stdout=said)
    assert failure.value.returncode == 1
    assert "1 FAIL" in said.getvalue()
    assert "double/2 (double) failed:\n  y: expected 5.0, got 4.0" in said.getvalue()
    written = json.loads(binder.read_text())
    assert not written["passed"]
    assert [case["passed"] for case in written["cases"]] == [True, False]
    assert written["operations"][0]["worst_relative_error"] == pytest.approx(0.2)


def test_the_command_looks_for_data_beside_the_cases(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "few.csv").write_text("t\n1\n")
    file = cases(tmp_path, {"dataset": "few"})
    assert "All 1 cases agree." in validate("--cases", file)
    with pytest.raises(CommandError, match="1 of 1"):
        validate("--cases", file, "--data", tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--cases", "absent.json"], "absent.json"), (["--data", "."], "name the cases, too")],
)
def test_the_command_names_what_it_cannot_use(arguments, message):
    with pytest.raises(CommandError, match=message):
        validate(*arguments)


def test_without_arguments_the_shipped_suite_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "SUITE", cases(tmp_path, {}).parent)
    assert "double " in validate()


def test_no_operation_has_two_modules():
    names = [name for module in catalog.MODULES for name in module.OPERATIONS]
    assert len(names) == len(set(names))
    assert set(catalog.PRECISION) <= set(names)
