"""What a row still owes: required and applicable variables without an answer."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

from registry.derivations.calcium import corrected
from registry.derivations.refractoriness import undecided_rows
from registry.dictionary.catalog import CASE_FORMS
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

# Forms that repeat, of which every patient on IsaPd has one row at least: a line before it (E2) with drugs,
# the answer whether there was FISH, a first cycle (E4), a contact.
EXPECTED = ("prior_line", "prior_line_drug", "fish", "isapd_cycle", "follow_up")


@dataclass(frozen=True)
class Completeness:
    """Core variables of a case that are required and applicable, and those of them that have an answer."""

    applicable: int
    answered: int


def of_case(facts: Facts) -> Completeness:
    """How many core answers are owed and given (D34); of a form not yet begun, those of an empty row."""
    undecided = undecided_rows(facts)
    applicable = answered = 0
    for records in _expected_rows(facts):
        for index, record in enumerate(records):
            required = _required(facts, record, _predicates(record, index, undecided), core_only=True)
            given = [record[variable.name] is not None for variable in required]
            applicable += len(given)
            answered += sum(given)
    return Completeness(applicable, answered)


def _expected_rows(facts: Facts) -> Iterator[Sequence[Record]]:
    refused = facts.one("enrolment").known("consent_status") == "REFUSED"
    for name, form in CASE_FORMS.items():
        rows = facts.rows(name)
        if rows:
            yield rows
        elif (not form.repeating or name in EXPECTED) and not (refused and name != "enrolment"):
            yield (Record(form),)


def owed(facts: Facts, record: Record, seq_index: int = 0, *, core_only: bool = True) -> list[Variable]:
    """Required and applicable variables without a value or an allowed missing reason."""
    required = _required(facts, record, predicates_for(facts, record, seq_index), core_only=core_only)
    return [variable for variable in required if record[variable.name] is None]


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
    undecided = undecided_rows(facts) if record.form.name == "prior_line_drug" else set()
    return _predicates(record, seq_index, undecided)


def _predicates(record: Record, seq_index: int, undecided: Set[int]) -> Mapping[str, bool]:
    match record.form.name:
        case "prior_line_drug":
            return {REFRACTORINESS_UNDECIDED: seq_index in undecided}
        case "response":
            calcium = corrected(_canonical(record, "resp_calcium"), _canonical(record, "resp_albumin"))
            return {CORRECTED_CALCIUM_ABOVE_11: calcium is not None and calcium > 11}
        case _:
            return NO_PREDICATES


def _canonical(record: Record, name: str) -> Fraction | None:
    value = record.known(name)
    return value.canonical if isinstance(value, Measurement) else None


def _required(
    facts: Facts, record: Record, predicates: Mapping[str, bool], *, core_only: bool
) -> Iterator[Variable]:
    lookup = facts.lookup(record)
    for variable in record.form:
        if core_only and not variable.core:
            continue
        if variable.shown_when.holds(lookup, predicates) and variable.required_when.holds(lookup, predicates):
            yield variable
