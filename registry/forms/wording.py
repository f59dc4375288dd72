"""A value in words: labels of choices, dates day first, numbers with the unit they were entered in."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from registry.dictionary.catalog import FORMS
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Variable
from registry.edit_checks.partial_dates import SETTLES
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop


def text_of(variable: Variable, value: Value) -> str:
    """`value` as a person reads it; "" when blank."""
    match value:
        case None:
            return ""
        case Missing():
            return _(value.label)
        case Measurement():
            return f"{number_text(value.entered)} {unit_text(variable, value.unit)}".strip()
        case PartialDate() | date():
            return day_text(value)
        case tuple():
            return ", ".join(choice_text(variable, code) for code in value)
        case int():
            return f"{value} {unit_text(variable, '')}".strip()
        case _:
            return choice_text(variable, value) if variable.choices else value


def typed_of(value: Value) -> str:
    """What a person would type to enter a number, a date or a text."""
    match value:
        case None | Missing() | tuple():
            return ""
        case Measurement():
            return number_text(value.entered)
        case PartialDate() | date():
            return day_text(value)
        case _:
            return str(value)


def number_text(number: str) -> str:
    """Numbers with the person's decimal mark; either mark is read again."""
    return _DECIMAL_POINT.sub(get_format("DECIMAL_SEPARATOR"), number)


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def day_text(day: PartialDate | date) -> str:
    """A date as dd/mm/yyyy; of a partial one what is known, mm/yyyy or yyyy."""
    if isinstance(day, PartialDate):
        if not day.is_exact:
            return "/".join(reversed(day.text.split("-")))
        day = day.earliest
    return date_format(day, "SHORT_DATE_FORMAT")


def choice_text(variable: Variable, code: str) -> str:
    """Label of a choice; the code itself where the dictionary has dropped it since."""
    try:
        return _(variable.choice(code).label)
    except KeyError:
        return code


def unit_text(variable: Variable, ucum: str) -> str:
    """A unit as people write it."""
    if variable.unit and ucum in ("", variable.unit.ucum):
        text = _TYPESET.get(str(variable.unit), str(variable.unit))
        return _(text) if text in _WORDS_OF_UNITS else text
    return next((str(unit) for unit in variable.alternatives if unit.ucum == ucum), ucum)


# Units the dictionary spells in plain characters; what is merely counted has none.
_TYPESET = {"x10^9/L": "×10⁹/L", "mm2": "mm²", "n": ""}
_WORDS_OF_UNITS = (
    *(gettext_noop("cycles"), gettext_noop("ratio"), gettext_noop("% nuclei")),
    *(gettext_noop("mg/day"), gettext_noop("mg/week")),
)


def label_of(variable: Variable) -> str:
    """The question in the person's language."""
    return _(variable.label)


def message_of(finding: Any) -> str:
    """The sentence of an edit check's finding, or of a data query."""
    return _(finding.message) % {name: _param(name, value) for name, value in finding.params.items()}


def _param(name: str, value: str | int) -> str | int:
    """What fills a place of a message, in words."""
    if name == "field":
        return next((label_of(v) for form in FORMS.values() for v in form if v.name == value), value)
    if name == "form":
        return _(FORMS[str(value)].label)
    if name == "date" or name.endswith("_date") or (name == "limit" and _ISO_DAY.fullmatch(str(value))):
        return day_text(PartialDate(str(value)))
    if name == "drug":
        # Without its class, which the dictionary writes behind it in brackets.
        return choice_text(FORMS["prior_line_drug"].variable("drug"), str(value)).split(" [")[0]
    if name == "derived":
        return _(SETTLES[str(value)])
    if value in _ANSWERS:
        return _(_ANSWERS[value])
    return _amount(value) if isinstance(value, str) else value


def _amount(text: str) -> str:
    number, space, unit = text.partition(" ")
    return number_text(number) + space + (_(unit) if unit in _WORDS_OF_UNITS else number_text(unit))


_ANSWERS: Mapping[str | int, str] = {"YES": gettext_noop("yes"), "NO": gettext_noop("no")}
