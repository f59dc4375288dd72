"""The values a variable can hold: a measurement as entered, a partial date, a missing reason."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from registry.terminology.missing import Missing


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "YEAR"
    MONTH = "MONTH"
    DAY = "DAY"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number as the laboratory printed it, and the same in the variable's canonical unit.

    Attributes
    ----------
    entered : str
        The number as typed, with a decimal point.
    unit : str
        UCUM code of the unit it was typed in; "" where the variable has none.
    canonical : Fraction
        Exact value in the canonical unit. Thresholds are decided on it, never on a rounded number.
    """

    entered: str
    unit: str
    canonical: Fraction


_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or the month and the day, may be unknown (D01).

    Parameters
    ----------
    text : str
        ISO 8601: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises
    ------
    ValueError
        When the text is none of these or names no day of the calendar.
    """

    text: str

    def __post_init__(self) -> None:
        match = _PARTIAL.fullmatch(self.text)
        if not match:
            raise ValueError(f"not a (partial) ISO date: {self.text!r}")
        year, month, day = match.groups()
        date(int(year), int(month or 1), int(day or 1))

    @property
    def precision(self) -> Precision:
        return _PRECISIONS[len(self.text)]

    @property
    def earliest(self) -> date:
        """First day the date can be."""
        return _bounds(self.text)[0]

    @property
    def latest(self) -> date:
        """Last day the date can be."""
        return _bounds(self.text)[1]

    @property
    def imputed(self) -> date:
        """Day 15 of a month, 1 July of a year, before any clipping into logical neighbors."""
        match self.precision:
            case Precision.DAY:
                return self.earliest
            case Precision.MONTH:
                return self.earliest.replace(day=15)
            case Precision.YEAR:
                return self.earliest.replace(month=7, day=1)

    @property
    def is_exact(self) -> bool:
        return self.precision is Precision.DAY

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=2**14)
def _bounds(text: str) -> tuple[date, date]:
    """First and last day of a partial date. A study's dates are few, and each is asked for often."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    last_month = parts[1] if len(parts) > 1 else 12
    last_day = parts[2] if len(parts) > 2 else calendar.monthrange(year, last_month)[1]
    return date(year, month, day), date(year, last_month, last_day)


Value = str | int | date | PartialDate | Measurement | tuple[str, ...] | Missing | None
"""What a variable holds; None is blank. BOOLEAN is "Y" or "N", CHOICE a code, DECIMAL a Measurement."""
