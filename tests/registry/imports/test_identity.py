"""What is written is read as the same, however it is written; no file does worse than be refused."""

import csv
import io
import random
import string
import zipfile
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.entry import MAX_TEXT, read
from registry.dictionary.values import Measurement, PartialDate, Value
from registry.dictionary.variable import Form, Kind, Variable
from registry.exceptions import ImportRefused
from registry.imports.cells import written
from registry.imports.columns import Column, columns, entered
from registry.imports.reading import read_file
from registry.terminology.missing import Missing
from tests.registry.imports.spreadsheets import rezipped, rows_of, xlsx

# As it is once stored: without spaces around it, and without what no database takes.
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=MAX_TEXT)
    .map(str.strip)
    .filter(lambda text: text and text == text.strip())
)
NUMBERS = st.decimals(-10_000, 10_000, places=3, allow_nan=False).map(lambda number: f"{number:f}")
DATES = st.dates(date(1905, 1, 1), date(2090, 1, 1))


@st.composite
def values(draw: Any, variable: Variable) -> Value:
    """Any value the reader of entries gives for a variable."""
    if variable.missing and draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(variable.missing))
    match variable.kind:
        case Kind.TEXT:
            return draw(TEXTS)
        case Kind.INTEGER:
            return draw(st.integers(-999_999, 999_999))
        case Kind.DECIMAL:
            return read(
                variable, {"value": draw(NUMBERS), "unit": draw(st.sampled_from(variable.units or ("",)))}
            )
        case Kind.DATE:
            return draw(DATES)
        case Kind.PARTIAL_DATE:
            return PartialDate(draw(DATES).isoformat()[: draw(st.sampled_from([7, 10]))])
        case Kind.MULTICHOICE:
            chosen = draw(st.sets(st.sampled_from(variable.codes), min_size=1))
            return tuple(code for code in variable.codes if code in chosen)
        case _:
            return draw(st.sampled_from(variable.codes))


@st.composite
def records(draw: Any) -> tuple[Form, dict[str, Value]]:
    """A form with a value, or none, for each of its variables."""
    form = draw(st.sampled_from(list(CASE_FORMS.values())))
    blank = draw(st.sampled_from([0, 3]))
    return form, {
        variable.name: None if blank and draw(st.integers(0, blank)) == 0 else draw(values(variable))
        for variable in entered(form)
    }


def cells(form: Form, record: dict[str, Value], *, labels: bool = False) -> list[str]:
    """The row as an export writes it."""

    def cell(column: Column) -> str:
        if column.variable is None:
            return {"own_reference": "a"}.get(column.name, "")
        return written(column.variable, record[column.variable.name], labels=labels)[column.is_unit]

    return [cell(column) for column in columns(form)]


