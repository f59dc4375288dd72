"""What the cells of a workbook hold, whoever wrote it."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from registry.exceptions import ImportRefused
from registry.imports.number_formats import Shown, day, percent, plain, shown_as
from tests.registry.imports.spreadsheets import messages, reading, rezipped, rows_of, xlsx

KEY = "own_reference"
SHEET = "xl/worksheets/sheet1.xml"


def one(name: str, cell: Any, form: str = "baseline", **options: Any) -> Any:
    """The raw entry of one cell."""
    (row,) = rows_of(xlsx({form: [[KEY, name], ["a", cell]]}, **options))
    assert not row.problems
    return row.entries[name]


def refusal(name: str, cell: Any) -> tuple[str, str, str]:
    (row,) = rows_of(xlsx({"baseline": [[KEY, name], ["a", cell]]}))
    assert name not in row.entries
    return messages(row)[0]


@pytest.mark.parametrize(
    ("cell", "entry"),
    [
        (11.1, "11.1"),
        (11.100000000000001, "11.1"),
        (0.1 + 0.2, "0.3"),
        (11, "11"),
        (1e-7, "0.0000001"),
        (1.5e15, "1500000000000000"),
        (1e16, "10000000000000000"),
        (-0.5, "-0.5"),
        ("11,1", "11,1"),
    ],
)
def test_numbers_are_what_the_spreadsheet_shows(cell: Any, entry: str) -> None:
    assert one("hb", cell) == entry


def test_dates_by_their_format() -> None:
    assert one("baseline_lab_date", date(2024, 1, 31)) == "2024-01-31"
    assert one("baseline_lab_date", (45322, "yyyy-mm-dd")) == "2024-01-31"
    assert one("baseline_lab_date", (45322.75, "dd/mm/yyyy hh:mm")) == "2024-01-31"
    assert one("baseline_lab_date", (43860, "dd/mm/yyyy"), date_1904=True) == "2024-01-31"


def test_a_partial_date_that_the_spreadsheet_completed_is_partial_again() -> None:
    first_of_march = 45352
    assert one("line_start", (first_of_march, "mmm-yy"), "prior_line") == "2024-03"
    assert one("line_start", (first_of_march + 9, "mmm-yy"), "prior_line") == "2024-03-10"
    assert one("line_start", (45292, "yyyy"), "prior_line") == "2024"
    assert one("line_start", 2024, "prior_line") == "2024"


def test_a_number_that_became_a_date_is_refused_and_shown_as_it_looks() -> None:
    column, value, message = refusal("hb", date(2024, 3, 10))
    assert (column, value) == ("hb", "10/03/2024")
    assert message.startswith("The spreadsheet made a date of this value")


def test_a_day_count_that_is_not_shown_as_a_date_is_none() -> None:
    assert refusal("baseline_lab_date", 45322) == (
        "baseline_lab_date",
        "45322",
        "Enter a date as dd/mm/yyyy.",
    )
    assert refusal("baseline_lab_date", (12, "dd/mm/yyyy"))[1] == "12"


def test_a_percentage_means_what_it_shows() -> None:
    assert one("bmpc_pct", (0.45, "0%")) == {"value": "45", "unit": "%"}
    assert refusal("hb", (0.111, "0.0%"))[2].startswith("Unknown unit %")


def test_true_and_false_are_yes_and_no() -> None:
    assert one("dialysis", True) == "Y"
    assert refusal("hb", True)[2] == "Enter a number."


def test_a_formula_is_named_with_its_row_and_column() -> None:
    content = xlsx({"baseline": [[KEY, "hb"], ["a", 11], ["b", "=B2+1"], ["=A2", 12]]})
    rows = rows_of(content)
    found = [(row.line, *messages(row)) for row in rows if row.problems]
    message = "Formulas are not read: copy the cell and paste it as a value."
    assert found == [(3, ("hb", "0", message)), (4, (KEY, "0", message))]


def test_errors_of_the_spreadsheet_are_no_values() -> None:
    content = xlsx({"baseline": [[KEY, "hb"], ["a", 11]]})
    broken = _part(content).replace(b"<v>11</v>", b"<v>#N/A</v>").replace(b'r="B2"', b'r="B2" t="e"')
    (row,) = rows_of(rezipped(content, {SHEET: broken}))
    assert messages(row)[0][:2] == ("hb", "#N/A")


def test_rich_text_is_read_without_its_phonetic_guide() -> None:
    content = xlsx({"adverse_event": [[KEY, "ae_other_text"], ["a", "x"]]})
    strings = _part(content, "xl/sharedStrings.xml").replace(
        b"<si><t>x</t></si>",
        b"<si><r><t>Her</t></r><r><t>pes</t></r><rPh><t>no</t></rPh></si>",
    )
    (row,) = rows_of(rezipped(content, {"xl/sharedStrings.xml": strings}))
    assert row.entries["ae_other_text"] == "Herpes"


def test_inline_texts_prefixes_and_cells_without_addresses() -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="inlineStr"><x:is><x:t>own_reference</x:t></x:is></x:c>'
        '<x:c t="inlineStr"><x:is><x:t>hb</x:t><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c></x:row>'
        '<x:row><x:c t="str"><x:v>a_x000D_</x:v></x:c><x:c><x:v>11.5</x:v></x:c></x:row>'
        '<x:row r="9"><x:c r="A9" t="d"><x:v>2024-01-31T00:00:00</x:v></x:c><x:c r="B9"><x:v>12</x:v></x:c>'
        '<x:c r="C9" s="1"/></x:row></x:sheetData></x:worksheet>'
    )
    rows = rows_of(rezipped(xlsx({"baseline": []}), {SHEET: sheet.encode()}))
    assert [(row.line, row.own_reference, row.entries["hb"]) for row in rows] == [
        (2, "a", "11.5"),
        (9, "2024-01-31", "12"),
    ]


def test_an_escaped_character_that_cannot_be_stored_is_refused() -> None:
    content = xlsx({"adverse_event": [[KEY, "ae_other_text"], ["key", "x"]]})
    strings = (
        _part(content, "xl/sharedStrings.xml").replace(b">key<", b">a_x0000_b<").replace(b">x<", b">_xD800_<")
    )
    (row,) = rows_of(rezipped(content, {"xl/sharedStrings.xml": strings}))
    assert [problem.column for problem in row.problems] == [KEY, "ae_other_text"]


def test_a_workbook_of_another_program() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Baseline"
    sheet.append([KEY, "hb", "baseline_lab_date", "dialysis", "comorbidities"])
    sheet.append(["a", 11.1, date(2024, 1, 31), False, "DM; COPD"])
    stream = io.BytesIO()
    book.save(stream)
    (row,) = rows_of(stream.getvalue())
    assert dict(row.entries) == {
        "hb": "11.1",
        "baseline_lab_date": "2024-01-31",
        "dialysis": "N",
        "comorbidities": ["DM", "COPD"],
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'r="A2"', b'r="ZZZZ2"'),
        (b'<row r="2"', b'<row r="1"'),
        (b'<row r="2"', b'<row r="99999999999"'),
        (b'<row r="2"', b'<row r="two"'),
        (b"<v>1</v>", b"<v>99</v>"),
        (b"<v>1</v>", b"<v>one</v>"),
        (b"<sheetData>", b"<sheetData><"),
        (b"<worksheet", b"<!DOCTYPE worksheet []><worksheet"),
        (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        (b"<sheetData>", b"<sheetData>" + b"<a>" * 100),
        (b"<sheetData>", b"<sheetData>" + b"".join(b"<a%d/>" % number for number in range(20_000))),
        (b"<sheetData>", b"<sheetData a='" + b"x" * 3_000_000 + b"'>"),
    ],
)
def test_a_sheet_that_is_broken_or_made_to_do_harm_is_refused(before: bytes, after: bytes) -> None:
    content = xlsx({"baseline": [[KEY, "hb"], ["a", "11"]]})
    assert before in _part(content)
    with pytest.raises(ImportRefused, match="damaged"):
        rows_of(rezipped(content, {SHEET: _part(content).replace(before, after, 1)}))


def test_a_cell_beyond_all_columns_is_refused_with_its_row() -> None:
    with pytest.raises(ImportRefused, match="Line 2 is too long"):
        rows_of(xlsx({"baseline": [[KEY, "hb"], ["a", *[1] * 600]]}))


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"],
)
def test_no_part_may_have_a_dtd_or_be_missing(part: str) -> None:
    content = xlsx({"baseline": [[KEY, "hb"], ["a", "11"]]})
    doctype = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    declaration, rest = _part(content, part).split(b"?>", 1)
    for changed in (declaration + b"?>" + doctype + rest, None):
        with pytest.raises(ImportRefused):
            rows_of(rezipped(content, {part: changed}))


def test_the_binary_format_in_the_same_wrapping_is_told_from_a_workbook() -> None:
    content = xlsx({"baseline": [[KEY, "hb"]]})
    relations = _part(content, "_rels/.rels").replace(b"xl/workbook.xml", b"xl/workbook.bin")
    with pytest.raises(ImportRefused, match="no Excel workbook"):
        reading(rezipped(content, {"_rels/.rels": relations}))


def test_a_missing_sheet_is_refused() -> None:
    with pytest.raises(ImportRefused):
        reading(rezipped(xlsx({"baseline": [["hb"]]}), {SHEET: None}))


def test_charts_links_and_macros_are_passed_over() -> None:
    content = xlsx({"baseline": [[KEY, "hb"], ["a", "11"]]})
    relations = _part(content, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://x/externalLink" Target="http://x" TargetMode="External"/>'
        b'<Relationship Id="rId98" Type="http://x/vbaProject" Target="vbaProject.bin"/></Relationships>',
    )
    changed = {"xl/_rels/workbook.xml.rels": relations, "xl/vbaProject.bin": b"macro"}
    assert len(rows_of(rezipped(content, changed))) == 1


def test_more_texts_than_any_center_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.imports.workbook_parts.MAX_STRINGS", 3)
    with pytest.raises(ImportRefused):
        rows_of(xlsx({"baseline": [[KEY, "hb"], ["a", "11"]]}))


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (0, "", Shown.NUMBER),
        (14, "", Shown.DAY),
        (17, "", Shown.MONTH),
        (9, "", Shown.PERCENT),
        (20, "", Shown.NUMBER),
        (164, "dd/mm/yyyy", Shown.DAY),
        (164, "[$-410]d mmmm yyyy;@", Shown.DAY),
        (164, '"day" 0.0', Shown.NUMBER),
        (164, "0.00\\d", Shown.NUMBER),
        (164, "mm/yyyy", Shown.MONTH),
        (164, "yyyy", Shown.YEAR),
        (164, "hh:mm", Shown.NUMBER),
        (164, "[Red]0.0", Shown.NUMBER),
        (164, "General", Shown.NUMBER),
        (164, "0.0%", Shown.PERCENT),
    ],
)
def test_number_formats(number: int, code: str, shown: Shown) -> None:
    assert shown_as(number, code) is shown


def test_what_is_no_number_stays_as_it_is() -> None:
    assert percent("x") == "x"
    assert day("5", Shown.DAY, from_1904=False) is None
    assert plain("1E+2") == "100"


def _part(content: bytes, name: str = SHEET) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)
