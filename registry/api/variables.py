"""The declared variables as API fields: what a row says, and how OpenAPI describes it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from registry import fields
from registry.dictionary.entry import write
from registry.dictionary.values import Measurement
from registry.dictionary.variable import Form, Kind, Variable


class EntryField(serializers.Field[Any, Any, Any, Any]):
    """One variable of a row in the JSON entry format; null is blank."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        super().__init__(read_only=True, source="*")

    def to_representation(self, row: Any) -> Any:
        return write(fields.get(row, self.variable))


class CanonicalField(serializers.Field[Any, Any, Any, Any]):
    """The exact number in the variable's canonical unit; null where there is no number."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        super().__init__(read_only=True, source="*")

    def to_representation(self, row: Any) -> str | None:
        value = fields.get(row, self.variable)
        if not isinstance(value, Measurement):
            return None
        text = f"{fields.canonical(value.canonical):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class EntrySchema(OpenApiSerializerFieldExtension):
    """Type, unit, choices and missing reasons of a variable, from its declaration."""

    target_class = EntryField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return entry_schema(self.target.variable)


class CanonicalSchema(OpenApiSerializerFieldExtension):
    """A decimal as text, so that no reader rounds it."""

    target_class = CanonicalField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        variable = self.target.variable
        unit = variable.unit.ucum if variable.unit else ""
        return {
            "type": "string",
            "format": "decimal",
            "nullable": True,
            "readOnly": True,
            "description": _(variable.label),
            "x-unit": unit,
        }


def entry_schema(variable: Variable) -> dict[str, Any]:
    """OpenAPI schema of a variable's entry."""
    alternatives = [_value_schema(variable)]
    if variable.missing:
        reasons = [reason.value for reason in variable.missing]
        alternatives.append(_object({"missing": {"type": "string", "enum": reasons}}))
    described: dict[str, Any] = {"description": _description(variable), "nullable": True, "readOnly": True}
    if variable.unit:
        described["x-unit"] = variable.unit.ucum
    if len(alternatives) == 1:
        return {**alternatives[0], **described}
    return {"oneOf": alternatives, **described}


def values_serializer(form: Form, variables: tuple[Variable, ...]) -> type[serializers.Serializer[Any]]:
    """Serializer of one form's entries."""
    made = {variable.name: EntryField(variable) for variable in variables}
    return type(f"{_camel(form.name)}Values", (serializers.Serializer,), made)


def canonical_serializer(form: Form, variables: tuple[Variable, ...]) -> type[serializers.Serializer[Any]]:
    """Serializer of one form's numbers in canonical units."""
    made = {each.name: CanonicalField(each) for each in variables if each.kind is Kind.DECIMAL}
    return type(f"{_camel(form.name)}Canonical", (serializers.Serializer,), made)


def _value_schema(variable: Variable) -> dict[str, Any]:
    match variable.kind:
        case Kind.INTEGER:
            return {"type": "integer"}
        case Kind.DECIMAL if variable.unit:
            value = {"type": "string", "description": "As entered, with a decimal point."}
            return _object({"value": value, "unit": {"type": "string", "enum": list(variable.units)}})
        case Kind.DATE:
            return {"type": "string", "format": "date"}
        case Kind.PARTIAL_DATE:
            return {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
        case Kind.BOOLEAN | Kind.CHOICE:
            return {"type": "string", "enum": list(variable.codes)}
        case Kind.MULTICHOICE:
            return {"type": "array", "items": {"type": "string", "enum": list(variable.codes)}}
        case _:
            return {"type": "string"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _description(variable: Variable) -> str:
    choices = "; ".join(f"{choice.code}: {_(choice.label)}" for choice in variable.choices)
    return f"{_(variable.label)} ({choices})" if choices else _(variable.label)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
