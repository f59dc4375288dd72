"""Reading what was typed: text, number, code or date → the value of a variable.

The one reader for pages, admin, API, import, the cohort loader and `manage.py derive`. Raw entries are
JSON: a number, a string, a list of codes, ``{"value": "111", "unit": "g/L"}`` or ``{"missing": "NK"}``.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Kind, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

Raw = str | int | float | bool | list[str] | tuple[str, ...] | Mapping[str, object] | None

MAX_TEXT = 500
MAX_DIGITS = 24


class EntryError(ValueError):
    """An entry that cannot be read.

    Attributes
    ----------
    message : str
        What is wrong, for the person who typed it, with ``%(name)s`` places; translatable.
    params : dict
        What fills the places.
    place : str
        Where it stands in a case, "baseline.hb" or "response[2].resp_date"; "" outside of one.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params
        self.place = ""


def read(variable: Variable, raw: Raw) -> Value:
    """Value of `variable` from a raw entry; None when the entry is blank.

    Raises
    ------
    EntryError
        When the entry is not of the variable's type, names no choice or unit of it, gives a missing
        reason it does not allow, or says both a value and a missing reason.
    """
    if raw is None or raw == "" or raw == [] or raw == ():
        return None
    # Most entries are text; telling a mapping takes far longer than telling text.
    if not isinstance(raw, str) and isinstance(raw, Mapping):
        return _read_mapping(variable, raw)
    if isinstance(raw, list | tuple):
        return _read_codes(variable, raw)
    return _READERS[variable.kind](variable, _text(raw), "")


def _read_mapping(variable: Variable, raw: Mapping[str, object]) -> Value:
    unknown = set(raw) - {"value", "unit", "missing"}
    if unknown:
        raise EntryError(_("Unknown part of an entry: %(name)s."), name=", ".join(sorted(map(str, unknown))))
    content, reason, unit = raw.get("value"), raw.get("missing") or "", raw.get("unit") or ""
    if isinstance(content, Mapping):
        raise EntryError(_("Enter one value."))
    if reason:
        if content not in (None, "", [], ()):
            raise EntryError(_("Enter a value or a missing reason, not both."))
        return _read_missing(variable, str(reason))
    if content is None or content == "" or content == [] or content == ():
        return None
    if isinstance(content, list | tuple):
        return _read_codes(variable, content)
    return _READERS[variable.kind](variable, _text(content), str(unit))


def _read_missing(variable: Variable, reason: str) -> Missing:
    if reason not in variable.missing:
        raise EntryError(
            _("%(reason)s is not a missing reason here; allowed: %(allowed)s."),
            reason=reason,
            allowed=", ".join(variable.missing) or "–",
        )
    return Missing(reason)


def _text(raw: object) -> str:
    if isinstance(raw, bool):
        return "Y" if raw else "N"
    text = (repr(raw) if isinstance(raw, float) else str(raw)).strip()
    if "\x00" in text or (not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)):
        raise EntryError(_("The text holds a character that cannot be stored."))
    return text


def _read_text(variable: Variable, text: str, unit: str) -> Value:
    if len(text) > MAX_TEXT:
        raise EntryError(_("At most %(limit)s characters."), limit=MAX_TEXT)
    return text or None


def _read_choice(variable: Variable, text: str, unit: str) -> Value:
    if text not in variable.codes:
        raise EntryError(_("“%(text)s” is not one of the choices."), text=text[:40])
    return text


def _read_codes(variable: Variable, raw: list[str] | tuple[str, ...]) -> Value:
    if variable.kind is not Kind.MULTICHOICE:
        raise EntryError(_("Enter one value."))
    codes = [_text(code) for code in raw if code not in (None, "")]
    for code in codes:
        _read_choice(variable, code, "")
    return tuple(code for code in variable.codes if code in codes) or None


def _read_multichoice(variable: Variable, text: str, unit: str) -> Value:
    return _read_codes(variable, re.split(r"\s*[;,|]\s*", text))


_INTEGER = re.compile(r"[+-]?\d{1,9}(?:[.,]0+)?", re.ASCII)


