"""What the rows of a file make of one patient: which rows they are, what changes, what is refused.

The same for the preview and for the commit, which therefore do the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

from django.utils.translation import gettext as _

from registry import fields
from registry.actions.entries import put, read_entries
from registry.actions.queries import unconfirmed
from registry.audit.canonical import Image, image
from registry.dictionary.entry import write
from registry.dictionary.facts import Record
from registry.dictionary.natural_keys import NATURAL_KEYS, natural_key
from registry.dictionary.values import Value
from registry.edit_checks.finding import Finding, Severity
from registry.edit_checks.rules import Rules
from registry.exceptions import InvalidEntries
from registry.models import CASE_ROWS, Case, CaseRow, ImportBatch, ImportRow, State
from registry.models.import_batch import Outcome
from registry.selectors.check_rules import rules_in_force
from registry.selectors.facts import Rows, labrefs_of
from registry.selectors.whole_case import WholeCase
from registry.today import today

# What the dictionary says is still owed makes a draft; any other error is wrong.
OWED = "required"


@dataclass(frozen=True)
class Ground:
    """What is the same for every patient of a file.

    Attributes
    ----------
    completing : rows become complete where nothing is owed and no warning is unconfirmed.
    """

    completing: bool
    today: date
    labrefs: tuple[Record, ...]
    rules: Rules

    @classmethod
    def of(cls, batch: ImportBatch) -> Self:
        """As it is now."""
        labrefs = labrefs_of([batch.center_id])[batch.center_id]
        return cls(batch.completing, today(), labrefs, rules_in_force())


@dataclass
class Planned:
    """One row of the file and the row of the case it is about.

    Attributes
    ----------
    before : image of the stored row; None of a new one.
    """

    given: ImportRow
    row: CaseRow
    before: Image | None
    is_unchanged: bool = False


@dataclass
class Plan:
    """What becomes of one case.

    Attributes
    ----------
    whole : the case as it will be.
    written : what is to be stored, in the order of the file.
    """

    whole: WholeCase
    written: list[Planned] = field(default_factory=list)


def plan(
    case: Case,
    stored: Rows,
    given: Sequence[ImportRow],
    made: Mapping[str, int],
    ground: Ground,
) -> Plan:
    """Say what `given` makes of `case`, and note it on them: outcome, changes, problems, findings.

    Parameters
    ----------
    stored : the rows of the case; those that change are changed in place.
    given : rows of the file, all of this case.
    made : form → how many rows it ever had.
    """
    of = _Case(case, {form: list(these) for form, these in stored.items()}, made, ground)
    forms = {form: _Form(of, form) for form in {each.form for each in given}}
    planned = [one for each in given if (one := forms[each.form].plan(each))]
    whole = WholeCase(case, of.rows, ground.labrefs, ground.rules)
    if planned:
        _settle(whole, planned, completing=ground.completing)
    return Plan(whole, [each for each in planned if each.given.outcome in (Outcome.CREATED, Outcome.CHANGED)])


@dataclass(frozen=True)
class _Case:
    """What the forms of one case need to know."""

    case: Case
    rows: dict[str, list[CaseRow]]
    made: Mapping[str, int]
    ground: Ground


class _Form:
    """The rows of one form of one case, as the rows of the file come in."""

    def __init__(self, of: _Case, form: str) -> None:
        self.of, self.model, self.rows, self.made = of, CASE_ROWS[form], of.rows[form], of.made.get(form, 0)
        self.lines: dict[UUID, int] = {}
        self.by_key: dict[tuple[str, ...], list[CaseRow]] = {}
        for row in self.rows:
            if key := natural_key(form, row.record()):
                self.by_key.setdefault(key, []).append(row)

    def plan(self, given: ImportRow) -> Planned | None:
        """The row of the case that `given` is about; None where it is refused."""
        if given.problems:
            given.outcome = Outcome.REFUSED
            return None
        try:
            values = read_entries(self.model, given.entries, given.line, self.of.ground.today)
            return self._apply(given, self._row(given, values), values)
        except InvalidEntries as invalid:
            for (_form, _line, variable), messages in invalid.errors.items():
                refuse(given, variable, " ".join(messages))
            return None
        except _Unclear as unclear:
            refuse(given, "", str(unclear))
            return None

    def _row(self, given: ImportRow, values: Mapping[str, Value]) -> CaseRow:
        """The row that is meant, a new one included; raises _Unclear where it cannot be told."""
        if not self.model.form.repeating:
            row = self.rows[0] if self.rows else self._new()
        elif given.seq is not None:
            row = self._numbered(given.seq)
        else:
            row = self._alike(values)
        if row.pk in self.lines:
            raise _Unclear(_("The same row stands in line %(line)s already.") % {"line": self.lines[row.pk]})
        self.lines[row.pk] = given.line
        return row

    def _numbered(self, seq: int) -> CaseRow:
        for row in self.rows:
            if row.seq == seq:
                return row
        raise _Unclear(
            _("There is no row %(number)s: leave the number blank for a new one.") % {"number": seq}
        )

    def _alike(self, values: Mapping[str, Value]) -> CaseRow:
        """The stored row with the natural key of `values`, or a new one."""
        key = natural_key(self.model.form.name, values)
        if key is None:
            names = ", ".join(NATURAL_KEYS[self.model.form.name])
            raise _Unclear(_("Which row is it? Fill in: %(names)s.") % {"names": names})
        found = self.by_key.setdefault(key, [])
        if len(found) > 1:
            raise _Unclear(_("Several rows of this patient look like this one: give the row's number."))
        if not found:
            found.append(self._new())
        return found[0]

    def _new(self) -> CaseRow:
        self.made += 1
        return self.model(case=self.of.case, seq=self.made if self.model.form.repeating else 1)

    def _apply(self, given: ImportRow, row: CaseRow, values: Mapping[str, Value]) -> Planned:
        is_new = row._state.adding
        old = {each.name: fields.get(row, each) for each in row.variables if each.name in values}
        changes = [
            [name, write(old[name]), write(value)] for name, value in values.items() if value != old[name]
        ]
        before = None if is_new or not (changes or self.of.ground.completing) else image(row)
        put(row, values)
        if is_new:
            self.rows.append(row)
        given.seq = row.seq
        given.changes = changes
        given.outcome = Outcome.CREATED if is_new else Outcome.CHANGED if changes else Outcome.UNCHANGED
        return Planned(given, row, before, is_unchanged=not (is_new or changes))


def refuse(given: ImportRow, variable: str, message: str) -> None:
    """Note that a row of the file cannot be imported, and why."""
    given.outcome = Outcome.REFUSED
    given.problems = [*given.problems, [variable, given.entries.get(variable), message]]


class _Unclear(Exception):
    """Which row of the case is meant cannot be told; the text says why."""


def _settle(whole: WholeCase, planned: Sequence[Planned], *, completing: bool) -> None:
    """Complete or draft, and what the edit checks say, once the whole case is known."""
    found: dict[tuple[str, int], list[Finding]] = {}
    for finding in whole.findings:
        row = whole.row_at(finding)
        if row is not None:
            found.setdefault((finding.form, row.seq), []).append(finding)
    for each in planned:
        _settle_row(whole, each, found.get((each.row.form.name, each.row.seq), []), completing=completing)


def _settle_row(whole: WholeCase, planned: Planned, found: Sequence[Finding], *, completing: bool) -> None:
    given, row = planned.given, planned.row
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    told = [finding for finding in found if finding.check != OWED]
    if not planned.is_unchanged:
        given.findings = [[each.variable, each.severity.value, each.message, each.params] for each in told]
        given.owed = len(found) - len(told)
        if completing and any(finding in told for finding in errors):
            given.outcome = Outcome.REFUSED
            return
    was_complete = row.state == State.COMPLETE
    if planned.is_unchanged and (was_complete or not completing):
        return
    may = (completing or was_complete) and not errors and not unconfirmed(whole, found, {})
    row.state = State.COMPLETE if may else State.DRAFT
    row.completed_once = row.completed_once or may
    given.completes = may and not was_complete
    if planned.is_unchanged and given.completes:
        given.outcome = Outcome.CHANGED
