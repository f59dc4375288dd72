"""What a row still owes: required and applicable variables without an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from registry.derivations.calcium import corrected
from registry.derivations.refractoriness import undecided_rows
from registry.dictionary.conditions import (
    CORRECTED_CALCIUM_ABOVE_11,
    NO_PREDICATES,
    REFRACTORINESS_UNDECIDED,
)
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Measurement
from registry.dictionary.variable import Variable
from registry.edit_checks.finding import Finding, Severity
from registry.terminology.text import gettext_noop as _


@dataclass(frozen=True)
class Completeness:
    """Core variables of a row that are required and applicable, and those of them that have an answer."""

    applicable: int
    answered: int


def owed(facts: Facts, record: Record, seq_index: int = 0, *, core_only: bool = True) -> list[Variable]:
    """Required and applicable variables without a value or an allowed missing reason."""
    return [
        variable
        for variable in _required(facts, record, seq_index, core_only)
        if record[variable.name] is None
    ]


def completeness(facts: Facts, record: Record, seq_index: int = 0) -> Completeness:
    """How many core answers are owed and given (D34)."""
    required = list(_required(facts, record, seq_index, core_only=True))
    answered = sum(record[variable.name] is not None for variable in required)
    return Completeness(len(required), answered)


def findings(facts: Facts, record: Record, seq_index: int = 0) -> Iterator[Finding]:
    """Errors that block "complete": a core answer owed, an answer to a question that does not apply."""
    for variable in owed(facts, record, seq_index):
        yield Finding(
            "required", Severity.ERROR, variable.name, _("Please answer, or give a missing reason.")
        )
    lookup, predicates = facts.lookup(record), predicates_for(facts, record, seq_index)
    for variable in record.form:
        if record[variable.name] is not None and not variable.shown_when.holds(lookup, predicates):
            yield Finding("applies", Severity.ERROR, variable.name, _("This question does not apply here."))


def predicates_for(facts: Facts, record: Record, seq_index: int) -> Mapping[str, bool]:
    """Truth of the dictionary's sentences that need a derivation."""
    match record.form.name:
        case "prior_line_drug":
            return {REFRACTORINESS_UNDECIDED: seq_index in undecided_rows(facts)}
        case "response":
            calcium = corrected(_canonical(record, "resp_calcium"), _canonical(record, "resp_albumin"))
            return {CORRECTED_CALCIUM_ABOVE_11: calcium is not None and calcium > 11}
        case _:
            return NO_PREDICATES


def _canonical(record: Record, name: str) -> Fraction | None:
    value = record.known(name)
    return value.canonical if isinstance(value, Measurement) else None


def _required(facts: Facts, record: Record, seq_index: int, core_only: bool) -> Iterator[Variable]:
    lookup, predicates = facts.lookup(record), predicates_for(facts, record, seq_index)
    for variable in record.form:
        if core_only and not variable.core:
            continue
        if variable.shown_when.holds(lookup, predicates) and variable.required_when.holds(lookup, predicates):
            yield variable
