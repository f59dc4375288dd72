"""What a workbook's number formats make of a number: a date, of which part is shown, or a percentage."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum


class Shown(Enum):
    """As what a number is shown."""

    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    PERCENT = "percent"


_BUILT_IN = {
    **dict.fromkeys((9, 10), Shown.PERCENT),
    **dict.fromkeys((14, 15, 16, 22, *range(27, 32), 36, *range(50, 59)), Shown.DAY),
    17: Shown.MONTH,
}
# Texts, escaped and repeated signs, colors, conditions and languages within a format.
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')


def shown_as(number: int, code: str = "") -> Shown:
    """What the format with this number, or with this code of its own, shows."""
    if not code:
        return _BUILT_IN.get(number, Shown.NUMBER)
    plain = _NOT_SHOWN.sub("", code.split(";")[0]).casefold().replace("general", "")
    if "%" in plain:
        return Shown.PERCENT
    if "d" in plain:
        return Shown.DAY
    if "y" in plain:
        return Shown.MONTH if "m" in plain else Shown.YEAR
    return Shown.NUMBER


_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
# Excel knows a 29 February 1900; before it its days are off by one.
_FIRST_DAY = 61
_LAST_DAY = 2_950_000


def day(text: str, shown: Shown, *, from_1904: bool) -> str | None:
    """ISO date of a number shown as a date, a partial one where only that is shown; None where it is none."""
    serial = int(float(text))
    if not _FIRST_DAY <= serial <= _LAST_DAY:
        return None
    found = _EPOCHS[from_1904] + timedelta(days=serial)
    # A spreadsheet keeps "03/2024" as the first of March shown without its day; another day was entered.
    if shown is Shown.MONTH and found.day == 1:
        return f"{found:%Y-%m}"
    if shown is Shown.YEAR and (found.month, found.day) == (1, 1):
        return f"{found:%Y}"
    return found.isoformat()


def plain(text: str) -> str:
    """A number as the spreadsheet shows it: without the noise of binary fractions."""
    if len(text) <= _DIGITS and "E" not in text and "e" not in text:
        return text
    number = float(text)
    if number.is_integer() and abs(number) < 10**_DIGITS:
        return str(int(number))
    return f"{Decimal(f'{number:.{_DIGITS}g}'):f}"


_DIGITS = 15


def percent(text: str) -> str:
    """A share as the percentage that is shown."""
    try:
        return f"{(Decimal(plain(text)) * 100).normalize():f} %"
    except InvalidOperation:
        return text
