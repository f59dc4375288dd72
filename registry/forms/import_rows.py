"""The rows of an import's preview in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.dictionary.catalog import FORMS
from registry.dictionary.entry import EntryError, Raw, read
from registry.dictionary.variable import Form
from registry.edit_checks.finding import Finding, Severity
from registry.forms.wording import label_of, message_of, text_of
from registry.models import ImportRow, Outcome

# What stands in a cell of the preview at once; the rest unfolds.
AT_ONCE = 4


@dataclass(frozen=True)
class Change:
    """One variable: what it is now, and what it would be; `old` is "" where nothing was entered."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Remark:
    """Something said of a row; `column` and `value` are "" where it is about the whole row."""

    column: str
    value: str
    message: str
    severity: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the preview."""

    row: ImportRow
    form: str
    who: str
    changes: list[Change]
    problems: list[Remark]
    findings: list[Remark]

    @property
    def first(self) -> list[Change]:
        return self.changes[:AT_ONCE]

    @property
    def more(self) -> list[Change]:
        return self.changes[AT_ONCE:]


def line_of(row: ImportRow) -> Line:
    """A row as the preview shows it."""
    form = FORMS[row.form]
    refused = row.outcome == Outcome.REFUSED
    findings = [_remark(form, *finding) for finding in row.findings]
    errors = [each for each in findings if refused and each.severity == Severity.ERROR]
    return Line(
        row=row,
        form=_(form.label),
        who=row.patient_code or row.own_reference,
        changes=[] if refused else [_change(form, *change) for change in row.changes],
        problems=[_problem(form, *problem) for problem in row.problems] + errors,
        findings=[each for each in findings if each not in errors],
    )


def _change(form: Form, name: str, old: Raw, new: Raw) -> Change:
    return Change(label_of(form.variable(name)), _shown(form, name, old), _shown(form, name, new))


def _problem(form: Form, column: str, value: Raw, message: str) -> Remark:
    known = column in form.names
    shown = _shown(form, column, value) if known else str(value or "")
    return Remark(label_of(form.variable(column)) if known else column, shown, message)


def _remark(form: Form, name: str, severity: str, message: str, params: dict[str, str | int]) -> Remark:
    finding = Finding("", Severity(severity), name, message, params)
    label = label_of(form.variable(name)) if name in form.names else ""
    return Remark(label, "", message_of(finding), severity)


def _shown(form: Form, name: str, raw: Raw) -> str:
    """A raw entry in words; as it was typed where it cannot be read."""
    variable = form.variable(name)
    try:
        return text_of(variable, read(variable, raw))
    except EntryError:
        return str(raw)
