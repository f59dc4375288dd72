"""Which questions apply: the dictionary's conditions, for the browser as JSON and for the server as a rule.

The browser only hides; the server decides. Both read the same parsed condition.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from registry.dictionary.conditions import (
    CORRECTED_CALCIUM_ABOVE_11,
    All,
    Always,
    AnyOf,
    Condition,
    Entered,
    Never,
    NotEqual,
    OneOf,
    Predicate,
    is_known,
)
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Value
from registry.dictionary.variable import Form
from registry.edit_checks.completeness import predicates_for

# Sentences the browser can decide from the fields of the form itself.
_IN_BROWSER = {CORRECTED_CALCIUM_ABOVE_11: "corrected_calcium_above_11"}


def as_json(condition: Condition) -> dict[str, Any]:
    """A condition as the page's script reads it."""
    match condition:
        case Always():
            return {"op": "always"}
        case OneOf():
            return {"op": "one_of", "variable": condition.variable, "codes": list(condition.codes)}
        case NotEqual():
            return {"op": "not_equal", "variable": condition.variable, "code": condition.code}
        case Entered():
            return {"op": "entered", "variables": list(condition.names)}
        case Predicate() if condition.sentence in _IN_BROWSER:
            return {"op": _IN_BROWSER[condition.sentence]}
        case Never() | Predicate():
            return {"op": "never"}
        case All():
            return {"op": "all", "terms": [as_json(term) for term in condition.terms]}
        case AnyOf():
            return {"op": "any", "terms": [as_json(term) for term in condition.terms]}


def known_elsewhere(form: Form, facts: Facts) -> dict[str, list[str]]:
    """Answers on other forms that conditions of this one ask for: variable → codes, empty when unknown."""
    lookup = facts.lookup(Record(form))
    asked = {
        name
        for variable in form
        for condition in (variable.shown_when, variable.required_when)
        for name in condition.variables()
        if name not in form.names
    }
    return {name: codes(lookup(name)) for name in sorted(asked)}


def codes(value: Value) -> list[str]:
    """The codes of an answer; none when it is blank or missing."""
    if not is_known(value):
        return []
    return list(value) if isinstance(value, tuple) else [str(value)]


def with_record(facts: Facts, index: int, record: Record) -> Facts:
    """The case with `record` as row `index` of its form; a new row when there is no such index."""
    rows = list(facts.rows(record.form.name))
    rows[index : index + 1] = [record]
    return replace(facts, forms={**facts.forms, record.form.name: tuple(rows)})


def inapplicable(facts: Facts, index: int, record: Record) -> set[str]:
    """Names of the variables that do not apply to `record`, the answers to them being set aside.

    A question that hangs on one that does not apply does not apply either.
    """
    hidden: set[str] = set()
    while True:
        left: Mapping[str, Value] = {name: value for name, value in record.items() if name not in hidden}
        kept = Record(record.form, left)
        within = with_record(facts, index, kept)
        lookup, predicates = within.lookup(kept), predicates_for(within, kept, index)
        found = {v.name for v in record.form if not v.shown_when.holds(lookup, predicates)}
        if found <= hidden:
            return hidden
        hidden |= found
