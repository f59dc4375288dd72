"""A form as its page shows it: sections of controls, what is missing, what is wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.dictionary.variable import Form, Variable
from registry.edit_checks.completeness import owed
from registry.forms.as_typed import AsTyped, Place, as_stored, as_typed
from registry.forms.branching import known_elsewhere
from registry.forms.control import Control, control
from registry.forms.posted import Posted, Typed, typed
from registry.forms.remark import Remark, by_field, remarks, unreadable
from registry.forms.sections import sections
from registry.forms.suggestions import by_line, suggestions
from registry.forms.wording import label_of, text_of
from registry.models import CaseRow
from registry.selectors.settled import settled_at

Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Summary:
    """One line of the error summary, with the id its link leads to."""

    label: str
    message: str
    target: str


@dataclass(frozen=True)
class FormPage:
    """Everything the template of a form needs.

    Attributes
    ----------
    owed : core questions that apply and have no answer.
    remarks : what the edit checks say of the row, field by field; "" for the row as a whole.
    is_refused : whether it shows what was typed, which is not stored.
    """

    place: Place
    sections: tuple[tuple[str, tuple[Control, ...]], ...]
    owed: tuple[Variable, ...]
    remarks: Mapping[str, Sequence[Remark]]
    errors: tuple[Summary, ...]
    reason: str
    reason_error: str
    is_refused: bool
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

    @property
    def all_remarks(self) -> list[Remark]:
        return [remark for these in self.remarks.values() for remark in these]

    @property
    def row_remarks(self) -> Sequence[Remark]:
        """Those about the row as a whole."""
        return self.remarks.get("", ())


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
    now = as_typed(place, posted or Posted(prefilled or {}))
    missing = owed(now.facts, now.kept, place.index)
    said = _unsaid(remarks_at(now, posted, refused="" in errors), errors)
    suggested = suggestions(place.form.name, place.facts, now.record)
    lookup = now.facts.lookup(now.record)
    controls = {
        variable.name: control(
            variable,
            answers.get(variable.name, Typed()),
            lookup,
            today,
            suggestion=suggested.get(variable.name, ""),
            errors=errors.get(variable.name, ()),
            remarks=said.get(variable.name, ()),
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
        remarks=said,
        errors=tuple(_summary(place, errors, said)),
        reason=posted.reason if posted else "",
        reason_error=reason_error,
        is_refused=posted is not None,
        elsewhere=json.dumps(known_elsewhere(place.form, place.facts)),
        by_line=json.dumps(by_line(place.facts)) if place.form.name == "prior_line_drug" else "",
    )


def remarks_at(now: AsTyped, posted: Posted | None, *, refused: bool = False) -> dict[str, list[Remark]]:
    """What the edit checks say of a row, field by field: as typed when something was, else as stored."""
    place = now.place
    found = now.findings if posted else as_stored(place)
    answered = settled_at(place.row.case, place.form.name, place.row.seq) if found and place.row else {}
    reasons = posted.confirmations if posted else {}
    return by_field(remarks(found, place.variables, answered, reasons, refused=refused))


def live_remarks(now: AsTyped, posted: Posted) -> dict[str, list[Remark]]:
    """The same while it is typed: what cannot be read at all is said as well."""
    return remarks_at(now, posted) | unreadable(now.unreadable)


def _unsaid(said: dict[str, list[Remark]], errors: Errors) -> dict[str, list[Remark]]:
    """The remarks without those that stand among the errors already."""
    return {
        name: [remark for remark in these if remark.message not in errors.get(name, ())]
        for name, these in said.items()
    }


def set_aside(place: Place, posted: Posted) -> tuple[dict[str, None], list[Variable]]:
    """Questions that do not apply to what was typed.

    Returns
    -------
    blanked : entries that clear them.
    lost : those of them that hold an answer, stored or typed, so that the person is told.
    """
    now = as_typed(place, posted)
    hidden = [variable for variable in place.variables if variable.name in now.hidden]
    blanked: dict[str, None] = {variable.name: None for variable in hidden}
    return blanked, [variable for variable in hidden if now.record[variable.name] is not None]


def _summary(place: Place, errors: Errors, said: Mapping[str, Sequence[Remark]]) -> Iterator[Summary]:
    """Every error, and every warning that waits for its reason, in the order of the form."""
    labels = {variable.name: label_of(variable) for variable in place.variables}
    for name in dict.fromkeys(("", *labels, *errors)):
        label = labels.get(name, "")
        for text in errors.get(name, ()):
            yield Summary(label, text, name if label else "")
        for remark in said.get(name, ()):
            if remark.is_refused:
                yield Summary(label, remark.message, remark.id)
