"""A form on paper: every question with its choices as boxes, blank for a ward round or as it is filled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from registry.dictionary.catalog import FORMS
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
from registry.dictionary.facts import Facts, Record
from registry.dictionary.variable import Form, Variable
from registry.forms.branching import inapplicable
from registry.forms.control import Control, Group, Option, control
from registry.forms.posted import typed
from registry.forms.row_table import row_name
from registry.forms.sections import sections
from registry.forms.wording import choice_text, label_of
from registry.models import CASE_ROWS, CaseRow


@dataclass(frozen=True)
class Question:
    """One question: how it is answered, when it is asked, and whether it applies to what is answered."""

    control: Control
    asked_when: str
    applies: bool = True

    @property
    def answers(self) -> list[Group]:
        """The choices under their headings, without the missing reasons."""
        groups = (
            replace(group, options=tuple(option for option in group.options if not option.is_missing))
            for group in self.control.groups
        )
        return [group for group in groups if group.options]

    @property
    def missing(self) -> list[Option]:
        """The missing reasons it allows."""
        beside = [option for group in self.control.groups for option in group.options if option.is_missing]
        return [*self.control.missing, *beside]


@dataclass(frozen=True)
class Sheet:
    """One row of a form on paper; without a row, to be filled by hand."""

    row: CaseRow | None
    name: str
    sections: tuple[tuple[str, tuple[Question, ...]], ...]


def blank(form: Form, today: date) -> Sheet:
    """The form with nothing in it."""
    return _sheet(form, Facts(""), Record(form), today, None, frozenset())


def filled(form: Form, rows: Sequence[CaseRow], facts: Facts, today: date) -> list[Sheet]:
    """The rows of the form as they are stored; a blank one where there is none."""
    if not rows:
        return [_sheet(form, facts, Record(form), today, None, frozenset())]
    records = facts.rows(form.name)
    return [
        _sheet(form, facts, record, today, row, frozenset(inapplicable(facts, index, record)))
        for index, (row, record) in enumerate(zip(rows, records, strict=True))
    ]


def _sheet(
    form: Form, facts: Facts, record: Record, today: date, row: CaseRow | None, hidden: frozenset[str]
) -> Sheet:
    lookup = facts.lookup(record)

    def question(variable: Variable) -> Question:
        value = record[variable.name]
        drawn = control(variable, typed(value), lookup, today)
        # A unit that is chosen says so on paper only beside a value.
        units = (
            drawn.units if value is not None else tuple(replace(each, chosen=False) for each in drawn.units)
        )
        return Question(
            replace(drawn, units=units), asked_when(variable.shown_when), variable.name not in hidden
        )

    return Sheet(
        row,
        row_name(row) if row and form.repeating else "",
        tuple(
            (_(heading) if heading else "", tuple(map(question, variables)))
            for heading, variables in sections(form.name, CASE_ROWS[form.name].variables)
        ),
    )


def asked_when(condition: Condition) -> str:
    """A condition in words; "" where the question is always or never asked."""
    match condition:
        case Always() | Never():
            return ""
        case OneOf(name, codes):
            return f"{_label(name)}: {_(' or ').join(_choice(name, code) for code in codes)}"
        case NotEqual(name, code):
            return _("%(question)s: not %(choice)s") % {
                "question": _label(name),
                "choice": _choice(name, code),
            }
        case Entered(names):
            return _("%(questions)s answered") % {"questions": _(" or ").join(map(_label, names))}
        case Predicate(sentence):
            return _(sentence)
        case All(terms):
            return _(" and ").join(map(asked_when, terms))
        case AnyOf(terms):
            return _(" or ").join(map(asked_when, terms))


_VARIABLES = {variable.name: variable for form in FORMS.values() for variable in form}


def _label(name: str) -> str:
    return label_of(_VARIABLES[name])


def _choice(name: str, code: str) -> str:
    return choice_text(_VARIABLES[name], code)
