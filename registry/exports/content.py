"""What the cells of a center's export hold: the importer's columns, and canonical values beside units."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from registry import fields
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Form, Variable
from registry.imports.cells import written
from registry.imports.columns import OWN_REFERENCE, PATIENT_CODE, SEQ, Column, columns
from registry.models import CaseRow

# The importer passes over columns whose name begins so: what is computed is not entered.
COMPUTED = "_"
CANONICAL = ".canonical"


class Number(NamedTuple):
    """A number by its digits, as they were entered."""

    text: str


Content = str | date | Number | None


@dataclass(frozen=True)
class Heading:
    """One column: its name in the first line, and the variable it belongs to; None for keys."""

    name: str
    variable: Variable | None = None


@cache
def headings(name: str) -> tuple[Heading, ...]:
    """The columns of a form's sheet, in order."""
    return tuple(Heading(column, variable) for column, variable, _content in _plan(name))


def contents(row: CaseRow, patient_code: str, reference: str, *, labels: bool) -> list[Content]:
    """The cells of one row, one for each of `headings`."""
    keys: dict[str, Content] = {
        PATIENT_CODE: patient_code,
        OWN_REFERENCE: reference,
        SEQ: Number(str(row.seq)),
    }
    values = {variable.name: fields.get(row, variable) for variable in row.variables}
    return [
        keys[name] if variable is None else content(variable, values[variable.name], labels)
        for name, variable, content in _plan(row.form.name)
    ]


Reader = Callable[[Variable, Value, bool], Content]


@cache
def _plan(name: str) -> tuple[tuple[str, Variable | None, Reader], ...]:
    return tuple(_columns(CASE_FORMS[name]))


def _columns(form: Form) -> Iterator[tuple[str, Variable | None, Reader]]:
    for column in columns(form):
        yield column.name, column.variable, _unit if column.is_unit else _entered
        if column.is_unit:
            yield _canonical_name(column), column.variable, _canonical


def _canonical_name(column: Column) -> str:
    assert column.variable is not None
    return f"{COMPUTED}{column.variable.name}{CANONICAL}"


def _entered(variable: Variable, value: Value, labels: bool) -> Content:
    match value:
        case Measurement():
            return Number(value.entered)
        case int():
            return Number(str(value))
        case date():
            return value
        case PartialDate():
            return value.earliest if value.is_exact else value.text
        case _:
            return written(variable, value, labels=labels)[0] or None


def _unit(variable: Variable, value: Value, labels: bool) -> Content:
    return value.unit if isinstance(value, Measurement) else None


def _canonical(variable: Variable, value: Value, labels: bool) -> Content:
    if not isinstance(value, Measurement):
        return None
    return Number(f"{fields.canonical(value.canonical).normalize():f}")
