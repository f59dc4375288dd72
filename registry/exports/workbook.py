"""A center's data as a workbook: a sheet per form, and the codebook; line by line, in bounded memory."""

from datetime import date
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from registry.dictionary.catalog import CASE_FORMS
from registry.exports.codebook import lines as codebook_lines
from registry.exports.content import Content, Heading, Number, headings
from registry.forms.wording import choice_text, label_of, unit_text
from registry.imports.reading import CODEBOOK

# Earlier days are other days in a spreadsheet, which knows a 29 February 1900.
_FIRST_DAY = date(1901, 1, 1)
_MOST_CHOICES = 40
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class WorkbookFile:
    """An XLSX file being written; `close` completes it."""

    suffix = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, stream: BinaryIO, today: date) -> None:
        self._book = xlsxwriter.Workbook(stream, _OPTIONS)
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._day = self._book.add_format({"num_format": "dd/mm/yyyy"})
        self._sheets = {name: self._form_sheet(name) for name in CASE_FORMS}
        self._used = dict.fromkeys(CASE_FORMS, 0)
        self._write_codebook(today)

    def write(self, form: str, cells: list[Content]) -> None:
        """Add a line to the sheet of a form."""
        self._used[form] += 1
        sheet, line = self._sheets[form], self._used[form]
        for column, content in enumerate(cells):
            if content:
                _write(sheet, line, column, content, self._day)

    def close(self) -> None:
        """Write what is left."""
        for name, sheet in self._sheets.items():
            last = max(self._used[name], 1)
            sheet.autofilter(0, 0, last, len(headings(name)) - 1)
            # Digits as they were entered stay text where a number would lose them: 10.40.
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
        self._book.close()

    def _form_sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for column, heading in enumerate(headings(name)):
            sheet.write_string(0, column, heading.name, self._bold)
            if heading.variable is not None:
                sheet.write_comment(0, column, _explained(heading), {"x_scale": 2, "y_scale": 1.5})
            sheet.set_column(column, column, max(11, min(len(heading.name) + 2, 24)))
        return sheet

    def _write_codebook(self, today: date) -> None:
        sheet = self._book.add_worksheet(CODEBOOK)
        sheet.freeze_panes(1, 2)
        for number, line in enumerate(codebook_lines(today)):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text, *([] if number else [self._bold]))
        sheet.set_column(0, 1, 20)
        sheet.set_column(2, 2, 44)
        sheet.set_column(3, 11, 22)


def _write(sheet: Worksheet, line: int, column: int, content: str | date | Number, day: Format) -> None:
    match content:
        case Number(text):
            # As the file will spell it: the same digits, or they are kept as text.
            number = float(text)
            if f"{number:.16G}" == text:
                sheet.write_number(line, column, number)
            else:
                sheet.write_string(line, column, text)
        case date() if content >= _FIRST_DAY:
            sheet.write_datetime(line, column, content, day)
        case date():
            sheet.write_string(line, column, content.isoformat())
        case _:
            sheet.write_string(line, column, content)


def _explained(heading: Heading) -> str:
    """What a column is, for whoever points at its name."""
    variable = heading.variable
    assert variable is not None
    if heading.name != variable.name:
        what = _("computed; not read when imported") if heading.name.startswith("_") else _("unit as entered")
        unit = unit_text(variable, "") if heading.name.startswith("_") else ", ".join(variable.units)
        return f"{label_of(variable)}\n{what}: {unit}"
    choices = [f"{choice.code} = {choice_text(variable, choice.code)}" for choice in variable.choices]
    missing = [f"{reason.value} = {_(reason.label)}" for reason in variable.missing]
    return "\n".join([label_of(variable), *choices[:_MOST_CHOICES], *missing])
