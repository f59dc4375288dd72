"""A form as its page shows it: sections of controls, what is missing, what is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.dictionary.entry import EntryError, read
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Value
from registry.dictionary.variable import Form, Variable
from registry.edit_checks import row as row_checks
from registry.edit_checks.completeness import owed
from registry.edit_checks.finding import Finding
from registry.forms.branching import inapplicable, known_elsewhere, with_record
from registry.forms.control import Control, control
from registry.forms.posted import Posted, Typed, typed
from registry.forms.sections import sections
from registry.forms.suggestions import by_line, suggestions
from registry.forms.wording import label_of, message_of, text_of
from registry.models import CASE_ROWS, CaseRow

Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Place:
    """Where a row stands: its case's facts, its form, its place among the rows; the row once it is stored."""

    facts: Facts
    form: Form
    index: int
    row: CaseRow | None

    @property
    def variables(self) -> tuple[Variable, ...]:
        return CASE_ROWS[self.form.name].variables

    @property
    def stored(self) -> Record:
        return self.row.record() if self.row else Record(self.form)


@dataclass(frozen=True)
class Summary:
    """One line of the error summary, with the field it links to."""

    name: str
    label: str
    message: str


@dataclass(frozen=True)
class FormPage:
    """Everything the template of a form needs.

    Attributes
    ----------
    owed : core questions that apply and have no answer.
    remarks : what the edit checks say of the stored row, field by field.
    """

    place: Place
    sections: tuple[tuple[str, tuple[Control, ...]], ...]
    owed: tuple[Variable, ...]
    remarks: tuple[Summary, ...]
    errors: tuple[Summary, ...]
    reason: str
    reason_error: str
    elsewhere: str
    by_line: str

    @property
    def form(self) -> Form:
        return self.place.form

    @property
    def row(self) -> CaseRow | None:
        return self.place.row

    @property
    def asks_reason(self) -> bool:
        return self.row is not None and self.row.completed_once


def form_page(
    place: Place,
    today: date,
    *,
    posted: Posted | None = None,
    errors: Errors | None = None,
    reason_error: str = "",
    prefilled: Mapping[str, Typed] | None = None,
) -> FormPage:
    """The page of one row, holding what was typed where a submit was refused, else what is stored."""
    errors = errors or {}
    answers = {name: typed(value) for name, value in place.stored.items()} | dict(prefilled or {})
    if posted:
        answers |= {name: answer for name, answer in posted.typed.items() if name not in posted.theirs}
    record = record_of(place, posted or Posted(prefilled or {}))
    within = with_record(place.facts, place.index, record)
    missing = owed(within, record, place.index)
    remarks = [] if posted else _remarks(within, place, today)
    suggested = suggestions(place.form.name, place.facts, record)
    lookup = within.lookup(record)
    controls = {
        variable.name: control(
            variable,
            answers.get(variable.name, Typed()),
            lookup,
            today,
            suggestion=suggested.get(variable.name, ""),
            errors=errors.get(variable.name, ()),
            warnings=[message_of(finding) for finding in remarks if finding.variable == variable.name],
            is_owed=variable in missing,
            stored=text_of(variable, place.stored[variable.name]),
        )
        for variable in place.variables
    }
    return FormPage(
        place=place,
        sections=tuple(
            (heading, tuple(controls[variable.name] for variable in variables))
            for heading, variables in sections(place.form.name, place.variables)
        ),
        owed=tuple(missing),
        remarks=tuple(_summary(place, finding.variable, message_of(finding)) for finding in remarks),
        errors=tuple(_summary(place, name, text) for name, texts in errors.items() for text in texts),
        reason=posted.reason if posted else "",
        reason_error=reason_error,
        elsewhere=json.dumps(known_elsewhere(place.form, place.facts)),
        by_line=json.dumps(by_line(place.facts)) if place.form.name == "prior_line_drug" else "",
    )


def record_of(place: Place, posted: Posted) -> Record:
    """The row as it would be: what is stored, and over it what was typed as far as it can be read."""
    values: dict[str, Value] = dict(place.stored)
    for variable in place.variables:
        if variable.name in posted.typed and variable.name not in posted.theirs:
            try:
                values[variable.name] = read(variable, posted.typed[variable.name].raw(variable))
            except EntryError:
                # The action says what is wrong with it; until then the question has no answer.
                values[variable.name] = None
    return Record(place.form, {name: value for name, value in values.items() if value is not None})


def set_aside(place: Place, posted: Posted) -> tuple[dict[str, None], list[Variable]]:
    """Questions that do not apply to what was typed.

    Returns
    -------
    blanked : entries that clear them.
    lost : those of them that hold an answer, stored or typed, so that the person is told.
    """
    record = record_of(place, posted)
    hidden = inapplicable(place.facts, place.index, record)
    blanked: dict[str, None] = {v.name: None for v in place.variables if v.name in hidden}
    lost = [v for v in place.variables if v.name in hidden and record[v.name] is not None]
    return blanked, lost


def _remarks(within: Facts, place: Place, today: date) -> list[Finding]:
    if place.row is None:
        return []
    found = row_checks.findings(within, place.form.name, place.index, today)
    # What is owed is said once, in the header.
    return [finding for finding in found if finding.check != "required"]


def _summary(place: Place, name: str, message: str) -> Summary:
    known = {variable.name: variable for variable in place.variables}
    return Summary(name if name in known else "", label_of(known[name]) if name in known else "", message)
