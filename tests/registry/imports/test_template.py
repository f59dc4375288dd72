"""What a center gets to fill in, read back by another program and by the import."""

import io
from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form, Kind
from registry.imports import template as template_module
from registry.imports import validation
from registry.imports.columns import columns
from registry.imports.template import ROWS, csv_template, write_template
from tests.registry.imports.spreadsheets import reading, rows_of

TODAY = date(2026, 3, 1)
FORMS = list(CASE_FORMS.values())
PATIENTS = [("IT001-0001", "chart 1"), ("IT001-0002", "=cmd()")]


def template(forms: Iterable[Form] = FORMS, patients: Iterable[tuple[str, str]] = ()) -> bytes:
    stream = io.BytesIO()
    write_template(stream, list(forms), TODAY, patients)
    return stream.getvalue()


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(template(patients=PATIENTS)))


def rules(sheet: Worksheet) -> dict[str, DataValidation]:
    """Name of a column → what its cells accept."""
    return {
        str(sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value): rule
        for rule in sheet.data_validations.dataValidation
    }


def test_a_workbook_has_a_sheet_per_form_in_clinical_order_and_a_codebook(book: Any) -> None:
    assert book.sheetnames == [*CASE_FORMS, "codebook"]
    assert openpyxl.load_workbook(io.BytesIO(template([CASE_FORMS["fish"]]))).sheetnames == [
        "fish",
        "codebook",
    ]


@pytest.mark.parametrize("form", FORMS, ids=attrgetter("name"))
def test_every_column_is_there_explained_and_checked(book: Any, form: Form) -> None:
    sheet = book[form.name]
    own = columns(form)
    assert [cell.value for cell in sheet[1]] == [column.name for column in own]
    found = rules(sheet)
    for cell, column in zip(sheet[1], own, strict=True):
        if not column.is_unit:
            assert cell.comment.text.startswith(column.label)
        assert str(found[column.name].sqref).endswith(str(ROWS + 1))
        assert found[column.name].prompt


@pytest.mark.parametrize("form", FORMS, ids=attrgetter("name"))
def test_choices_are_listed_with_their_missing_reasons(book: Any, form: Form) -> None:
    found = rules(book[form.name])
    for column in columns(form):
        variable = column.variable
        if variable and not column.is_unit and variable.kind in (Kind.BOOLEAN, Kind.CHOICE):
            codes = [*variable.codes, *(reason.value for reason in variable.missing)]
            assert found[column.name].formula1 == f'"{",".join(codes)}"'


def test_limits_hold_in_the_canonical_unit_and_leave_room_for_missing_reasons(book: Any) -> None:
    sheet = book["baseline"]
    hb, unit = (cell.column_letter for cell in sheet[1] if cell.value in ("hb", "hb.unit"))
    rule = rules(sheet)["hb"].formula1
    assert rule == (f'OR({hb}2="NK",{hb}2="ND",AND(ISNUMBER({hb}2),OR({unit}2<>"",AND({hb}2>=2,{hb}2<=25))))')
    assert rules(sheet)["hb.unit"].formula1 == '"g/dL,g/L,mmol/L"'
    assert "2–25 g/dL" in rules(sheet)["hb"].error


def test_dates_whole_numbers_and_what_is_free(book: Any) -> None:
    enrolment, lines = rules(book["enrolment"]), rules(book["prior_line"])
    assert "DATE(2015,1,1)" in enrolment["consent_date"].formula1
    assert "TODAY()" in enrolment["consent_date"].formula1
    assert "INT(" in lines["line_no"].formula1
    assert lines["line_start"].formula1 is None
    assert rules(book["diagnosis"])["dx_associated"].formula1 is None


def test_required_columns_stand_out_and_dates_look_like_dates(book: Any) -> None:
    header = {cell.value: cell for cell in book["baseline"][1]}
    assert header["ecog"].fill.fgColor.rgb != header["bm_date"].fill.fgColor.rgb
    assert "Required" in header["ecog"].comment.text
    letter = header["baseline_lab_date"].column_letter
    assert book["baseline"].column_dimensions[letter].number_format == "dd/mm/yyyy"


def test_the_codebook_says_what_every_column_means(book: Any) -> None:
    rows = [[cell.value for cell in row] for row in book["codebook"].iter_rows(min_row=2)]
    assert len(rows) == sum(len(form.variables) for form in FORMS)
    (hb,) = [row for row in rows if row[1] == "hb"]
    assert hb[0] == "baseline"
    assert "NK = Not known, ND = Not done" in hb[3]


def test_an_empty_workbook_is_understood_and_holds_no_rows() -> None:
    found = reading(template())
    assert found.problems == ()
    assert found.forms == tuple(CASE_FORMS)
    assert list(found) == []


@pytest.mark.parametrize("form", FORMS, ids=attrgetter("name"))
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_an_empty_csv_file_is_understood_and_holds_no_rows(form: Form, delimiter: str) -> None:
    found = reading(csv_template(form, delimiter), "t.csv")
    assert found.problems == ()
    assert found.forms == (form.name,)
    assert list(found) == []


def test_rows_can_be_begun_for_patients(book: Any) -> None:
    assert [cell.value for cell in book["fish"][2]][:2] == ["IT001-0001", "chart 1"]
    # What a person adds beside them is that patient's; a reference is never run as a formula.
    book["fish"]["D3"] = "Y"
    stream = io.BytesIO()
    book.save(stream)
    (row,) = rows_of(stream.getvalue())
    assert (row.patient_code, row.own_reference, row.entries["fish_done"]) == ("IT001-0002", "=cmd()", "Y")


def test_rows_of_patients_in_a_csv_template() -> None:
    text = csv_template(CASE_FORMS["demographics"], ";", PATIENTS).decode("utf-8-sig")
    assert text.splitlines()[1:] == ["IT001-0001;chart 1;;", "IT001-0002;'=cmd();;"]


def test_a_list_too_long_for_a_rule_has_a_sheet_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_module, "LONGEST_LIST", 50)
    book = openpyxl.load_workbook(io.BytesIO(template([CASE_FORMS["prior_line_drug"]])))
    rule = rules(book["prior_line_drug"])["drug"]
    codes = CASE_FORMS["prior_line_drug"].variable("drug").codes
    assert rule.formula1 == f"'_lists'!$A$1:$A${len(codes)}"
    assert book["_lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["_lists"]["A"]] == list(codes)


def test_no_rule_or_message_is_longer_than_excel_takes(book: Any) -> None:
    for form in FORMS:
        for rule in rules(book[form.name]).values():
            assert len(rule.formula1 or "") <= validation.LONGEST + 2
            assert len(rule.prompt or "") <= validation.LONGEST
            assert len(rule.error or "") <= validation.LONGEST
