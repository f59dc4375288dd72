"""Dates of which the day or the month may be unknown (D01).

A yes/no rule is decided on the bounds; a duration uses the imputed day, clipped into its logical
neighbors.
"""

import calendar
from datetime import date, timedelta
from typing import NamedTuple

from registry.dictionary.values import PartialDate, Precision, Value


class Span(NamedTuple):
    """First and last possible day of a date, and the day put in its place in a duration."""

    earliest: date
    latest: date
    imputed: date

    @property
    def is_exact(self) -> bool:
        return self.earliest == self.latest


def span_of(value: Value) -> Span | None:
    """Bounds of a full or partial date; None when the value is no date."""
    if isinstance(value, PartialDate):
        earliest = value.earliest
        if value.precision is Precision.DAY:
            return Span(earliest, earliest, earliest)
        return Span(earliest, value.latest, value.imputed)
    return Span(value, value, value) if isinstance(value, date) else None


def settle(span: Span, not_before: date | None = None, not_after: date | None = None) -> date:
    """The imputed day, moved to a neighbor it would otherwise overstep, if that lies inside the bounds."""
    day = span.imputed
    if not_before is not None and day < not_before <= span.latest:
        day = not_before
    if not_after is not None and span.earliest <= not_after < day:
        day = not_after
    return day


def days_between(earlier: date, later: date) -> int:
    """Days from one date to another, without "+1"."""
    return (later - earlier).days


def plus_days(day: date, days: int) -> date:
    """The day `days` later; the last day of the calendar when there is none."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def add_months(day: date, months: int) -> date:
    """The same day `months` later, clamped to the end of the month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
