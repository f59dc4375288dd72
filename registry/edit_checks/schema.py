"""JSON schema of what the edit checks say of a case."""

from registry.derivations.schema import DIALECT, Schema, case_schema
from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.finding import Severity

OF_THE_DICTIONARY = ("required", "applies", "limit")
"""What stands for an id where the dictionary itself says it."""


def schemas() -> Schema:
    """Both sides: a line of input and a line of output."""
    return {"$schema": DIALECT, "input": case_schema(), "output": findings_schema()}


def findings_schema() -> Schema:
    """Findings of a case; or why the line could not be read."""
    text: Schema = {"type": "string"}
    finding: Schema = {
        "check": {"enum": [*OF_THE_DICTIONARY, *(check.id for check in CHECKS)]},
        "severity": {"enum": [severity.value for severity in Severity]},
        "form": {"enum": list(CASE_FORMS)},
        "row": {"type": "integer", "minimum": 1},
        "variable": {"enum": ["", *(variable.name for form in CASE_FORMS.values() for variable in form)]},
        "message": text,
    }
    return {
        "$schema": DIALECT,
        "title": "Findings",
        "oneOf": [
            _object({"findings": {"type": "array", "items": _object(finding)}}),
            _object({"error": _object({"field": text, "message": text})}),
        ],
    }


def _object(properties: Schema) -> Schema:
    """An object that has all of these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
