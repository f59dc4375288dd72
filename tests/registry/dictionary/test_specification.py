"""The declarations against the data dictionary, column by column."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.dictionary.catalog import FORMS
from registry.dictionary.conditions import parse_condition
from registry.dictionary.variable import Form, Identifying, Variable

COPY = Path(__file__).with_name("data_dictionary.csv")
SPECIFICATION = Path(__file__).parents[4] / "shared" / "clinical" / "data_dictionary.csv"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = read(COPY)
DECLARED = [(form, variable) for form in FORMS.values() for variable in form]
IDS = [f"{form.name}.{variable.name}" for form, variable in DECLARED]


def units(text: str) -> list[tuple[str, str]]:
    """Alternative units as (UCUM code, conversion): the operator is the last one before the number."""
    found = []
    for part in filter(None, text.split(";")):
        place = max(part.rfind("*"), part.rfind("/"))
        found.append((part[:place], part[place:]))
    return found


def choices(text: str) -> list[tuple[str, str]]:
    return [(code, label) for code, label in (part.split("=", 1) for part in filter(None, text.split(";")))]


# Column → what the dictionary says in it, and what is declared.
COLUMNS: dict[str, tuple[Callable[[str], object], Callable[[Form, Variable], object]]] = {
    "form": (str, lambda form, variable: form.name),
    "variable": (str, lambda form, variable: variable.name),
    "label": (str, lambda form, variable: variable.label),
    "type": (str, lambda form, variable: variable.kind.value),
    "units_ucum": (str, lambda form, variable: variable.unit.ucum if variable.unit else ""),
    "alt_units_with_factor": (
        units,
        lambda form, variable: [(unit.ucum, unit.conversion) for unit in variable.alternatives],
    ),
    "choices": (choices, lambda form, variable: [(choice.code, choice.label) for choice in variable.choices]),
    "required": (str, lambda form, variable: variable.required),
    "branching": (str, lambda form, variable: variable.shown),
    "hard_min": (str, lambda form, variable: variable.hard.minimum),
    "hard_max": (str, lambda form, variable: variable.hard.maximum),
    "soft_min": (str, lambda form, variable: variable.soft.minimum),
    "soft_max": (str, lambda form, variable: variable.soft.maximum),
    "missing_codes": (
        lambda text: [code for code in text.split(",") if code],
        lambda form, variable: [reason.value for reason in variable.missing],
    ),
    "repeating": (str, lambda form, variable: form.repeating or "no"),
    "standard": (str, lambda form, variable: variable.standard),
    "identifying": (str, lambda form, variable: variable.identifying.value),
    "core": (lambda text: text == "yes", lambda form, variable: variable.core),
    "note_source": (str, lambda form, variable: variable.source),
}


def test_every_column_is_compared() -> None:
    # units_display is compared on its own below: it is written for people.
    assert set(ROWS[0]) == set(COLUMNS) | {"units_display"}


def test_the_same_variables_in_the_same_order() -> None:
    assert [f"{row['form']}.{row['variable']}" for row in ROWS] == IDS
    assert len(IDS) == len(set(IDS)) == 179
    assert len(FORMS) == 16


@pytest.mark.parametrize("column", COLUMNS)
def test_column(column: str) -> None:
    specified, declared = COLUMNS[column]
    different = {
        name: (declared(form, variable), specified(row[column]))
        for name, row, (form, variable) in zip(IDS, ROWS, DECLARED, strict=True)
        if declared(form, variable) != specified(row[column])
    }
    assert different == {}


SPOKEN = {"x10^9/L": "×10⁹/L", "mm2": "mm²"}


def test_units_as_people_write_them() -> None:
    shown = {name: str(variable.unit or "") for name, (_form, variable) in zip(IDS, DECLARED, strict=True)}
    specified = {name: row["units_display"] for name, row in zip(IDS, ROWS, strict=True)}
    different = {name for name in IDS if shown[name] not in (specified[name], SPOKEN.get(specified[name]))}
    assert different == set()


def test_the_counts_the_specification_gives() -> None:
    declared = [variable for _form, variable in DECLARED]
    assert sum(variable.core for variable in declared) == 72
    assert {variable.name for variable in declared if variable.identifying is Identifying.DIRECT} == {
        "center_pi_name"
    }


def test_every_condition_and_limit_of_the_copy_parses() -> None:
    for _form, variable in DECLARED:
        assert variable.required_when is not None
        assert variable.shown_when is not None
        for limits in (variable.hard, variable.soft):
            assert (limits.lower is None) is (limits.minimum == "")
            assert (limits.upper is None) is (limits.maximum == "")


def test_every_variable_a_condition_or_limit_names_can_be_found() -> None:
    known = {variable.name for _form, variable in DECLARED}
    for _form, variable in DECLARED:
        named = {*variable.required_when.variables(), *variable.shown_when.variables()}
        for limits in (variable.hard, variable.soft):
            for bound in (limits.lower, limits.upper):
                named.update(bound.references if bound else ())
        assert named <= known, variable.name


def test_every_code_a_condition_compares_with_is_a_choice() -> None:
    codes = {variable.name: variable.codes for _form, variable in DECLARED}
    for _form, variable in DECLARED:
        for condition in (variable.required_when, variable.shown_when):
            for name in condition.variables():
                for term in getattr(condition, "terms", (condition,)):
                    if getattr(term, "variable", None) == name:
                        compared = getattr(term, "codes", None) or (getattr(term, "code", ""),)
                        assert set(compared) <= set(codes[name]), variable.name


def test_a_condition_of_the_copy_is_read_as_meant() -> None:
    rows = {row["variable"]: row for row in ROWS}
    condition = parse_condition(rows["resp_plasmacytoma_spd"]["required"])
    answers = {"plasmacytoma_type": "EMD", "resp_imaging_done": "Y"}
    assert condition.holds(answers.get)
    assert not condition.holds((answers | {"plasmacytoma_type": "NONE"}).get)


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside the project")
def test_the_copy_is_the_specification() -> None:
    assert COPY.read_bytes() == SPECIFICATION.read_bytes()
