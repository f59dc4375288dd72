"""The file a center fills in: a sheet per form that says what belongs into it and checks what is typed."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from registry.dictionary.variable import Form, Kind, Variable
from registry.forms.codebook import Entry, codebook
from registry.forms.wording import unit_text
from registry.imports.cells import guarded
from registry.imports.columns import OWN_REFERENCE, PATIENT_CODE, SEQ, UNIT, Column, columns
from registry.imports.reading import CODEBOOK
from registry.imports.validation import LONGEST, LONGEST_LIST, LONGEST_TITLE, formula, listed, refusal
from registry.terminology.text import gettext_noop

ROWS = 2_000
LISTS = "_lists"
Patient = tuple[str, str]

_KEY_HELP = {
    PATIENT_CODE: gettext_noop("Whose row it is: the registry's code, or your own reference beside it."),
    OWN_REFERENCE: gettext_noop("How your center calls the patient. It never leaves your center."),
    SEQ: gettext_noop("Leave it empty for a new row: the registry numbers it."),
}


def csv_template(form: Form, delimiter: str, patients: Iterable[Patient] = ()) -> bytes:
    """The sheet of a form as CSV, in UTF-8 as spreadsheet programs recognize it.

    Parameters
    ----------
    delimiter : "," or ";".
    patients : patient code and own reference of those a row is begun for.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    names = [column.name for column in columns(form)]
    writer.writerow(names)
    for code, reference in patients:
        writer.writerow([guarded(code), guarded(reference), *[""] * (len(names) - 2)])
    return text.getvalue().encode("utf-8-sig")


def write_template(
    stream: BinaryIO, forms: Sequence[Form], today: date, patients: Iterable[Patient] = ()
) -> None:
    """Write a workbook with a sheet per form and a codebook.

    Parameters
    ----------
    patients : patient code and own reference of those a row is begun for, on every sheet.
    """
    patients = list(patients)
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        template = _Template(book, today)
        for form in forms:
            template.add(form, patients)
        template.add_codebook(forms)
        template.add_lists()


