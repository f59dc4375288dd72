"""The grammar of required-when and shown-when.

::

    condition  = "always" | "no" | ["when"] disjunct {"or" disjunct}
    disjunct   = term {"and" term}
    term       = variable "=" code | variable "!=" code | variable "in" "(" code {"," code} ")"
               | variable {"or" variable} "entered"
               | named predicate

A named predicate is a sentence of the dictionary that needs more than a comparison; who evaluates a
condition supplies its meaning. A blank or missing value satisfies no comparison, `!=` included.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from registry.dictionary.values import Value
from registry.terminology.missing import Missing

Lookup = Callable[[str], Value]

REFRACTORINESS_UNDECIDED = "dates are insufficient to compute refractoriness"
CORRECTED_CALCIUM_ABOVE_11 = "resp_calcium > 11 mg/dL after albumin correction"
PREDICATES = (REFRACTORINESS_UNDECIDED, CORRECTED_CALCIUM_ABOVE_11)
NO_PREDICATES: Mapping[str, bool] = MappingProxyType({})


class ConditionError(ValueError):
    """A condition the grammar does not know."""


@dataclass(frozen=True, slots=True)
class Always:
    """Holds whatever the answers."""

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return True

    def variables(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Never:
    """Holds for no answers."""

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return False

    def variables(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """The variable has one of these codes; for several answers, one of them at least."""

    variable: str
    codes: tuple[str, ...]

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return any(code in self.codes for code in _codes(lookup(self.variable)))

    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class NotEqual:
    """The variable has an answer, and it is not this code."""

    variable: str
    code: str

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return any(code != self.code for code in _codes(lookup(self.variable)))

    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class Entered:
    """One of the variables has a value; a missing reason is none."""

    names: tuple[str, ...]

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return any(is_known(lookup(name)) for name in self.names)

    def variables(self) -> tuple[str, ...]:
        return self.names


@dataclass(frozen=True, slots=True)
class Predicate:
    """A sentence whose truth the evaluator supplies; unknown counts as false."""

    sentence: str

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return predicates.get(self.sentence, False)

    def variables(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class All:
    """Every term holds."""

    terms: tuple["Condition", ...]

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return all(term.holds(lookup, predicates) for term in self.terms)

    def variables(self) -> tuple[str, ...]:
        return tuple(name for term in self.terms for name in term.variables())


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One term at least holds."""

    terms: tuple["Condition", ...]

    def holds(self, lookup: Lookup, predicates: Mapping[str, bool] = NO_PREDICATES) -> bool:
        return any(term.holds(lookup, predicates) for term in self.terms)

    def variables(self) -> tuple[str, ...]:
        return tuple(name for term in self.terms for name in term.variables())


Condition = Always | Never | OneOf | NotEqual | Entered | Predicate | All | AnyOf

_NAME = r"[a-z][a-z0-9_]*"
_ENTERED = re.compile(rf"({_NAME}(?: or {_NAME})*) entered")
_IN = re.compile(rf"({_NAME}) in \(([A-Z0-9_]+(?:,[A-Z0-9_]+)*)\)")
_COMPARED = re.compile(rf"({_NAME}) ?(=|!=) ?([A-Z0-9_]+)")


@lru_cache(maxsize=512)
def parse_condition(text: str) -> Condition:
    """Parse the dictionary's "required" or "branching" text.

    Raises
    ------
    ConditionError
        When the text is not of the grammar.
    """
    text = text.strip().removeprefix("when ")
    if text == "always":
        return Always()
    if text == "no":
        return Never()
    if text in PREDICATES:
        return Predicate(text)
    if match := _ENTERED.fullmatch(text):
        return Entered(tuple(match[1].split(" or ")))
    alternatives = text.split(" or ")
    if len(alternatives) > 1:
        return AnyOf(tuple(parse_condition(part) for part in alternatives))
    terms = text.split(" and ")
    if len(terms) > 1:
        return All(tuple(parse_condition(part) for part in terms))
    if match := _IN.fullmatch(text):
        return OneOf(match[1], tuple(match[2].split(",")))
    if match := _COMPARED.fullmatch(text):
        return OneOf(match[1], (match[3],)) if match[2] == "=" else NotEqual(match[1], match[3])
    raise ConditionError(f"unknown condition: {text!r}")


def is_known(value: Value) -> bool:
    """Whether there is a value: neither blank nor a missing reason."""
    return value is not None and value != () and not isinstance(value, Missing)


def _codes(value: Value) -> tuple[str, ...]:
    if not is_known(value):
        return ()
    return value if isinstance(value, tuple) else (str(value),)
