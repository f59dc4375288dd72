"""Which column is what, and which sheet is whose."""

from operator import attrgetter

import pytest
from django.utils import translation

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form
from registry.imports import header as header_module
from registry.imports.cells import Cell
from registry.imports.columns import columns
from registry.imports.header import form_of_header, form_of_title, read_header, unknown_sheet
from registry.imports.source import Line

BASELINE = CASE_FORMS["baseline"]


def understood(*titles: str, form: Form = BASELINE) -> list[tuple[str, str]]:
    """Name of the column and unit of each header after the patient's."""
    line = Line(1, {place: Cell(title) for place, title in enumerate(("own_reference", *titles))})
    header = read_header(form, line)
    assert not header.problems
    return [
        (heading.column.name, heading.unit) for place, heading in sorted(header.headings.items()) if place
    ]


def refused(*titles: str, form: Form = BASELINE) -> list[str]:
    line = Line(3, {place: Cell(title) for place, title in enumerate(titles)})
    problems = read_header(form, line).problems
    assert {(problem.form, problem.line) for problem in problems} <= {(form.name, 3)}
    return [problem.message for problem in problems]


@pytest.mark.parametrize("form", CASE_FORMS.values(), ids=attrgetter("name"))
def test_every_column_is_understood_by_its_name_and_by_its_label(form: Form) -> None:
    own = [column for column in columns(form) if column.variable]
    assert understood(*(column.name for column in own), form=form) == [(column.name, "") for column in own]
    for column in own:
        ending = " unit" if column.is_unit else ""
        assert understood(f" {column.label.upper()}{ending} ", form=form) == [(column.name, "")]


def test_the_sheet_of_a_form_that_repeats_has_row_numbers() -> None:
    names = [column.name for column in columns(CASE_FORMS["prior_line"])]
    assert names[:4] == ["patient_code", "own_reference", "seq", "line_no"]
    assert "seq" not in [column.name for column in columns(BASELINE)]


def test_the_patient_code_is_a_key_of_every_form_and_a_variable_of_none() -> None:
    names = [column.name for column in columns(CASE_FORMS["enrolment"])]
    assert names.count("patient_code") == 1
    assert all(column.variable is None for column in columns(CASE_FORMS["enrolment"])[:2])


@pytest.mark.parametrize(
    ("title", "name", "unit"),
    [
        ("HB", "hb", ""),
        ("hemo globin", "hb", ""),
        ("hb [g/L]", "hb", "g/L"),
        ("Hemoglobin (g/dL)", "hb", "g/dL"),
        ("Platelet count (10^9/L)", "platelets", "10*9/L"),
        ("Urine M-protein, 24 h (mg/(24.h))", "urine_m_protein", "mg/(24.h)"),
        ("hb.unit", "hb.unit", ""),
        ("hb unit", "hb.unit", ""),
        ("baseline lab date", "baseline_lab_date", ""),
        ("LDH ULN printed on this report", "ldh_uln_sample", ""),
    ],
)
def test_names_labels_and_units_as_people_write_them(title: str, name: str, unit: str) -> None:
    assert understood(title) == [(name, unit)]


def test_a_label_with_a_remark_and_a_unit() -> None:
    response = CASE_FORMS["response"]
    assert understood("Albumin (same sample as calcium) (g/L)", form=response) == [("resp_albumin", "g/L")]
    assert understood("Albumin [g/L]", form=response) == [("resp_albumin", "g/L")]


def test_labels_of_the_active_language(monkeypatch: pytest.MonkeyPatch) -> None:
    italian = {"Hemoglobin": "Emoglobina", "Baseline": "Basale"}
    monkeypatch.setattr(header_module, "_", lambda text: italian.get(text, text))
    monkeypatch.setattr(header_module, "_known", header_module._known.__wrapped__)
    with translation.override("it"):
        assert understood("Emoglobina (g/L)") == [("hb", "g/L")]
        assert form_of_title("basale") is BASELINE


def test_an_unknown_column_is_refused_with_the_nearest_known_one() -> None:
    assert refused("patient_code", "haemoglobin") == [
        "Baseline has no column “haemoglobin”. Is “hb” meant (Hemoglobin)?"
    ]
    assert refused("patient_code", "shoe size", "hb") == [
        "Baseline has no column “shoe size”. The template and the codebook list all columns."
    ]


def test_a_unit_that_is_not_listed_is_refused_with_the_ones_that_are() -> None:
    assert refused("patient_code", "hb (stone)") == [
        "“hb (stone)”: unknown unit stone; allowed: g/dL, g/L, mmol/L."
    ]


def test_a_unit_on_what_has_none_is_refused() -> None:
    (message,) = refused("patient_code", "ecog (g/L)")
    assert message.startswith("Baseline has no column “ecog (g/L)”")


def test_a_column_is_there_once() -> None:
    assert refused("patient_code", "hb", "Hemoglobin [g/L]") == [
        "“hb” and “Hemoglobin [g/L]” are the same column: remove one of them."
    ]


def test_somebody_must_be_meant() -> None:
    assert refused("hb") == [
        "The sheet needs the column patient_code or own_reference: who each row is about."
    ]


def test_columns_with_an_underscore_are_passed_over() -> None:
    assert understood("_remarks", "hb") == [("hb", "")]


@pytest.mark.parametrize("form", CASE_FORMS.values(), ids=attrgetter("name"))
def test_a_sheet_is_called_by_name_or_label(form: Form) -> None:
    assert form_of_title(form.name.upper()) is form
    assert form_of_title(form.label[:31]) is form
    assert form_of_title("Sheet1") is None


def test_an_unknown_sheet_is_refused_with_the_nearest_form() -> None:
    assert unknown_sheet("Fisch") == "No form is called “Fisch”. Is “fish” meant (FISH cytogenetics)?"
    assert "remove it" in unknown_sheet("Sheet1")


@pytest.mark.parametrize("form", CASE_FORMS.values(), ids=attrgetter("name"))
def test_a_sheet_with_another_name_is_told_by_its_columns(form: Form) -> None:
    assert form_of_header([column.name for column in columns(form)]) is form


def test_columns_of_no_form_or_of_two_tell_nothing() -> None:
    assert form_of_header(["patient_code", "own_reference"]) is None
    assert form_of_header(["hb", "sex"]) is None
