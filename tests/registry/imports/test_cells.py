"""What a cell shows, and the value it means."""

from operator import attrgetter
from typing import Any

import pytest
from django.utils import translation

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.entry import EntryError, read
from registry.dictionary.values import Measurement, PartialDate
from registry.dictionary.variable import Variable
from registry.forms.wording import unit_text
from registry.imports import spelling
from registry.imports.cells import MAX_CELL, Cell, CellReader, Nature, guarded, unguarded
from registry.terminology.missing import Missing

ALL = {variable.name: variable for form in CASE_FORMS.values() for variable in form}


def value(name: str, cell: str | Cell, unit: str = "", header_unit: str = "") -> Any:
    cell = Cell(cell) if isinstance(cell, str) else cell
    return read(ALL[name], CellReader(ALL[name], header_unit).raw(cell, Cell(unit)))


def refused(name: str, cell: str | Cell, unit: str = "", header_unit: str = "") -> str:
    with pytest.raises(EntryError) as error:
        value(name, cell, unit, header_unit)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("sex", "F", "F"),
        ("sex", " female ", "F"),
        ("dialysis", "Yes", "Y"),
        ("dialysis", "NO", "N"),
        ("dialysis", "y", "Y"),
        ("dialysis", "Sì", "Y"),
        ("dialysis", "si", "Y"),
        ("dialysis", "vero", "Y"),
        ("dialysis", "0", "N"),
        ("dialysis", "1.0", "Y"),
        ("pd_confirmed", "not required", "NOTREQ"),
        ("ecog", "2.0", "2"),
        ("bone_lesions_n", "1-3", "1_3"),
        ("bone_lesions_n", "1 to 3", "1_3"),
        ("pom_start_dose", "4 MG", "4"),
        ("mrd_sensitivity", "0.00001", "E5"),
        ("mrd_sensitivity", "1e-5", "E5"),
        ("drug", "Daratumumab", "DARA"),
        ("drug", "daratumumab [CD38]", "DARA"),
        ("consent_status", "Waived, not reachable", "WAIVED_UNREACHABLE"),
        ("heavy_chain", "none", "NONE"),
        # The choice comes before the missing reason that is written alike.
        ("serum_ife", "ND", "ND"),
        ("serum_ife", "Not done", "ND"),
    ],
)
def test_codes_and_labels_in_any_case(name: str, cell: str, code: str) -> None:
    assert value(name, cell) == code


def test_one_is_a_yes_only_where_yes_and_no_are_all_there_is() -> None:
    assert refused("pd_confirmed", "1") == "“1” is not one of the choices."
    assert value("line_transplant", "none") == "NONE"


def test_labels_of_the_language_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    italian = {"Female": "Femmina", "Not known": "Non noto"}
    monkeypatch.setattr(spelling, "_", lambda text: italian.get(text, text))
    monkeypatch.setattr("registry.imports.cells.gettext", lambda text: italian.get(text, text))
    assert value("sex", "femmina") == "F"
    assert value("sex", "Female") == "F"
    assert value("dialysis", "non noto") is Missing.NK


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("AL", ("AL",)),
        ("AL; PCL", ("AL", "PCL")),
        ("pcl|al", ("AL", "PCL")),
        ("AL\nPCL", ("AL", "PCL")),
        ("AL,PCL", ("AL", "PCL")),
        ("AL amyloidosis; Plasma cell leukemia", ("AL", "PCL")),
    ],
)
def test_several_answers_in_one_cell(cell: str, codes: tuple[str, ...]) -> None:
    assert value("dx_associated", cell) == codes


def test_a_comma_within_a_label_parts_no_answers() -> None:
    variable = ALL["consent_status"]
    assert any("," in choice.label for choice in variable.choices)
    assert value("pd_criteria", "Serum M >=25% and >=0.5 g/dL; Hypercalcemia") == ("SERUM", "CALCIUM")


@pytest.mark.parametrize("variable", ALL.values(), ids=attrgetter("name"))
def test_no_label_holds_what_parts_answers(variable: Variable) -> None:
    assert not any(mark in choice.label for choice in variable.choices for mark in ";|\n")


@pytest.mark.parametrize("variable", [v for v in ALL.values() if v.choices], ids=attrgetter("name"))
def test_every_code_and_label_means_its_choice(variable: Variable) -> None:
    known = spelling.answers(variable)
    for choice in variable.choices:
        assert known[spelling.answer(choice.code)] == choice.code
        assert known[spelling.answer(choice.label)] == choice.code


@pytest.mark.parametrize("variable", [v for v in ALL.values() if v.unit], ids=attrgetter("name"))
def test_every_unit_is_understood_as_it_is_written_anywhere(variable: Variable) -> None:
    known = spelling.units(variable)
    for unit in (variable.unit, *variable.alternatives):
        assert unit is not None
        for text in (unit.ucum, str(unit), unit_text(variable, unit.ucum)):
            assert not text or known[spelling.unit(text)] == unit.ucum