def _read_integer(variable: Variable, text: str, unit: str) -> Value:
    if not _INTEGER.fullmatch(text):
        raise EntryError(_("Enter a whole number."))
    return int(re.split("[.,]", text)[0])


_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)


def _read_decimal(variable: Variable, text: str, unit: str) -> Value:
    number = text.replace(" ", "").replace("\u00a0", "")
    if "," in number and "." in number:
        raise EntryError(_("Use one decimal mark, a comma or a point, and no thousands separator."))
    number = number.replace(",", ".")
    if _EXPONENT.fullmatch(number):
        number = f"{Decimal(number):f}"
    if not _DECIMAL.fullmatch(number) or len(number) > MAX_DIGITS:
        raise EntryError(_("Enter a number."))
    unit = unit or (variable.unit.ucum if variable.unit else "")
    try:
        factor = variable.factor(unit)
    except KeyError:
        raise EntryError(
            _("Unknown unit %(unit)s; allowed: %(allowed)s."),
            unit=unit[:20],
            allowed=", ".join(variable.units),
        ) from None
    number = number.removeprefix("+")
    number = f"0{number}" if number.startswith(".") else number
    return Measurement(number, unit, Fraction(number) if factor == 1 else Fraction(number) * factor)


_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?", re.ASCII)
_EUROPEAN = re.compile(r"(?:(?:(?P<day>\d{1,2})[/.])?(?P<month>\d{1,2})[/.])?(?P<year>\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{2})", re.ASCII)
# Digits alone, day first or year first. With years of 1900 to 2099 no text is both: what is a year in one
# would be month 19 or 20 in the other. (Six digits are never day, month and a short year: 201203 could be two.)
_DIGITS = (
    re.compile(r"(?P<day>\d\d)?(?P<month>0[1-9]|1[0-2])(?P<year>(?:19|20)\d\d)", re.ASCII),
    re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>\d\d)?", re.ASCII),
)
_WRITTEN = (_ISO, _EUROPEAN, _SHORT_YEAR, *_DIGITS)


def _iso(variable: Variable, text: str) -> str:
    """ISO text of a full or partial date typed as ISO, dd/mm/yyyy (mm/yyyy, yyyy), dd/mm/yy or ddmmyyyy."""
    match = next((found for pattern in _WRITTEN if (found := pattern.fullmatch(text))), None)
    if match is None:
        raise EntryError(_("Enter a date as dd/mm/yyyy."))
    year, month, day = match["year"], match["month"], match["day"]
    if len(year) == 2:
        year = f"{_century(variable, int(year))}{year}"
    iso = "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
    try:
        PartialDate(iso)
    except ValueError:
        raise EntryError(_("%(text)s is not a day of the calendar."), text=text) from None
    return iso


def _century(variable: Variable, year: int) -> int:
    """Of a year typed with two digits: an adult with myeloma was born before 2010, and is treated after 1970."""
    return 19 if year >= (10 if variable.name == "birth_date" else 70) else 20


def _read_date(variable: Variable, text: str, unit: str) -> Value:
    iso = _iso(variable, text)
    if len(iso) != len("2024-01-31"):
        raise EntryError(_("The full date is needed here, as dd/mm/yyyy."))
    return date.fromisoformat(iso)


def _read_partial_date(variable: Variable, text: str, unit: str) -> Value:
    iso = _iso(variable, text)
    # Derived from survival times: a year alone would blur them by half a year (D01).
    if variable.name == "death_date" and len(iso) == len("2024"):
        raise EntryError(_("The month is needed at least, as mm/yyyy."))
    return PartialDate(iso)


_READERS = {
    Kind.TEXT: _read_text,
    Kind.INTEGER: _read_integer,
    Kind.DECIMAL: _read_decimal,
    Kind.DATE: _read_date,
    Kind.PARTIAL_DATE: _read_partial_date,
    Kind.BOOLEAN: _read_choice,
    Kind.CHOICE: _read_choice,
    Kind.MULTICHOICE: _read_multichoice,
}


def write(value: Value) -> Raw:
    """The raw entry that reads back as `value`."""
    match value:
        case Missing():
            return {"missing": value.value}
        case Measurement():
            return {"value": value.entered, "unit": value.unit} if value.unit else value.entered
        case PartialDate():
            return value.text
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value
