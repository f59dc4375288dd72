"""The dictionary's conditions in REDCap's branching logic."""

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.conditions import (
    All,
    Always,
    AnyOf,
    Condition,
    Entered,
    Never,
    NotEqual,
    OneOf,
    Predicate,
)
from registry.dictionary.variable import Kind, Variable

_VARIABLES = {variable.name: variable for form in CASE_FORMS.values() for variable in form}
# The one sentence of the dictionary that decides what is asked: calcium above 11 mg/dL once it is corrected.
_CORRECTED_CALCIUM = (
    "([resp_albumin] = '' and [resp_calcium] > 11) or "
    "([resp_albumin] <> '' and [resp_calcium] + 0.8 * (4 - [resp_albumin]) > 11)"
)


def branching_logic(variable: Variable) -> str:
    """When the question is shown; "" for always."""
    return _logic(variable.shown_when)


def _logic(condition: Condition) -> str:
    match condition:
        case OneOf():
            return _any([_is(_VARIABLES[condition.variable], code) for code in condition.codes])
        case NotEqual():
            return _differs(_VARIABLES[condition.variable], condition.code)
        case Entered():
            terms = [_has_value(_VARIABLES[name]) for name in condition.names]
            return terms[0] if len(terms) == 1 else _any([f"({term})" for term in terms])
        case All():
            return " and ".join(_in_brackets(_logic(term)) for term in condition.terms)
        case AnyOf():
            return _any([_in_brackets(_logic(term)) for term in condition.terms])
        case Predicate():
            return _CORRECTED_CALCIUM
        case Always() | Never():
            return ""


def _any(terms: list[str]) -> str:
    return " or ".join(terms)


def _in_brackets(term: str) -> str:
    return f"({term})" if " or " in term else term


def _is(variable: Variable, code: str) -> str:
    if variable.kind is Kind.MULTICHOICE:
        return f"[{variable.name}({code})] = '1'"
    return f"[{variable.name}] = '{code}'"


def _differs(variable: Variable, code: str) -> str:
    """An answer, and not this one; a missing reason is none."""
    if variable.kind is Kind.MULTICHOICE:
        return _any([_is(variable, other) for other in variable.codes if other != code])
    return f"{_has_value(variable)} and [{variable.name}] <> '{code}'"


def _has_value(variable: Variable) -> str:
    none = ("", *(reason.value for reason in variable.missing if reason.value not in variable.codes))
    return " and ".join(f"[{variable.name}] <> '{code}'" for code in none)
