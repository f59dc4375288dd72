"""A row as the audit trail keeps it, read back as the values of its variables."""

from datetime import date
from types import SimpleNamespace

from registry import fields
from registry.audit.canonical import Image
from registry.dictionary.values import Value
from registry.dictionary.variable import Kind, Variable


def value_in(variable: Variable, image: Image | None) -> Value:
    """Value of `variable` in an audited row; None where there was no row, or the row had no such column."""
    if image is None or variable.name not in image:
        return None
    columns = {name: image.get(name) for name in fields.columns(variable)}
    value = fields.get(SimpleNamespace(**columns), variable)  # type: ignore[arg-type]
    return date.fromisoformat(value) if variable.kind is Kind.DATE and isinstance(value, str) else value
