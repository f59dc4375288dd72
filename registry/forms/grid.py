"""Rows of a repeating form as a grid: rows are records, columns are questions, a cell holds what is typed."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from registry.dictionary.conditions import Always
from registry.dictionary.variable import Form, Variable
from registry.edit_checks.completeness import owed
from registry.forms.as_typed import Place, as_typed
from registry.forms.branching import known_elsewhere
from registry.forms.control import Control, control
from registry.forms.grid_posted import PostedRow, cell_text
from registry.forms.grid_rows import Refused, places
from registry.forms.posted import CONFIRM, Posted, Typed, typed
from registry.forms.row_table import COLUMNS, row_name
from registry.forms.wording import label_of, text_of, unit_text
from registry.models import CASE_ROWS, CaseRow
from registry.selectors.whole_case import WholeCase
from registry.terminology.text import gettext_noop

# Headings of further columns, shorter than the question's own label.
_HEADINGS = {
    "cycle_completed": gettext_noop("Completed"),
    "cycle_mod_reason": gettext_noop("Reason of the change"),
    "cycle_weight_kg": gettext_noop("Weight"),
    "dex_doses_n": gettext_noop("Dexamethasone doses"),
    "pom_total_mg": gettext_noop("Pomalidomide, total"),
    "resp_bm_done": gettext_noop("Marrow"),
    "resp_imaging_done": gettext_noop("Imaging"),
    "drug_refractory_asserted": gettext_noop("Refractory by the source"),
    "drug_other_text": gettext_noop("Name of the drug"),
    "line_cycles": gettext_noop("Cycles"),
    "line_progressed": gettext_noop("Progressed"),
    "line_transplant_date": gettext_noop("Transplanted on"),
}


@dataclass(frozen=True)
class Column:
    """One question of the grid; `is_more` when it stands behind "more columns"."""

    variable: Variable
    heading: str
    unit: str
    is_more: bool

    @property
    def name(self) -> str:
        return self.variable.name


@dataclass(frozen=True)
class Cell:
    """One answer: its control, the name it is posted under, its text, the question of the page it follows."""

    column: Column
    control: Control
    name: str
    text: str
    label: str
    follows: str
    present: str


@dataclass(frozen=True)
class GridRow:
    """One row of the grid; `row` is None for a new one."""

    key: str
    name: str
    row: CaseRow | None
    version: int | None
    cells: tuple[Cell, ...]
    errors: tuple[str, ...]
    is_proposed: bool
    is_removed: bool


@dataclass(frozen=True)
class Doubt:
    """A warning to be confirmed: where it stands, what it says, the reason given so far."""

    name: str
    cell: str
    label: str
    message: str
    reason: str


@dataclass(frozen=True)
class Problem:
    """One line of the error summary, with the cell it links to."""

    cell: str
    label: str
    message: str


@dataclass(frozen=True)
class Grid:
    """Everything the template of a grid needs.

    Attributes
    ----------
    blank : what a row added on the page looks like.
    elsewhere : answers of other forms that conditions ask for, as JSON.
    """

    form: Form
    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]
    blank: GridRow
    doubts: tuple[Doubt, ...]
    problems: tuple[Problem, ...]
    elsewhere: str

    @property
    def has_more(self) -> bool:
        return any(column.is_more for column in self.columns)

    @property
    def asks_reason(self) -> bool:
        """Whether rows are there that change with a reason only."""
        return any(row.row is not None and row.row.completed_once for row in self.rows)


def grid(
    form: Form,
    rows: Sequence[PostedRow],
    whole: WholeCase,
    today: date,
    *,
    refused: Refused | None = None,
    without: Collection[str] = (),
    follows: Callable[[PostedRow], Mapping[str, str]] = lambda row: {},
) -> Grid:
    """The grid of `rows`.

    Parameters
    ----------
    without : variables that the page settles otherwise.
    follows : of a new row, variable → question of the page whose answer it repeats until it gets its own.
    """
    refused = refused or Refused()
    variables = [v for v in CASE_ROWS[form.name].variables if v.name not in without]
    columns = sorted((_column(form, each) for each in variables), key=lambda column: column.is_more)
    drawer = _Drawer(tuple(columns), today, follows)
    drawn = [drawer.row(place, sent, refused) for place, sent in places(form, rows, whole)]
    new = Place(whole.facts, form, len(whole.rows[form.name]), None, whole)
    return Grid(
        form=form,
        columns=tuple(columns),
        rows=tuple(drawn),
        blank=drawer.row(new, PostedRow("n0", Posted({})), Refused()),
        doubts=tuple(_doubts(columns, rows, drawn, refused)),
        problems=tuple(_problems(columns, drawn)),
        elsewhere=json.dumps(known_elsewhere(form, whole.facts)),
    )


@dataclass(frozen=True)
class _Drawer:
    """Draws rows under one set of columns."""

    columns: tuple[Column, ...]
    today: date
    follows: Callable[[PostedRow], Mapping[str, str]]

    def row(self, place: Place, sent: PostedRow, refused: Refused) -> GridRow:
        """One row, holding what was typed and, where nothing was, what is stored."""
        answers = {name: typed(value) for name, value in place.stored.items()} | dict(sent.posted.typed)
        now = as_typed(place, sent.posted)
        missing = owed(now.facts, now.kept, place.index) if place.row else []
        lookup = now.facts.lookup(now.record)
        title = _name(place, sent)
        errors = refused.errors.get(sent.key, {})
        drawn_here = {column.name for column in self.columns}
        follows = {} if place.row else self.follows(sent)
        cells = []
        for column in self.columns:
            variable = column.variable
            answer = answers.get(variable.name, Typed())
            drawn = control(
                variable,
                answer,
                lookup,
                self.today,
                errors=errors.get(variable.name, ()),
                is_owed=variable in missing,
                stored=text_of(variable, place.stored[variable.name]),
            )
            cells.append(
                Cell(
                    column=column,
                    control=drawn,
                    name=f"{sent.key}.{variable.name}",
                    text=cell_text(variable, answer),
                    label=f"{title}: {column.heading}",
                    follows=follows.get(variable.name, ""),
                    present=f"{sent.key}.present",
                )
            )
        return GridRow(
            key=sent.key,
            name=title,
            row=place.row,
            version=sent.posted.version,
            cells=tuple(cells),
            errors=tuple(
                message
                for question, messages in errors.items()
                if question not in drawn_here
                for message in messages
            ),
            is_proposed=sent.is_proposed,
            is_removed=sent.is_removed,
        )


def _name(place: Place, sent: PostedRow) -> str:
    if place.row is not None:
        return row_name(place.row)
    return _("New row %(number)s") % {"number": sent.key[1:]}


def _column(form: Form, variable: Variable) -> Column:
    heading = COLUMNS.get(form.name, {}).get(variable.name)
    unit = unit_text(variable, "") if variable.unit and not variable.choices else ""
    is_usual = variable.core or isinstance(variable.required_when, Always) or heading is not None
    heading = heading or _HEADINGS.get(variable.name)
    return Column(variable, _(heading) if heading else label_of(variable), unit, not is_usual)


def _doubts(
    columns: Sequence[Column], rows: Sequence[PostedRow], drawn: Sequence[GridRow], refused: Refused
) -> list[Doubt]:
    names = {row.key: row.name for row in drawn}
    reasons = {row.key: row.posted.confirmations for row in rows}
    headings = {column.name: column.heading for column in columns}
    return [
        Doubt(
            name=f"{key}.{CONFIRM}{check}",
            cell=f"{key}.{variable}" if variable in headings else "",
            label=_label(names[key], headings.get(variable, "")),
            message=message,
            reason=reasons[key].get(check, ""),
        )
        for key, variable, check, message in refused.doubts
    ]


def _problems(columns: Sequence[Column], drawn: Sequence[GridRow]) -> list[Problem]:
    found = []
    for row in drawn:
        found += [Problem(row.cells[0].name, row.name, message) for message in row.errors]
        found += [
            Problem(cell.name, cell.label, " ".join(cell.control.errors))
            for cell in row.cells
            if cell.control.errors
        ]
    return found


def _label(row: str, heading: str) -> str:
    return f"{row}: {heading}" if heading else row
