"""Typed reading of a record. Blank and missing reasons are None to a formula (D01)."""

from datetime import date
from fractions import Fraction

from registry.derivations.dates import Span, span_of
from registry.dictionary.facts import Record
from registry.dictionary.values import Measurement


def number(record: Record, name: str) -> Fraction | None:
    """Exact number in the canonical unit."""
    value = record.known(name)
    return value.canonical if isinstance(value, Measurement) else None


def whole(record: Record, name: str) -> int | None:
    """Whole number."""
    value = record.known(name)
    return value if isinstance(value, int) else None


def day(record: Record, name: str) -> date | None:
    """Full date."""
    value = record.known(name)
    return value if isinstance(value, date) else None


def span(record: Record, name: str) -> Span | None:
    """Bounds of a full or partial date."""
    return span_of(record.known(name))


def code(record: Record, name: str) -> str | None:
    """Code of a choice."""
    value = record.known(name)
    return value if isinstance(value, str) else None


def codes(record: Record, name: str) -> tuple[str, ...] | None:
    """Codes of a multiple choice."""
    value = record.known(name)
    return value if isinstance(value, tuple) else None


def said(record: Record, name: str) -> bool | None:
    """Answer of a yes/no question."""
    value = record.known(name)
    return value == "Y" if value is not None else None
