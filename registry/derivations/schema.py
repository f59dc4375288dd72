"""JSON schemas of a case and of its derived values, generated from the declarations and the catalog."""

from registry.derivations.catalog import DERIVED, DerivedVariable, Shape
from registry.dictionary.catalog import CASE_FORMS, FORMS
from registry.dictionary.variable import Form, Kind, Variable

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PARTIAL_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
FULL_DATE = r"^\d{4}-\d{2}-\d{2}$"


def schemas() -> Schema:
    """Both sides: a line of input and a line of output."""
    return {"$schema": DIALECT, "input": case_schema(), "output": derived_schema()}


def case_schema() -> Schema:
    """A case in the JSON entry format."""
    forms: Schema = {name: _form(form) for name, form in CASE_FORMS.items()}
    return {
        "$schema": DIALECT,
        "title": "Case",
        "type": "object",
        "properties": {"patient_code": {"type": "string"}}
        | forms
        | {name: _form(FORMS[name]) for name in ("center_labref", "center")},
        "additionalProperties": False,
    }


def derived_schema() -> Schema:
    """What `derive` answers of a case; or why the line could not be read."""
    answers: Schema = {name: _answer(variable) for name, variable in DERIVED.items()}
    return {
        "$schema": DIALECT,
        "title": "Derived values",
        "oneOf": [
            _object(answers, required=list(answers)),
            _object(
                {"error": _object({"field": _STRING, "message": _STRING}, required=["field", "message"])},
                required=["error"],
            ),
        ],
    }


_STRING: Schema = {"type": "string"}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _form(form: Form) -> Schema:
    row: Schema = {
        "type": "object",
        "properties": {variable.name: _entry(variable) for variable in form},
        "additionalProperties": False,
    }
    rows: Schema = {"type": "array", "items": row}
    if not form.repeating:
        rows["maxItems"] = 1
    return {"title": form.label, "anyOf": [row, rows]}


def _entry(variable: Variable) -> Schema:
    """A raw entry: the plain value, the value with its unit, a missing reason, or blank."""
    plain = _plain(variable)
    parts: Schema = {"value": {"anyOf": plain}}
    if variable.units:
        parts["unit"] = {"enum": list(variable.units)}
    ways: list[Schema] = [*plain, _object(parts, required=["value"])]
    if variable.missing:
        reasons: Schema = {"enum": [reason.value for reason in variable.missing]}
        ways.append(_object({"missing": reasons}, required=["missing"]))
    found: Schema = {"title": variable.label, "anyOf": [*ways, {"enum": [None, ""]}]}
    if variable.unit:
        found["x-unit"] = variable.unit.ucum
    return found


def _plain(variable: Variable) -> list[Schema]:
    match variable.kind:
        case Kind.TEXT:
            return [_STRING, {"type": "number"}]
        case Kind.INTEGER:
            return [{"type": "integer"}, {"type": "string", "pattern": r"^\s*[+-]?\d+\s*$"}]
        case Kind.DECIMAL:
            return [
                {"type": "number"},
                {"type": "string", "pattern": r"^\s*[+-]?[\d .,\u00a0]+([eE][+-]?\d+)?\s*$"},
            ]
        case Kind.DATE:
            return [{"type": "string", "pattern": FULL_DATE}]
        case Kind.PARTIAL_DATE:
            return [{"type": "string", "pattern": PARTIAL_DATE}, {"type": "integer"}]
        case Kind.MULTICHOICE:
            return [
                {"type": "array", "items": {"enum": list(variable.codes)}},
                {"enum": list(variable.codes)},
            ]
        case _:
            # A grade or a dose level may be typed as the number it is.
            numbers = [int(code) for code in variable.codes if code.isdecimal()]
            return [{"enum": [*variable.codes, *numbers]}]


def _answer(variable: DerivedVariable) -> Schema:
    """Value, status and reason; not evaluable exactly when the value is null."""
    found: Schema = {
        "oneOf": [
            _object(
                {"value": value, "status": {"const": status}, "reason": _STRING},
                required=["value", "status", "reason"],
            )
            for value, status in ((_value(variable), "OK"), ({"type": "null"}, "NE"))
        ],
        "x-rule": variable.rule,
    }
    if variable.unit:
        found["x-unit"] = variable.unit
    return found


def _value(variable: DerivedVariable) -> Schema:
    codes: Schema = {"enum": list(variable.codes)}
    by_code = {"propertyNames": {"enum": list(variable.keys)}, "additionalProperties": codes}
    shapes: dict[Shape, Schema] = {
        Shape.INTEGER: _INTEGER,
        Shape.NUMBER: {"type": "number"},
        Shape.TEXT: _STRING,
        Shape.CODE: codes,
        Shape.DATE: _DATE,
        Shape.INTEGERS: {"type": "array", "items": _INTEGER},
        Shape.DATES: {"type": "array", "items": _DATE},
        Shape.CODES: {"type": "array", "items": codes},
        Shape.TEXTS: {"type": "array", "items": {"type": ["string", "null"]}},
        Shape.BY_CODE: {"type": "object", **by_code},
    }
    return shapes[variable.shape]


_INTEGER: Schema = {"type": "integer"}
_DATE: Schema = {"type": "string", "pattern": FULL_DATE}
