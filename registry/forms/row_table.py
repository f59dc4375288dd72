"""The rows of a repeating form as a short table: a few telling columns, in the order they are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from registry.dictionary.values import PartialDate, Value
from registry.forms.wording import text_of
from registry.models import CaseRow
from registry.terminology.text import gettext_noop

# Variable → heading, shorter than the question's own label.
COLUMNS: dict[str, dict[str, str]] = {
    "prior_line": {
        "line_no": gettext_noop("Line"),
        "line_start": gettext_noop("Start"),
        "line_stop": gettext_noop("Last dose"),
        "line_transplant": gettext_noop("Transplant"),
        "line_best_response": gettext_noop("Best response"),
        "line_progression_date": gettext_noop("Progression"),
        "line_stop_reason": gettext_noop("Stopped for"),
    },
    "prior_line_drug": {
        "drug": gettext_noop("Drug"),
        "drug_start": gettext_noop("First dose"),
        "drug_last_dose": gettext_noop("Last dose"),
        "drug_phase": gettext_noop("Phase"),
        "drug_stop_reason": gettext_noop("Stopped for"),
    },
    "fish": {
        "fish_date": gettext_noop("Sample"),
        "fish_done": gettext_noop("Done"),
        "fish_t4_14": gettext_noop("t(4;14)"),
        "fish_t14_16": gettext_noop("t(14;16)"),
        "fish_del17p": gettext_noop("del(17p)"),
        "fish_1q": gettext_noop("1q"),
    },
    "isapd_cycle": {
        "cycle_no": gettext_noop("Cycle"),
        "cycle_start": gettext_noop("Start"),
        "isa_infusions_n": gettext_noop("Infusions"),
        "isa_total_mg": gettext_noop("Isatuximab"),
        "pom_daily_mg": gettext_noop("Pomalidomide/day"),
        "dex_weekly_mg": gettext_noop("Dexamethasone/week"),
        "cycle_modification": gettext_noop("Changes"),
    },
    "response": {
        "resp_date": gettext_noop("Date"),
        "resp_investigator": gettext_noop("Response"),
        "resp_serum_m": gettext_noop("Serum M"),
        "resp_urine_m": gettext_noop("Urine M"),
        "resp_flc_kappa": gettext_noop("Kappa"),
        "resp_flc_lambda": gettext_noop("Lambda"),
    },
    "adverse_event": {
        "ae_start": gettext_noop("Onset"),
        "ae_term": gettext_noop("Event"),
        "ae_grade": gettext_noop("Grade"),
        "ae_outcome": gettext_noop("Outcome"),
        "ae_serious": gettext_noop("Serious"),
    },
    "subsequent_therapy": {
        "subs_line_no": gettext_noop("Line"),
        "subs_start": gettext_noop("Start"),
        "subs_stop": gettext_noop("Stop"),
        "subs_drugs": gettext_noop("Treatment"),
        "subs_reason": gettext_noop("Reason"),
    },
    "follow_up": {
        "contact_date": gettext_noop("Contact"),
        "vital_status": gettext_noop("Status"),
        "death_date": gettext_noop("Death"),
        "death_cause": gettext_noop("Cause"),
    },
}

# What is counted reads upwards from 1; of what happens again and again the latest is wanted first.
_ASCENDING = {"prior_line": "line_no", "isapd_cycle": "cycle_no", "subsequent_therapy": "subs_line_no"}
_DESCENDING = {
    "fish": "fish_date",
    "response": "resp_date",
    "adverse_event": "ae_start",
    "follow_up": "contact_date",
}


@dataclass(frozen=True)
class RowLine:
    """One row in the table: (heading, text) per cell; `name` tells it apart in the text of its links."""

    row: CaseRow
    name: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RowGroup:
    """Rows under a heading of their own, and the line number a row added there begins with."""

    heading: str
    number: int | None
    lines: tuple[RowLine, ...]


@dataclass(frozen=True)
class RowTable:
    """The rows of one form in groups, under one set of headings."""

    headings: tuple[str, ...]
    groups: tuple[RowGroup, ...]


def row_table(form: str, rows: Sequence[CaseRow]) -> RowTable:
    """Rows of one form, ordered; the drugs of prior lines in one group per line."""
    headings = tuple(_(heading) for heading in COLUMNS[form].values())
    return RowTable(headings, tuple(_groups(form, rows)))


def row_name(row: CaseRow) -> str:
    """A few words that tell a row from its neighbors: "Line 2", "05/05/2022"."""
    name = next(iter(COLUMNS[row.form.name]))
    record = row.record()
    text = text_of(row.form.variable(name), record[name])
    if not text:
        return _("Row %(number)s") % {"number": row.seq}
    return f"{_(COLUMNS[row.form.name][name])} {text}" if isinstance(record[name], int) else text


def _groups(form: str, rows: Sequence[CaseRow]) -> list[RowGroup]:
    if form != "prior_line_drug":
        ordered = sorted(rows, key=_order(form), reverse=form in _DESCENDING)
        return [RowGroup("", None, tuple(map(_line, ordered)))] if rows else []
    by_line: dict[int, list[CaseRow]] = {}
    for row in rows:
        by_line.setdefault(row.line_no_ref or 0, []).append(row)
    return [
        RowGroup(
            _("Line %(number)s") % {"number": number} if number else _("Without a line number"),
            number or None,
            tuple(map(_line, these)),
        )
        for number, these in sorted(by_line.items())
    ]


def _line(row: CaseRow) -> RowLine:
    record = row.record()
    cells = tuple(
        (_(heading), text_of(row.form.variable(name), record[name]))
        for name, heading in COLUMNS[row.form.name].items()
    )
    return RowLine(row, row_name(row), cells)


def _order(form: str) -> Callable[[CaseRow], tuple[object, ...]]:
    name = _ASCENDING.get(form) or _DESCENDING[form]

    def key(row: CaseRow) -> tuple[object, ...]:
        value = row.record().known(name)
        return (value is not None, _comparable(value), row.seq)

    return key


def _comparable(value: Value) -> object:
    if isinstance(value, PartialDate):
        return value.imputed.isoformat()
    return value.isoformat() if isinstance(value, date) else value or 0