class _Template:
    """A workbook while its sheets are added."""

    def __init__(self, book: xlsxwriter.Workbook, today: date) -> None:
        self._book = book
        self._sections = codebook(today)
        self._entries = {
            entry.variable.name: entry for section in self._sections for entry in section.entries
        }
        self._lists: dict[tuple[str, ...], str] = {}
        self._header = self._format(bold=True, bottom=1)
        self._required = self._format(bold=True, bottom=1, bg_color="#FFE8A3")
        self._text = self._format(num_format="@")
        self._date = self._format(num_format="dd/mm/yyyy")
        self._wrapped = self._format(text_wrap=True, valign="top")

    def _format(self, **properties: object) -> Format:
        return self._book.add_format(properties)

    def add(self, form: Form, patients: Sequence[Patient]) -> None:
        """The sheet of one form."""
        sheet = self._book.add_worksheet(form.name)
        sheet.freeze_panes(1, 2)
        places = {column.name: place for place, column in enumerate(columns(form))}
        for place, column in enumerate(columns(form)):
            self._column(sheet, place, column, places.get(f"{column.name}{UNIT}"))
        for line, patient in enumerate(patients, 1):
            for place, text in enumerate(patient):
                sheet.write_string(line, place, guarded(text), self._text)

    def _column(self, sheet: Worksheet, place: int, column: Column, unit_place: int | None) -> None:
        variable = column.variable
        required = variable is not None and variable.required == "always" and not column.is_unit
        words = self._help(column)
        sheet.write_string(0, place, column.name, self._required if required else self._header)
        sheet.write_comment(0, place, words, {"x_scale": 2.5, "y_scale": 1 + words.count("\n") / 4})
        sheet.set_column(place, place, max(10, len(column.name) + 2), self._body(column))
        rule = dict(self._rule(column, place, unit_place))
        rule |= {"input_title": column.name[:LONGEST_TITLE], "input_message": words[:LONGEST]}
        sheet.data_validation(1, place, ROWS, place, rule)

    def _body(self, column: Column) -> Format | None:
        """All but numbers and days as text: the spreadsheet makes no date of "1-3", no day of "03/2024"."""
        if column.name == SEQ:
            return None
        if column.variable is None or column.is_unit:
            return self._text
        match column.variable.kind:
            case Kind.DECIMAL | Kind.INTEGER:
                return None
            case Kind.DATE:
                return self._date
            case _:
                return self._text

    def _rule(self, column: Column, place: int, unit_place: int | None) -> Mapping[str, object]:
        variable = column.variable
        if variable is None:
            return {"validate": "any"}
        if column.is_unit:
            return self._one_of([unit_text(variable, ucum) for ucum in variable.units])
        error = {
            "error_title": column.name[:LONGEST_TITLE],
            "error_message": refusal(variable, self._entries[variable.name].limits),
        }
        if codes := listed(variable):
            return self._one_of(codes) | error
        unit_cell = "" if unit_place is None else f"{xl_col_to_name(unit_place)}2"
        if rule := formula(variable, f"{xl_col_to_name(place)}2", unit_cell):
            return {"validate": "custom", "value": rule} | error
        return {"validate": "any"}

    def _one_of(self, codes: list[str]) -> dict[str, object]:
        if len(",".join(codes)) <= LONGEST_LIST:
            return {"validate": "list", "source": codes}
        letter = xl_col_to_name(len(self._lists))
        source = self._lists.setdefault(tuple(codes), f"='{LISTS}'!${letter}$1:${letter}${len(codes)}")
        return {"validate": "list", "source": source}

    def _help(self, column: Column) -> str:
        variable = column.variable
        if variable is None:
            return f"{_(column.label)}\n{_(_KEY_HELP[column.name])}"
        entry = self._entries[variable.name]
        if column.is_unit:
            canonical = _("Unit of %(name)s; empty means %(unit)s.") % {
                "name": variable.name,
                "unit": entry.unit,
            }
            return f"{canonical}\n{', '.join(unit_text(variable, ucum) for ucum in variable.units)}"
        return "\n".join(filter(None, (entry.label, *_rules(entry))))

    def add_codebook(self, forms: Sequence[Form]) -> None:
        """The sheet that says what every column means; it is passed over when the file is read."""
        sheet = self._book.add_worksheet(CODEBOOK)
        sheet.freeze_panes(1, 0)
        titles = (_("Form"), _("Column"), _("Question"), _("Rules"))
        for place, (title, width) in enumerate(zip(titles, (20, 26, 50, 90), strict=True)):
            sheet.write_string(0, place, title, self._header)
            sheet.set_column(place, place, width)
        line = 0
        for section in self._sections:
            for entry in section.entries if section.form in forms else ():
                line += 1
                texts = (section.form.name, entry.variable.name, entry.label, "\n".join(_rules(entry)))
                for place, text in enumerate(texts):
                    sheet.write_string(line, place, text, self._wrapped)

    def add_lists(self) -> None:
        """The lists that are too long for a rule, on a sheet that is not shown."""
        if not self._lists:
            return
        sheet = self._book.add_worksheet(LISTS)
        sheet.hide()
        for place, codes in enumerate(self._lists):
            sheet.write_column(0, place, codes)


def _rules(entry: Entry) -> list[str]:
    """What may be entered, a line each."""
    variable = entry.variable
    kind = f"{entry.kind}, {entry.unit}" if entry.unit else entry.kind
    missing = ", ".join(
        f"{reason.value} = {label}" for reason, label in zip(variable.missing, entry.missing, strict=True)
    )
    found = [
        _("Required") if variable.required == "always" else "",
        f"{kind}: {entry.limits}" if entry.limits else kind,
        _several(variable),
        *(f"{code} = {label}" if code != label else code for code, label in entry.choices),
        missing,
    ]
    return [line for line in found if line]


def _several(variable: Variable) -> str:
    return _("Several are joined by “;”") if variable.kind is Kind.MULTICHOICE else ""
