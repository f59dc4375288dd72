"""Which column is what: a sheet's header line, and the sheet's name, as people write them."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form
from registry.imports import spelling
from registry.imports.columns import OWN_REFERENCE, PATIENT_CODE, UNIT, Column, columns
from registry.imports.problem import Problem, short
from registry.imports.source import Line

# Excel cuts a sheet's name here.
SHEET_NAME = 31


@dataclass(frozen=True)
class Heading:
    """One understood header cell; `unit` is the UCUM code it states, or ""."""

    column: Column
    title: str
    unit: str = ""


@dataclass(frozen=True)
class Header:
    """The header line of a form's sheet.

    Attributes
    ----------
    line : its row number.
    width : number of its cells, where the format says so.
    headings : position of the column → what it is.
    ignored : positions of columns to be passed over.
    problems : what makes the sheet unreadable.
    """

    form: Form
    line: int
    width: int | None
    headings: Mapping[int, Heading]
    ignored: frozenset[int]
    problems: list[Problem] = field(default_factory=list)

    @property
    def titles(self) -> dict[str, str]:
        """Name of a column → its header as it stands in the file."""
        return {heading.column.name: heading.title for heading in self.headings.values()}


class NotAColumn(ValueError):
    """A header cell that cannot be understood; the text says why."""


def read_header(form: Form, line: Line) -> Header:
    """Understand a header line."""
    known = _known(form.name, get_language())
    headings: dict[int, Heading] = {}
    titles = {position: cell.text.strip() for position, cell in line.cells.items()}
    ignored = frozenset(position for position, title in titles.items() if title.startswith("_"))
    header = Header(form, line.number, line.width, headings, ignored)
    taken: dict[str, str] = {}
    for position in titles.keys() - ignored:
        title = titles[position]
        try:
            heading = _understand(form, known, title)
        except NotAColumn as refused:
            header.problems.append(Problem(form.name, line.number, short(title), "", str(refused)))
            continue
        name = heading.column.name
        if name in taken:
            message = _("“%(first)s” and “%(second)s” are the same column: remove one of them.")
            message %= {"first": short(taken[name]), "second": short(title)}
            header.problems.append(Problem(form.name, line.number, short(title), "", message))
            continue
        taken[name] = title
        headings[position] = heading
    if not taken.keys() & {PATIENT_CODE, OWN_REFERENCE}:
        message = _("The sheet needs the column patient_code or own_reference: who each row is about.")
        header.problems.append(Problem(form.name, line.number, "", "", message))
    return header


@lru_cache(maxsize=64)
def _known(name: str, _language: str | None) -> dict[str, Column]:
    """Spelling → column of a form: names first, then labels, then labels without their remark."""
    found: dict[str, Column] = {}
    ways: tuple[Callable[[Column], Iterable[str]], ...] = (
        lambda column: [column.name],
        lambda column: [column.label, _(column.label)],
        lambda column: map(spelling.without_remark, (column.label, _(column.label))),
    )
    for texts in ways:
        new: dict[str, set[Column]] = {}
        for column in columns(CASE_FORMS[name]):
            for text in texts(column):
                # A label is the value's; its unit says so after it: "Hemoglobin unit".
                for ending in _UNIT_ENDINGS if column.is_unit else ("",):
                    new.setdefault(spelling.heading(text.removesuffix(UNIT) + ending), set()).add(column)
        for text, meant in new.items():
            if len(meant) == 1:
                found.setdefault(text, *meant)
    return found


_UNIT_ENDINGS = (UNIT, " unit")


def _understand(form: Form, known: Mapping[str, Column], title: str) -> Heading:
    if column := known.get(spelling.heading(title)):
        return Heading(column, title)
    unknown_unit = ""
    for base, unit in _bracketed(title):
        column = known.get(spelling.heading(base))
        if column is None or column.is_unit or column.variable is None or not column.variable.unit:
            continue
        if ucum := spelling.units(column.variable).get(spelling.unit(unit)):
            return Heading(column, title, ucum)
        unknown_unit = _("“%(title)s”: unknown unit %(unit)s; allowed: %(allowed)s.") % {
            "title": short(title),
            "unit": unit[:20],
            "allowed": ", ".join(column.variable.units),
        }
    raise NotAColumn(unknown_unit or _unknown_column(form, known, title))


def _bracketed(title: str) -> Iterable[tuple[str, str]]:
    """The ways to take the end of a header for a unit in brackets: "Hemoglobin (g/L)", "hb [g/L]"."""
    title = title.strip()
    for opening, closing in (("(", ")"), ("[", "]")):
        if title.endswith(closing):
            for place, sign in enumerate(title):
                if sign == opening:
                    yield title[:place], title[place + 1 : -1]


def _unknown_column(form: Form, known: Mapping[str, Column], title: str) -> str:
    near = difflib.get_close_matches(spelling.heading(title)[:80], known, n=1)
    words = {"form": _(form.label), "title": short(title)}
    if not near:
        return (
            _("%(form)s has no column “%(title)s”. The template and the codebook list all columns.") % words
        )
    column = known[near[0]]
    words |= {"name": column.name, "label": _(column.label)}
    return _("%(form)s has no column “%(title)s”. Is “%(name)s” meant (%(label)s)?") % words


def form_of_title(title: str) -> Form | None:
    """The form a sheet's name says, by the form's name or label."""
    return _titles().get(spelling.heading(title))


def _titles() -> dict[str, Form]:
    found: dict[str, Form] = {}
    for form in CASE_FORMS.values():
        for text in (form.name, form.label, _(form.label)):
            found.setdefault(spelling.heading(text[:SHEET_NAME]), form)
    return found


def unknown_sheet(title: str) -> str:
    """What to say about a sheet that is no form's."""
    titles = _titles()
    near = difflib.get_close_matches(spelling.heading(title)[:80], titles, n=1)
    if not near:
        return _(
            "No form is called “%(title)s”. Name the sheet after its form, or remove it; "
            "a sheet whose name begins with “_” is passed over."
        ) % {"title": short(title)}
    form = titles[near[0]]
    return _("No form is called “%(title)s”. Is “%(name)s” meant (%(label)s)?") % {
        "title": short(title),
        "name": form.name,
        "label": _(form.label),
    }


def form_of_header(titles: Iterable[str]) -> Form | None:
    """The form most of whose columns stand in a header line; None when two have as many, or none has any."""
    given = list(titles)
    counted = sorted(((recognized(form, given), form.name) for form in CASE_FORMS.values()), reverse=True)
    if counted[0][0] in (0, counted[1][0]):
        return None
    return CASE_FORMS[counted[0][1]]


def most_recognized(titles: Iterable[str]) -> int:
    """Number of header cells that are a variable of one form, of the form that has most."""
    given = list(titles)
    return max(recognized(form, given) for form in CASE_FORMS.values())


def recognized(form: Form, titles: Iterable[str]) -> int:
    """Number of header cells that are a variable of the form."""
    known = _known(form.name, get_language())
    found = 0
    for title in titles:
        bases = (title, *(base for base, _unit in _bracketed(title)))
        columns_meant = (known.get(spelling.heading(base)) for base in bases)
        found += any(column is not None and column.variable is not None for column in columns_meant)
    return found
