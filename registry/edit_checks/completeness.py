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
    is_known,
)
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Measurement
from registry.dictionary.variable import Variable
from registry.edit_checks.finding import Finding, Severity
from registry.terminology.text import gettext_noop as _

# Forms that repeat, of which every patient on IsaPd has one row at least: a line before it (E2) with drugs,
# the answer whether there was FISH, a first cycle (E4), a contact.
EXPECTED = ("prior_line", "prior_line_drug", "fish", "isapd_cycle", "follow_up")
# No row of these means that nothing happened, not that something is missing.
EVENT_FORMS = frozenset({"adverse_event", "subsequent_therapy"})


@dataclass(frozen=True)
class Completeness:
    """Core questions that are required and apply; how many have an answer, and a value (D34)."""

    applicable: int = 0
    answered: int = 0
    valued: int = 0

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(
            self.applicable + other.applicable, self.answered + other.answered, self.valued + other.valued
        )

    @property
    def missing(self) -> int:
        """How many answers are owed."""
        return self.applicable - self.answered

    @property
    def percent(self) -> int:
        """Core completeness in whole percent, rounded down: 100 means nothing is owed."""
        return 100 * self.answered // self.applicable if self.applicable else 0

    @property
    def percent_valued(self) -> int:
        """Answers that are no missing reason, in whole percent of what is applicable."""
        return 100 * self.valued // self.applicable if self.applicable else 0


def of_row(record: Record, required: Sequence[Variable]) -> Completeness:
    """Completeness of one row of which `required` is asked."""
    answers = [record[variable.name] for variable in required]
    return Completeness(len(answers), sum(each is not None for each in answers), sum(map(is_known, answers)))


def required_core(facts: Facts) -> Iterator[tuple[Record, list[Variable]]]:
    """Every row of a case with the core questions it asks; an empty row of a form not begun."""
    undecided = undecided_rows(facts)
    for records in _expected_rows(facts):
        for index, record in enumerate(records):
            predicates = _predicates(record, index, undecided)
            yield record, list(_required(facts, record, predicates, core_only=True))


def expected_forms(facts: Facts) -> frozenset[str]:
    """Forms without which the case is unfinished: after a refused consent, the enrolment only."""
    return frozenset({"enrolment"}) if _has_refused(facts) else frozenset(CASE_FORMS) - EVENT_FORMS


def _expected_rows(facts: Facts) -> Iterator[Sequence[Record]]:
    refused = _has_refused(facts)
    for name, form in CASE_FORMS.items():
        rows = facts.rows(name)
        if rows:
            yield rows
        elif (not form.repeating or name in EXPECTED) and not (refused and name != "enrolment"):
            yield (Record(form),)


def _has_refused(facts: Facts) -> bool:
    return facts.one("enrolment").known("consent_status") == "REFUSED"


def owed(facts: Facts, record: Record, seq_index: int = 0, *, core_only: bool = True) -> list[Variable]:
    """Required and applicable variables without a value or an allowed missing reason."""
    return _owed(facts, record, predicates_for(facts, record, seq_index), core_only=core_only)


def _owed(
    facts: Facts, record: Record, predicates: Mapping[str, bool], *, core_only: bool = True
) -> list[Variable]:
    required = _required(facts, record, predicates, core_only=core_only)
    return [variable for variable in required if record[variable.name] is None]


def findings(facts: Facts, record: Record, seq_index: int, undecided: Set[int]) -> Iterator[Finding]:
    """Errors that block "complete": a core answer owed, an answer to a question that does not apply.

    `undecided` are the case's `undecided_rows`, which whoever asks for many rows computes once.
    """
    predicates = _predicates(record, seq_index, undecided)
    for variable in _owed(facts, record, predicates):
        yield Finding(
            "required", Severity.ERROR, variable.name, _("Please answer, or give a missing reason.")
        )
    lookup = facts.lookup(record)
    for variable in _BRANCHING[record.form.name]:
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
    for variable in _CORE[record.form.name] if core_only else record.form:
        if variable.required_when.holds(lookup, predicates) and variable.shown_when.holds(lookup, predicates):
            yield variable


# Form → the variables that are looked at, at every save, for every row of a case.
_CORE = {name: tuple(variable for variable in form if variable.core) for name, form in CASE_FORMS.items()}
_BRANCHING = {
    name: tuple(variable for variable in form if variable.shown) for name, form in CASE_FORMS.items()
}
