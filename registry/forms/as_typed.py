"""The case as it would be if a page were saved now: nothing is stored, everything follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from registry.derivations.case import derive
from registry.derivations.derived import Derived
from registry.dictionary.entry import EntryError, read
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Value
from registry.dictionary.variable import Form, Variable
from registry.edit_checks.finding import Finding
from registry.forms.branching import inapplicable, with_record
from registry.forms.posted import Posted
from registry.models import CASE_ROWS, Case, CaseRow
from registry.selectors.findings import findings_of
from registry.selectors.whole_case import WholeCase


@dataclass(frozen=True)
class Place:
    """Where a row stands: its case's facts, its form, its place among the rows; the row once it is stored.

    `whole` is the case as stored; None for one that is only being enrolled.
    """

    facts: Facts
    form: Form
    index: int
    row: CaseRow | None
    whole: WholeCase | None = None

    @property
    def case(self) -> Case | None:
        return self.whole.case if self.whole else None

    @property
    def variables(self) -> tuple[Variable, ...]:
        return CASE_ROWS[self.form.name].variables

    @property
    def stored(self) -> Record:
        return self.row.record() if self.row else Record(self.form)


@dataclass(frozen=True)
class AsTyped:
    """A row with what was typed over what is stored, and the case around it.

    Attributes
    ----------
    record : all that can be read.
    kept : of it what a save would keep: without the answers to questions that do not apply.
    unreadable : variable → why its entry makes no value.
    """

    place: Place
    record: Record
    unreadable: Mapping[str, str]

    @cached_property
    def hidden(self) -> set[str]:
        """Questions that do not apply."""
        return inapplicable(self.place.facts, self.place.index, self.record)

    @cached_property
    def kept(self) -> Record:
        return Record(self.place.form, {n: v for n, v in self.record.items() if n not in self.hidden})

    @cached_property
    def facts(self) -> Facts:
        return with_record(self.place.facts, self.place.index, self.kept)

    @cached_property
    def derived(self) -> Mapping[str, Derived]:
        return derive(self.facts)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the edit checks say of the row."""
        found = findings_of(self.place.case, self.facts, self.derived)
        return _at(self.place, found)


def as_typed(place: Place, posted: Posted) -> AsTyped:
    """The row as it would be: what is stored, and over it what was typed as far as it can be read."""
    values: dict[str, Value] = dict(place.stored)
    unreadable = {}
    for variable in place.variables:
        if variable.name in posted.typed and variable.name not in posted.theirs:
            try:
                values[variable.name] = read(variable, posted.typed[variable.name].raw(variable))
            except EntryError as error:
                # Until it can be read the question has no answer.
                values[variable.name] = None
                unreadable[variable.name] = _(error.message) % error.params
    record = Record(place.form, {name: value for name, value in values.items() if value is not None})
    return AsTyped(place, record, unreadable)


def as_stored(place: Place) -> list[Finding]:
    """What the edit checks say of the stored row; nothing of one that is not begun."""
    return _at(place, place.whole.findings) if place.whole and place.row else []


def _at(place: Place, found: list[Finding]) -> list[Finding]:
    here = (place.form.name, place.index)
    return [finding for finding in found if (finding.form, finding.index) == here]
