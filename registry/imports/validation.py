"""What a template's cells accept and say, as a spreadsheet program checks it while a person types.

Only what the dictionary refuses whatever else is entered: choices, whole numbers, constant hard limits.
"""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from registry.dictionary.bounds import TODAY, Bound, Constant
from registry.dictionary.variable import Kind, Variable

# The longest list, message and title that Excel takes.
LONGEST = LONGEST_LIST = 255
LONGEST_TITLE = 32


def listed(variable: Variable) -> list[str]:
    """The codes a cell may hold where one of a list is asked for, missing reasons last."""
    if variable.kind not in (Kind.BOOLEAN, Kind.CHOICE):
        return []
    return [*variable.codes, *(reason.value for reason in variable.missing)]


def formula(variable: Variable, cell: str, unit_cell: str = "") -> str:
    """The formula that must be true for `cell`; "" when anything may stand there.

    Parameters
    ----------
    cell, unit_cell : relative references to the first cell of the column, and of the column of its unit.
    """
    if variable.kind not in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE):
        return ""
    terms = [f"ISNUMBER({cell})"]
    if variable.kind is Kind.INTEGER:
        terms.append(f"{cell}=INT({cell})")
    if limits := _limits(variable, cell):
        # The limits are those of the canonical unit.
        terms.append(f'OR({unit_cell}<>"",{_all(limits)})' if unit_cell else _all(limits))
    reasons = [f'{cell}="{reason.value}"' for reason in variable.missing]
    return f"={_any([*reasons, _all(terms)])}"


def _limits(variable: Variable, cell: str) -> list[str]:
    found = []
    for bound, sign in ((variable.hard.lower, ">="), (variable.hard.upper, "<=")):
        if limit := _limit(bound):
            found.append(f"{cell}{sign}{limit}")
    return found


def _limit(bound: Bound | None) -> str:
    if bound is None or not bound.is_constant:
        return ""
    if not isinstance(bound, Constant):
        return f"{TODAY.upper()}()"
    match bound.value:
        case date():
            return f"DATE({bound.value.year},{bound.value.month},{bound.value.day})"
        case Fraction():
            return f"{float(bound.value):.15g}"


def _all(terms: list[str]) -> str:
    return f"AND({','.join(terms)})" if len(terms) > 1 else terms[0]


def _any(terms: list[str]) -> str:
    return f"OR({','.join(terms)})" if len(terms) > 1 else terms[0]


def refusal(variable: Variable, limits: str) -> str:
    """What the spreadsheet says to an entry it refuses; `limits` are the variable's limits in words."""
    parts = [
        _("Enter a date as dd/mm/yyyy.") if variable.kind is Kind.DATE else "",
        _("Choose one of the list.") if listed(variable) else "",
        _("Enter a number; another unit goes into the column beside it.") if variable.alternatives else "",
        limits,
        ", ".join(reason.value for reason in variable.missing),
    ]
    return "\n".join(filter(None, parts))[:LONGEST]
