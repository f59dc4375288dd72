"""Calendar arithmetic of the cohort."""

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day some months later, clamped to the end of the month (D01)."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def weekday_on_or_before(day: date) -> date:
    """The day itself, or the Friday before a weekend: treatments start on working days."""
    return day - timedelta(days=max(0, day.weekday() - 4))
