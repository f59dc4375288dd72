"""One case with the state of all its forms: what there is, what is missing, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.facts import Facts, Record
from registry.dictionary.variable import Form, Variable
from registry.edit_checks import row as row_checks
from registry.edit_checks.completeness import owed
from registry.edit_checks.finding import Finding
from registry.models import Case, CaseRow, DerivedCase, State
from registry.selectors.facts import facts_of, rows_of

# No row of these means that nothing happened, not that something is missing.
EVENT_FORMS = frozenset({"adverse_event", "subsequent_therapy"})
NOT_STARTED = "NOT_STARTED"


@dataclass(frozen=True)
class RowState:
    """One row: its place among the rows of its form, what it owes, what the edit checks say of it."""

    row: CaseRow
    index: int
    owed: tuple[Variable, ...]
    findings: tuple[Finding, ...]

    @property
    def is_complete(self) -> bool:
        return self.row.state == State.COMPLETE


@dataclass(frozen=True)
class FormState:
    """One form of a case.

    Attributes
    ----------
    owed : core questions without an answer; of a form not begun, all it will ask.
    """

    form: Form
    rows: tuple[RowState, ...]
    owed: tuple[Variable, ...]

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def state(self) -> str:
        if not self.rows:
            return NOT_STARTED
        return State.COMPLETE if all(row.is_complete for row in self.rows) else State.DRAFT

    @property
    def is_expected(self) -> bool:
        """Whether the case is unfinished without it."""
        return self.form.name not in EVENT_FORMS

    @property
    def wants_work(self) -> bool:
        return self.state == State.DRAFT or (self.state == NOT_STARTED and self.is_expected)


@dataclass(frozen=True)
class CasePage:
    """A case as its page shows it."""

    case: Case
    facts: Facts
    derived: DerivedCase | None
    forms: tuple[FormState, ...]

    @property
    def next_form(self) -> FormState | None:
        """The first form in clinical order that wants work."""
        return next((form for form in self.forms if form.wants_work), None)

    @property
    def complete_count(self) -> int:
        return sum(form.state == State.COMPLETE for form in self.forms)


def case_page(case: Case, today: date) -> CasePage:
    """The case with the state of every form; the caller has the right to it."""
    rows = rows_of(case)
    facts = facts_of(case, rows)
    return CasePage(
        case=case,
        facts=facts,
        derived=DerivedCase.objects.filter(case=case).scoped().first(),
        forms=tuple(_form_state(facts, form, rows[name], today) for name, form in CASE_FORMS.items()),
    )


def _form_state(facts: Facts, form: Form, rows: Sequence[CaseRow], today: date) -> FormState:
    states = tuple(_row_state(facts, row, index, today) for index, row in enumerate(rows))
    if states:
        missing = dict.fromkeys(variable for state in states for variable in state.owed)
    else:
        missing = {} if form.repeating else dict.fromkeys(owed(facts, Record(form)))
    return FormState(form, states, tuple(missing))


def _row_state(facts: Facts, row: CaseRow, index: int, today: date) -> RowState:
    record = facts.rows(row.form.name)[index]
    return RowState(
        row,
        index,
        tuple(owed(facts, record, index)),
        tuple(row_checks.findings(facts, row.form.name, index, today)),
    )
