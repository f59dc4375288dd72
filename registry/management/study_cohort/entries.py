"""How people type: units of their laboratory, decimal commas, missing reasons, partial dates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from registry.management.study_cohort.draw import Draw

Row = dict[str, Any]
Case = dict[str, Any]


def missing(reason: str) -> dict[str, str]:
    """The entry of a missing reason."""
    return {"missing": reason}


def number(value: Decimal, comma: bool = False) -> str:
    """A number as typed, with a decimal comma where the center writes one."""
    text = f"{value:f}"
    return text.replace(".", ",") if comma else text


def measured(value: Decimal, unit: str, comma: bool = False) -> dict[str, str]:
    """A number with the unit it was printed in (UCUM)."""
    return {"value": number(value, comma), "unit": unit}


def iso(day: date) -> str:
    """A full date as ISO 8601."""
    return day.isoformat()


def typed_date(day: date, draw: Draw) -> str:
    """A full date, mostly ISO as exported by hospital systems, sometimes as people write it."""
    return day.isoformat() if draw.chance(0.8) else f"{day:%d/%m/%Y}"


def without_blanks(row: Mapping[str, Any]) -> Row:
    """The row without the entries nobody made."""
    return {name: entry for name, entry in row.items() if entry is not None}
