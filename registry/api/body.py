"""Bodies of requests, read as strictly as they are described: no unknown names, no guessed types."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MAX_ROWS = 500


class Body(serializers.Serializer[Any]):
    """A JSON object that names nothing but its fields."""

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        if unknown := sorted(set(data) - set(self.fields)):
            message = _("There is no such field here.")
            raise serializers.ValidationError({str(name)[:60]: [message] for name in unknown})
        return values


class Text(serializers.CharField):
    """Text that came as text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """true or false, and nothing that resembles them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


ENTRY = {
    "description": 'Number, text, list of codes, {"value": "111", "unit": "g/L"} or {"missing": "NK"}.',
    "nullable": True,
    "anyOf": [
        {"type": "string"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object"},
    ],
}
ENTRIES = {
    "type": "object",
    "description": "Variable → entry; a variable that is not named keeps its value.",
    "additionalProperties": ENTRY,
    "example": {"hb": {"value": "111", "unit": "g/L"}, "ecog": "1", "b2m": {"missing": "NK"}},
}


@extend_schema_field(ENTRIES)
class Entries(serializers.Field[Any, Any, Any, Any]):
    """Raw entries of one row; what they say is read by the dictionary's own reader."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not is_entries(data):
            raise serializers.ValidationError(_("A row names its variables and their entries."))
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {
        "type": "object",
        "description": "Form → its row; of a form that repeats, the list of its rows.",
        "additionalProperties": {
            "oneOf": [ENTRIES, {"type": "array", "items": ENTRIES, "maxItems": MAX_ROWS}]
        },
        "example": {"enrolment": {"enrolment_date": "2024-01-15"}, "prior_line": [{"line_no": 1}]},
    }
)
class Forms(serializers.Field[Any, Any, Any, Any]):
    """Raw entries of a case, in the JSON entry format."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("A case names its forms and their rows."))
        for name, content in data.items():
            rows = content if isinstance(content, list) else [content]
            if len(rows) > MAX_ROWS or not all(is_entries(row) for row in rows):
                raise serializers.ValidationError(
                    {name[:60]: [_("A row names its variables and their entries.")]}
                )
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class Confirmations(serializers.DictField):
    """Key of a finding → why it is correct."""

    child = Text(max_length=500, allow_blank=False)


def is_entries(data: Any) -> bool:
    """Whether `data` has the shape of one row's entries, whatever they say."""
    return isinstance(data, dict) and all(_is_entry(entry) for entry in data.values())


def _is_entry(entry: Any) -> bool:
    match entry:
        case list():
            return all(isinstance(code, str) for code in entry)
        case dict():
            return all(not isinstance(part, dict) for part in entry.values())
        case _:
            return True