def csv_bytes(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def read_back(content: bytes, name: str = "file.xlsx") -> dict[str, Value]:
    """The values of the one row; none where nothing was entered."""
    rows = rows_of(content, name)
    for row in rows:
        assert row.problems == ()
        assert {
            name: read(CASE_FORMS[row.form].variable(name), raw) for name, raw in row.entries.items()
        } == (row.values)
    return dict(rows[0].values) if rows else {}


def same(found: dict[str, Value], record: dict[str, Value]) -> bool:
    return {name: value for name, value in found.items() if value is not None} == {
        name: value for name, value in record.items() if value is not None
    }


@settings(max_examples=40, deadline=None)
@given(records(), st.booleans())
def test_what_a_workbook_says_is_read_as_the_same(written_record: Any, labels: bool) -> None:
    form, record = written_record
    header = [column.name for column in columns(form)]
    content = xlsx({form.name: [header, cells(form, record, labels=labels)]}, strings_to_formulas=False)
    assert same(read_back(content), record)


@settings(max_examples=40, deadline=None)
@given(
    records(),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_every_kind_of_csv_is_read_as_the_same(
    written_record: Any, delimiter: str, encoding: str, labels: bool
) -> None:
    form, record = written_record
    header = [column.name for column in columns(form)]
    content = csv_bytes([header, cells(form, record, labels=labels)], delimiter, encoding)
    assert same(read_back(content, "file.csv"), record)


NOTATIONS = st.sampled_from(["iso", "slash", "dot", "dash", "cell"])


def typed(value: Value, unit: str, comma: bool, notation: str) -> Any:
    """The cell of a value in another notation."""
    match value:
        case Missing():
            return value.value.lower()
        case Measurement():
            number = value.entered.replace(".", ",") if comma else value.entered
            return f"{number} {unit}" if unit else number
        case date():
            return value if notation == "cell" else _dated(value.isoformat(), notation)
        case PartialDate():
            return _dated(value.text, notation)
        case tuple():
            return ";".join(value).lower()
        case str():
            return value.lower()
    return value


def _dated(iso: str, notation: str) -> str:
    mark = {"slash": "/", "dot": ".", "dash": "-", "cell": "/"}.get(notation)
    parts = iso.split("-")
    # A month and a year parted by a dash would be no date anywhere.
    return iso if mark is None or (mark == "-" and len(parts) < 3) else mark.join(reversed(parts))


@settings(max_examples=40, deadline=None)
@given(records(), st.booleans(), NOTATIONS)
def test_comma_or_point_and_any_date_mean_the_same(written_record: Any, comma: bool, notation: str) -> None:
    form, record = written_record
    kept = {
        name: value for name, value in record.items() if form.variable(name).kind is not Kind.TEXT and value
    }
    row = [
        typed(value, value.unit if isinstance(value, Measurement) else "", comma, notation)
        for value in kept.values()
    ]
    assert same(read_back(xlsx({form.name: [["own_reference", *kept], ["a", *row]]})), kept)


def attempt(content: bytes, name: str) -> None:
    """Read it all; nothing but a refusal may come of it."""
    with suppress(ImportRefused):
        for row in read_file(io.BytesIO(content), name):
            assert row.line


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"own_reference,hb\n", b"sep=;\n"]),
)
def test_no_bytes_do_more_than_be_refused(content: bytes, start: bytes) -> None:
    attempt(start + content, "baseline.csv")
    attempt(start + content, "baseline.xlsx")


@settings(max_examples=100, deadline=None)
@given(st.text(string.printable + "é“\x00\x85\u2028", max_size=200), st.sampled_from(["utf-8", "utf-16"]))
def test_no_text_does_more_than_be_refused(text: str, encoding: str) -> None:
    attempt(("own_reference,hb\n" + text).encode(encoding), "file.csv")


BOOK = xlsx(
    {
        "baseline": [["own_reference", "hb", "baseline_lab_date"], ["a", 11.5, date(2024, 1, 31)]],
        "fish": [["x"]],
    }
)
PARTS = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
]


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_damage_to_a_workbook_does_more_than_refuse_it(chance: random.Random) -> None:
    attempt(damaged(BOOK, chance), "file.xlsx")


@pytest.mark.parametrize("part", PARTS)
@settings(max_examples=40, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_no_damage_to_a_part_of_a_workbook_does_more_than_refuse_it(part: str, chance: random.Random) -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as book:
        content = book.read(part)
    attempt(rezipped(BOOK, {part: damaged(content, chance)}), "file.xlsx")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, some pieces moved, some cut out."""
    found = bytearray(content)
    for _each in range(chance.randint(1, 4)):
        place = chance.randrange(len(found))
        match chance.randrange(4):
            case 0:
                found[place] = chance.randrange(256)
            case 1:
                del found[place : place + chance.randint(1, 30)]
            case 2:
                found[place:place] = found[chance.randrange(len(found)) :][: chance.randint(1, 60)]
            case 3:
                # Another digit: another size, index or address.
                digits = [at for at, byte in enumerate(found) if chr(byte) in "0123456789"]
                if digits:
                    found[chance.choice(digits)] = ord(chance.choice("0123456789-."))
        if not found:
            return b"PK"
    return bytes(found)
