"""A row as text: one spelling per content, on every database and in every release.

JSON with sorted keys, no spaces and no escapes beyond JSON's own. Numbers of the database are text, so that
no reader rounds them; instants are UTC to the microsecond.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

# Grows when the shape of a payload changes; readers upcast older ones.
SCHEMA = 1

Image = dict[str, Any]


def image(row: models.Model) -> Image:
    """The columns of `row` an event may show, as JSON values."""
    shown = getattr(row, "audited_columns", None)
    return {
        field.attname: plain(getattr(row, field.attname), field)
        for field in row._meta.concrete_fields
        if shown is None or field.name in shown
    }


def restore(row: models.Model, before: Image) -> None:
    """Set the columns of `row` to an earlier image of it; its key, its version and its time stay."""
    for field in row._meta.concrete_fields:
        if not field.primary_key and field.name not in ("version", "updated_at") and field.attname in before:
            setattr(row, field.attname, field.to_python(before[field.attname]))


def plain(value: Any, field: models.Field[Any, Any] | None = None) -> Any:
    """A column's value as JSON: text for whatever JSON would blur."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return (
                f"{value:.{field.decimal_places}f}" if isinstance(field, models.DecimalField) else str(value)
            )
        case UUID():
            return str(value)
        case _:
            return value


def canonical(content: Any) -> str:
    """The one text of a JSON value."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
