"""CSV as spreadsheets and people write it."""

import pytest

from registry.exceptions import ImportRefused
from registry.imports import csv_file
from tests.registry.imports.spreadsheets import csv_rows, messages, reading

SAME = {"hb": {"value": "111", "unit": "g/L"}, "ecog": "1", "comorbidities": ["DM", "COPD"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_spelling_of_a_file_means_the_same(delimiter: str, newline: str, encoding: str) -> None:
    lines = [
        ["own_reference", "hb", "hb.unit", "ecog", "comorbidities"],
        ["pàtient 1", "111", "g/L", "1", '"DM;COPD"'],
    ]
    text = newline.join(delimiter.join(line) for line in lines)
    (row,) = csv_rows(text, encoding=encoding)
    assert (row.line, row.own_reference) == (2, "pàtient 1")
    assert dict(row.entries) == SAME


def test_the_header_decides_what_parts_the_columns() -> None:
    # More commas than semicolons, but only the semicolons leave known columns.
    text = "own_reference;Urine M-protein, 24 h (mg/24 h);urine_ife\na;1,5;NEG"
    (row,) = csv_rows(text)
    assert dict(row.entries) == {
        "urine_m_protein": {"value": "1,5", "unit": "mg/(24.h)"},
        "urine_ife": "NEG",
    }


def test_a_first_line_may_say_what_parts_the_columns() -> None:
    (row,) = csv_rows("sep=\t\r\nown_reference\thb\r\na\t11,5\r\n")
    assert (row.line, row.entries["hb"]) == (3, "11,5")


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    text = 'own_reference,ae_other_text\n\na,"two\nlines"\n,\nb,x\n'
    assert [(row.line, row.entries["ae_other_text"]) for row in csv_rows(text)] == [
        (3, "two\nlines"),
        (5, "x"),
    ]


@pytest.mark.parametrize(("extra", "cells"), [("", 2), (",1,5", 4)])
def test_a_ragged_row_is_refused_as_a_whole(extra: str, cells: int) -> None:
    (row,) = csv_rows(f"own_reference,hb,ecog\na,11{extra}")
    assert not row.entries
    (problem,) = row.problems
    assert problem.message.startswith(f"The row has {cells} cells, the header 3")


def test_formulas_are_refused_and_guarded_texts_come_back() -> None:
    first, second = csv_rows("own_reference,drug_other_text\na,=1+1\n'+b,'=x")
    assert messages(first)[0][:2] == ("drug_other_text", "=1+1")
    assert (second.own_reference, second.entries["drug_other_text"]) == ("+b", "=x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("own_reference,hb\nNicolò,11".encode("cp1252"), "not in UTF-8"),
        ("own_reference,hb\na,1".encode("utf-16") + b"1", "not in UTF-8"),
        (b"own_reference,hb\na\x00,11", "Line 2 holds a NUL character."),
        (b'own_reference,hb\na,"11', "a quotation mark is not closed"),
        (b'own_reference,hb\na,"11"5', "a quotation mark is not closed"),
        (b'own_reference,hb\na,"' + b"1\n" * 80_000, "a quotation mark is not closed"),
        (b"own_reference,hb\na," + b"1" * 200_000, "Line 2 is too long."),
        (b"own_reference,hb\na" + b"," * 600, "Line 2 is too long."),
        (b"\n\n  \n", "There is nothing in the file."),
        (b",,,\n", "There is nothing in the file."),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        list(reading(content, "baseline.csv"))


def test_the_file_stays_open_and_can_be_read_again() -> None:
    found = reading(b"own_reference,hb\na,11\nb,12\n", "baseline.csv")
    assert [row.own_reference for row in found] == ["a", "b"]
    assert (found.position, found.size) == (27, 27)
    assert [row.own_reference for row in found] == ["a", "b"]


def test_a_long_line_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MAX_LINE", 20)
    with pytest.raises(ImportRefused, match="Line 2 is too long"):
        list(reading(b"own_reference,hb\n" + b"a" * 1_000, "baseline.csv"))