@pytest.mark.parametrize(
    ("name", "cell", "entered", "unit"),
    [
        ("hb", "111 g/L", "111", "g/L"),
        ("hb", "111g/l", "111", "g/L"),
        ("hb", "11,1", "11.1", "g/dL"),
        ("hb", "11,1 G/DL", "11.1", "g/dL"),
        ("hb", ".5", "0.5", "g/dL"),
        ("creatinine", "97 µmol/L", "97", "umol/L"),
        ("creatinine", "97 μmol/L", "97", "umol/L"),
        ("platelets", "250 x10^9/L", "250", "10*9/L"),
        ("platelets", "250 ×10⁹/L", "250", "10*9/L"),
        ("platelets", "250 10*9/L", "250", "10*9/L"),
        ("platelets", "250 10e9/l", "250", "10*9/L"),
        ("platelets", "250 000 /µL", "250000", "/uL"),
        ("platelets", "2.5e5 /uL", "250000", "/uL"),
        ("platelets", "1E2", "100", "10*9/L"),
        ("urine_m_protein", "1.2 g/24h", "1.2", "g/(24.h)"),
        ("urine_m_protein", "120 mg/(24.h)", "120", "mg/(24.h)"),
        ("ldh", "210 UI/L", "210", "U/L"),
        ("bmpc_pct", "45 %", "45", "%"),
        ("weight_kg", "150 lb", "150", "[lb_av]"),
    ],
)
def test_a_number_with_its_unit(name: str, cell: str, entered: str, unit: str) -> None:
    found = value(name, cell)
    assert isinstance(found, Measurement)
    assert (found.entered, found.unit) == (entered, unit)


def test_a_unit_is_stated_in_the_cell_beside_it_or_in_the_header() -> None:
    assert value("hb", "111", unit="g/l").unit == "g/L"
    assert value("hb", "111", header_unit="g/L").unit == "g/L"
    assert value("hb", "111 g/L", unit="g/L", header_unit="g/L").unit == "g/L"
    assert value("hb", "", unit="g/L") is None
    assert value("hb", "NK", unit="g/L") is Missing.NK
    assert value("line_cycles", "6 cycles") == 6


def test_two_different_units_are_refused() -> None:
    assert refused("hb", "111 g/L", unit="g/dL") == "Two units are given: g/L, g/dL."
    assert "Two units" in refused("hb", "111", unit="g/dL", header_unit="g/L")


@pytest.mark.parametrize(
    ("name", "cell", "message"),
    [
        ("hb", "111 stone", "Unknown unit stone; allowed: g/dL, g/L, mmol/L."),
        ("hb", "1.111,5", "Use one decimal mark, a comma or a point, and no thousands separator."),
        ("hb", "<7", "Enter a number."),
        ("hb", "11-12", "Enter a number."),
        ("hb", "nan", "Enter a number."),
        ("hb", "1e5x", "Unknown unit x; allowed: g/dL, g/L, mmol/L."),
        ("hb", "NA", "NA is not a missing reason here; allowed: NK, ND."),
        ("line_cycles", "6 months", "Enter a whole number."),
        ("line_cycles", "6.5", "Enter a whole number."),
        ("sex", "feminine", "“feminine” is not one of the choices."),
        ("dx_associated", "AL; gout", "“gout” is not one of the choices."),
        ("resp_date", "03/2024", "The full date is needed here, as dd/mm/yyyy."),
        ("resp_date", "31/02/2024", "31/02/2024 is not a day of the calendar."),
        ("drug_other_text", "x" * 501, "At most 500 characters."),
        ("drug_other_text", "x" * (MAX_CELL + 1), f"At most {MAX_CELL} characters."),
        ("drug_other_text", "a\x00b", "The text holds a character that cannot be stored."),
    ],
)
def test_what_is_refused_is_said_as_on_the_page(name: str, cell: str, message: str) -> None:
    assert refused(name, cell) == message


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2024-01-31", "2024-01-31"),
        ("31/01/2024", "2024-01-31"),
        ("31.1.2024", "2024-01-31"),
        ("31-01-2024", "2024-01-31"),
        ("31/01/2024 10:30", "2024-01-31"),
        ("2024-01-31T10:30:00", "2024-01-31"),
        ("2024-01-31 00:00:00", "2024-01-31"),
        ("01/2024", "2024-01"),
        ("2024-01", "2024-01"),
        ("2024", "2024"),
    ],
)
def test_dates(cell: str, iso: str) -> None:
    assert value("line_start", cell) == PartialDate(iso)


def test_missing_reasons_by_code_and_by_label() -> None:
    assert value("hb", "nk") is Missing.NK
    assert value("hb", "Not done") is Missing.ND
    assert value("line_start", "NK") is Missing.NK
    assert value("dx_associated", "NK") is Missing.NK
    assert value("dialysis", "Not known") is Missing.NK


def test_a_text_may_read_like_a_missing_reason() -> None:
    assert value("drug_other_text", "NA") == "NA"


@pytest.mark.parametrize("name", ["hb", "ecog", "bone_lesions_n", "line_no", "drug_other_text", "dialysis"])
def test_a_date_where_none_is_asked_for_was_made_by_the_spreadsheet(name: str) -> None:
    message = refused(name, Cell("2024-03-10", Nature.DATE))
    assert message == (
        "The spreadsheet made a date of this value: format the cell as text and enter it again."
    )


def test_formulas_and_errors_of_the_spreadsheet_are_refused_everywhere() -> None:
    formula, error = Cell("=A1", Nature.FORMULA), Cell("#N/A", Nature.ERROR)
    for name in ("hb", "sex", "resp_date", "drug_other_text"):
        assert refused(name, formula) == "Formulas are not read: copy the cell and paste it as a value."
        assert "shows an error" in refused(name, error)
    with pytest.raises(EntryError):
        CellReader(ALL["hb"]).raw(Cell("11"), formula)


@pytest.mark.parametrize("text", ["=1+1", "-x", "+39", "@a", "'=x", "''=x", "'", "'a", "plain", "a=b", "\tx"])
def test_a_text_a_spreadsheet_would_run_is_guarded_and_comes_back(text: str) -> None:
    assert guarded(text)[0] not in "=+-@\t\r"
    assert unguarded(guarded(text)) == text


def test_the_reader_speaks_the_language_that_is_active() -> None:
    with translation.override("it"):
        assert value("sex", "Female") == "F"
