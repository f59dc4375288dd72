"""Maps a declared variable to its columns, and a row's columns to the variable's value.

============== ==================================================================
kind           columns
============== ==================================================================
decimal        ``x`` (canonical unit, six decimals), ``x_entered``, ``x_unit``
partial_date   ``x`` as ISO text, `2019`, `2019-05` or `2019-05-03`
multichoice    ``x`` as a JSON list of codes, in the dictionary's order
others         ``x``
============== ==================================================================

A variable with missing reasons has ``x_missing`` beside it. Labels, choices and limits stay in the
declaration: a reworded label is no migration. Blank is NULL everywhere, text included, so that "not yet
entered" has one spelling.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from django.db import models

from registry.dictionary.entry import MAX_DIGITS, MAX_TEXT
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Kind, Variable
from registry.terminology.missing import Missing

# Six decimals keep twelve significant digits of the largest limit; SQLite stores fifteen.
CANONICAL_PLACES = 6
CANONICAL_DIGITS = 16


def columns(variable: Variable) -> dict[str, models.Field[Any, Any]]:
    """Column name → model field for one variable."""
    name = variable.name
    fields: dict[str, models.Field[Any, Any]] = {name: _column(variable)}
    if variable.kind is Kind.DECIMAL:
        fields[f"{name}_entered"] = _text(MAX_DIGITS)
        fields[f"{name}_unit"] = _text(16)
    if variable.missing:
        fields[f"{name}_missing"] = _text(2)
    return fields


def _column(variable: Variable) -> models.Field[Any, Any]:
    match variable.kind:
        case Kind.INTEGER:
            return models.IntegerField(null=True, blank=True)
        case Kind.DECIMAL:
            return models.DecimalField(
                max_digits=CANONICAL_DIGITS, decimal_places=CANONICAL_PLACES, null=True, blank=True
            )
        case Kind.DATE:
            return models.DateField(null=True, blank=True)
        case Kind.PARTIAL_DATE:
            return _text(10)
        case Kind.MULTICHOICE:
            return models.JSONField(null=True, blank=True)
        case Kind.TEXT:
            return _text(MAX_TEXT)
        case _:
            return _text(20)


def _text(length: int) -> models.CharField[Any, Any]:
    return models.CharField(max_length=length, null=True, blank=True)


def get(row: models.Model, variable: Variable) -> Value:
    """Value of `variable` in `row`, exact: a measurement comes from what was entered."""
    name = variable.name
    if variable.missing and (reason := getattr(row, f"{name}_missing")):
        return Missing(reason)
    stored = getattr(row, name)
    if stored is None:
        return None
    match variable.kind:
        case Kind.DECIMAL:
            entered, unit = getattr(row, f"{name}_entered"), getattr(row, f"{name}_unit") or ""
            return Measurement(entered, unit, Fraction(entered) * variable.factor(unit))
        case Kind.PARTIAL_DATE:
            return PartialDate(stored)
        case Kind.MULTICHOICE:
            return tuple(stored)
        case _:
            return stored  # type: ignore[no-any-return]


def put(row: models.Model, variable: Variable, value: Value) -> None:
    """Set the columns of `variable` in `row`; nothing is saved."""
    name = variable.name
    if variable.missing:
        setattr(row, f"{name}_missing", value.value if isinstance(value, Missing) else None)
    known = None if isinstance(value, Missing) else value
    if variable.kind is Kind.DECIMAL:
        measurement = known if isinstance(known, Measurement) else None
        setattr(row, name, canonical(measurement.canonical) if measurement else None)
        setattr(row, f"{name}_entered", measurement.entered if measurement else None)
        setattr(row, f"{name}_unit", (measurement.unit or None) if measurement else None)
    elif isinstance(known, PartialDate):
        setattr(row, name, known.text)
    else:
        setattr(row, name, list(known) if isinstance(known, tuple) else known)


def canonical(exact: Fraction) -> Decimal:
    """The exact canonical value as its column stores it."""
    # Scaled before dividing, so that no binary or context rounding comes in between.
    scaled = Fraction(exact * 10**CANONICAL_PLACES)
    return Decimal(round(scaled)).scaleb(-CANONICAL_PLACES).quantize(_STEP, ROUND_HALF_EVEN)


_STEP = Decimal(1).scaleb(-CANONICAL_PLACES)
