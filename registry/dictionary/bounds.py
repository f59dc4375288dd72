"""The grammar of limits, and the test of a value against them.

::

    bound = number | date | reference ["minus" | "plus" | "+"  count "day[s]" | "year[s]"]
    reference = "today" | variable | variable "or" "today"

A reference to a partial date is a range of days: a value is refused only when every day it can be lies
beyond every day the limit can be.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, cast

from registry.dictionary.values import Measurement, PartialDate, Value

Lookup = Callable[[str], Value]
TODAY = "today"


class BoundError(ValueError):
    """A limit the grammar does not know."""


class Span(NamedTuple):
    """The range a number or date can lie in; a point when it is exact."""

    earliest: Fraction | date
    latest: Fraction | date


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a date."""

    value: Fraction | date

    def span(self, lookup: Lookup, today: date) -> Span | None:
        return _exactly(self.value)

    @property
    def is_constant(self) -> bool:
        return True

    @property
    def references(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Today or another variable's date, moved by days and years."""

    names: tuple[str, ...]
    days: int = 0
    years: int = 0

    def span(self, lookup: Lookup, today: date) -> Span | None:
        """First and last day the limit can be; None while the other date is unknown."""
        for name in self.names:
            known = days_of(today if name == TODAY else lookup(name))
            if known:
                return Span(*(self._moved(cast(date, day)) for day in (known.earliest, known.latest)))
        return None

    @property
    def is_constant(self) -> bool:
        return self.names == (TODAY,)

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name != TODAY)

    def _moved(self, day: date) -> date:
        try:
            return add_years(day, self.years) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            # Beyond the calendar: the first or last day of it limits nothing.
            return date.min if self.years + self.days < 0 else date.max


Bound = Constant | Reference


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_REFERENCE = re.compile(
    r"([a-z][a-z0-9_]*)(?: or (today))?(?: (minus|plus|\+) (\d+) (day|year)s?)?",
)


@lru_cache(maxsize=256)
def parse_bound(text: str) -> Bound:
    """Parse one limit of the dictionary; raises BoundError when it is not of the grammar."""
    if _DATE.fullmatch(text):
        return Constant(date.fromisoformat(text))
    if _NUMBER.fullmatch(text):
        return Constant(Fraction(text))
    match = _REFERENCE.fullmatch(text)
    if not match:
        raise BoundError(f"unknown limit: {text!r}")
    name, or_today, sign, count, unit = match.groups()
    amount = int(count or 0) * (-1 if sign == "minus" else 1)
    names = (name, TODAY) if or_today else (name,)
    return Reference(names, days=amount if unit == "day" else 0, years=amount if unit == "year" else 0)


def below(value: Span | None, limit: Span | None) -> bool:
    """Whether a value certainly lies under a limit; not while either is unknown."""
    return value is not None and limit is not None and _is_less(value.latest, limit.earliest)


def above(value: Span | None, limit: Span | None) -> bool:
    """Whether a value certainly lies over a limit; not while either is unknown."""
    return value is not None and limit is not None and _is_less(limit.latest, value.earliest)


def days_of(value: Value) -> Span | None:
    """First and last day of a date; None when the value is no date."""
    if isinstance(value, PartialDate):
        return Span(value.earliest, value.latest)
    return _exactly(value) if isinstance(value, date) else None


def add_years(day: date, years: int) -> date:
    """The same day `years` later or earlier.

    Whoever was born on 29 February completes a year on 1 March of a common year (D02); so 18 years before a
    29 February, the last day of birth that makes an adult is the 28th.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if years > 0 else date(day.year + years, 2, 28)


def range_of(value: Value) -> Span | None:
    """The range a number or a date lies in; None for a value that is neither."""
    if isinstance(value, Measurement):
        return _exactly(value.canonical)
    if isinstance(value, int):
        return _exactly(Fraction(value))
    return days_of(value)


def _exactly(value: Fraction | date) -> Span:
    return Span(value, value)


def _is_less(one: Fraction | date, other: Fraction | date) -> bool:
    """Whether one of two numbers, or of two dates, is the lower."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        # What `<` does in the end, after asking twice what kind of numbers these are.
        return one.numerator * other.denominator < other.numerator * one.denominator
    return one < other  # type: ignore[operator]
