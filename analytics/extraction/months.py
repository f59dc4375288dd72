"""Days and months: 365.25 / 12 days are a month everywhere in the registry (specification D01)."""

MONTH_DAYS = 30.4375


def months(days: float) -> float:
    """Convert a duration in days to months, unrounded."""
    return days / MONTH_DAYS
