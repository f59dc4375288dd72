"""A value in words: labels of choices, dates day first, numbers with the unit they were entered in."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Variable
from registry.terminology.missing import Missing


def text_of(variable: Variable, value: Value) -> str:
    """`value` as a person reads it; "" when blank."""
    match value:
        case None:
            return ""
        case Missing():
            return _(value.label)
        case Measurement():
            return f"{value.entered} {unit_text(variable, value.unit)}".strip()
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
            return value.entered
        case PartialDate() | date():
            return day_text(value)
        case _:
            return str(value)


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
        return _TYPESET.get(str(variable.unit), str(variable.unit))
    return next((str(unit) for unit in variable.alternatives if unit.ucum == ucum), ucum)


# Units the dictionary spells in plain characters; what is merely counted has none.
_TYPESET = {"x10^9/L": "×10⁹/L", "mm2": "mm²", "n": ""}


def label_of(variable: Variable) -> str:
    """The question in the person's language."""
    return _(variable.label)


def message_of(finding: Any) -> str:
    """The sentence of an edit check's finding."""
    return _(finding.message) % finding.params
