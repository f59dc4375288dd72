"""Months as a duration and months as a category (D01)."""

from datetime import date
from fractions import Fraction

from registry.derivations.dates import Span, add_months
from registry.derivations.parameters import Parameters


def in_months(days: int, parameters: Parameters) -> Fraction:
    """A duration in months, exact; rounding is for whoever shows it."""
    return Fraction(days) / parameters.month_days


def at_least_months(earlier: Span, later: date, months: int) -> bool | None:
    """Whether `later` is at least so many calendar months after `earlier`; None when bounds straddle it.

    Calendar months, because 365 days are 11.99 months of 30.4375 and one year must count as twelve.
    """
    if add_months(earlier.latest, months) <= later:
        return True
    return None if add_months(earlier.earliest, months) <= later else False


def half_up(value: Fraction, decimals: int = 1) -> str:
    """A number as it is shown: rounded half up, which binary floats cannot be trusted to do."""
    scale = 10**decimals
    whole = (abs(value) * scale * 2 + 1) // 2
    sign = "-" if value < 0 and whole else ""
    digits = f"{whole // scale}"
    return f"{sign}{digits}.{whole % scale:0{decimals}d}" if decimals else f"{sign}{digits}"
