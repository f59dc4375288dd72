"""One case with the state of all its forms: what there is, what is missing, what comes next."""

from dataclasses import dataclass

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.facts import Facts, Record
from registry.dictionary.variable import Form, Variable
from registry.edit_checks.completeness import EVENT_FORMS, owed
from registry.edit_checks.finding import Finding
from registry.models import Case, CaseRow, DerivedCase, State
from registry.selectors.facts import rows_of
from registry.selectors.whole_case import WholeCase

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
    whole: WholeCase
    derived: DerivedCase | None
    forms: tuple[FormState, ...]

    @property
    def facts(self) -> Facts:
        return self.whole.facts

    @property
    def next_form(self) -> FormState | None:
        """The first form in clinical order that wants work."""
        return next((form for form in self.forms if form.wants_work), None)

    @property
    def complete_count(self) -> int:
        return sum(form.state == State.COMPLETE for form in self.forms)


def case_page(case: Case) -> CasePage:
    """The case with the state of every form; the caller has the right to it."""
    whole = WholeCase(case, rows_of(case))
    return CasePage(
        case=case,
        whole=whole,
        derived=DerivedCase.objects.filter(case=case).scoped().first(),
        forms=tuple(_form_state(whole, form) for form in CASE_FORMS.values()),
    )


def _form_state(whole: WholeCase, form: Form) -> FormState:
    facts = whole.facts
    states = tuple(_row_state(whole, row, index) for index, row in enumerate(whole.rows[form.name]))
    if states:
        missing = dict.fromkeys(variable for state in states for variable in state.owed)
    else:
        missing = {} if form.repeating else dict.fromkeys(owed(facts, Record(form)))
    return FormState(form, states, tuple(missing))


def _row_state(whole: WholeCase, row: CaseRow, index: int) -> RowState:
    record = whole.facts.rows(row.form.name)[index]
    return RowState(
        row,
        index,
        tuple(owed(whole.facts, record, index)),
        tuple(whole.findings_at(row)),
    )
