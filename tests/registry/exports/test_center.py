"""A center's data as a file: what was entered, nobody else's, read back as it was, and nothing that runs."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.test import Client

from registry.actions import own_reference
from registry.audit.replay import with_payloads
from registry.dictionary.entry import read
from registry.dictionary.harmless import harmless
from registry.dictionary.values import PartialDate
from registry.dictionary.variable import Kind
from registry.exports.center import FORMATS, write_center
from registry.exports.content import headings
from registry.imports.reading import read_file
from registry.models import CASE_ROWS, Action, Event
from registry.selectors.facts import rows_of
from registry.terminology.roles import Role
from registry.today import today
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshot_sees_test")]

BASELINE = factories.FIXTURE["baseline"] | {
    "hb": {"value": "104.0", "unit": "g/L"},
    "creatinine": {"missing": "ND"},
    "albumin": {"value": "3.60"},
    "comorbidities": ["DM", "CHF"],
}
RUNS = ("=1+1", "+SUM(A1)", "-2+3", "@x")


@pytest.fixture
def center():
    return factories.center(center_code="IT014")


@pytest.fixture
def person(center):
    return factories.user(Role.DATA_MANAGER, at=center)


@pytest.fixture
def case(center):
    diagnosis = factories.FIXTURE["diagnosis"] | {"dx_date": "2018-03"}
    made = factories.case_actions.enter(
        factories.SYSTEM, center, factories.record(baseline=BASELINE, diagnosis=diagnosis)
    )
    own_reference.assign(factories.SYSTEM, made, "chart 17")
    return made


def exported(person, center, name: str, *, labels: bool = False) -> io.BytesIO:
    stream = io.BytesIO()
    write_center(person, center, FORMATS[name](stream, today()), labels=labels)
    stream.seek(0)
    return stream


def sheets(name: str, stream: io.BytesIO) -> dict[str, io.BytesIO]:
    """The parts of an export the importer takes one by one."""
    if name == "xlsx":
        return {"export.xlsx": stream}
    archive = zipfile.ZipFile(stream)
    return {each: io.BytesIO(archive.read(each)) for each in archive.namelist() if each != "codebook.csv"}


@pytest.mark.parametrize("labels", [False, True], ids=["codes", "labels"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_file_reads_back_as_what_was_entered(person, center, case, name, labels) -> None:
    stored = {
        (form, row.seq if row.form.repeating else None): dict(row.record())
        for form, rows in rows_of(case).items()
        for row in rows
    }
    found = {}
    for title, stream in sheets(name, exported(person, center, name, labels=labels)).items():
        reading = read_file(stream, title)
        assert reading.problems == ()
        for row in reading:
            assert row.problems == ()
            assert (row.patient_code, row.own_reference) == ("IT014-0001", "chart 17")
            variables = {variable.name: variable for variable in CASE_ROWS[row.form].variables}
            # Every column of the contract is there, and reads as the value that is stored, digit by digit.
            assert set(row.entries) == set(variables)
            values = {each: read(variables[each], raw) for each, raw in row.entries.items()}
            found[row.form, row.seq] = {each: value for each, value in values.items() if value is not None}
    assert found == stored
    assert found["baseline", None]["hb"].entered == "104.0"
    assert found["diagnosis", None]["dx_date"] == PartialDate("2018-03")


def test_a_workbook_has_a_sheet_per_form_with_numbers_and_days_as_such(person, center, case) -> None:
    book = openpyxl.load_workbook(exported(person, center, "xlsx"))
    assert book.sheetnames == [*CASE_ROWS, "codebook"]
    baseline = book["baseline"]
    cells = {cell.value: baseline.cell(2, cell.column) for cell in baseline[1]}
    assert list(cells)[:2] == ["patient_code", "own_reference"]
    assert list(cells)[list(cells).index("hb") :][:3] == ["hb", "hb.unit", "_hb.canonical"]
    assert (cells["platelets"].value, cells["hb.unit"].value, cells["_hb.canonical"].value) == (
        180,
        "g/L",
        10.4,
    )
    assert cells["baseline_lab_date"].value.date().isoformat() == "2022-03-08"
    assert cells["creatinine"].value == "ND"
    # Trailing zeros are digits that were entered; the canonical value beside is the number.
    assert (cells["albumin"].value, cells["_albumin.canonical"].value) == ("3.60", 3.6)
    assert "Hemoglobin" in baseline["A1"].offset(0, list(cells).index("hb")).comment.text
    names = {row[1].value for row in book["codebook"].iter_rows(min_row=2)}
    assert {variable.name for model in CASE_ROWS.values() for variable in model.variables} <= names


def test_csv_has_the_mark_and_the_delimiter_of_its_country(person, center, case) -> None:
    for name, delimiter, hb in (("csv", ",", "104.0"), ("csv-semicolon", ";", "104,0")):
        archive = zipfile.ZipFile(exported(person, center, name))
        content = archive.read("baseline.csv").decode("utf-8-sig")
        (line,) = csv.DictReader(io.StringIO(content), delimiter=delimiter)
        assert (line["hb"], line["hb.unit"], line["baseline_lab_date"]) == (hb, "g/L", "2022-03-08")
        assert line["comorbidities"] in ("CHF; DM", "DM; CHF")


@pytest.mark.parametrize("typed", RUNS)
def test_nothing_in_it_runs(person, center, typed) -> None:
    made = factories.empty_case(center)
    entries = {"ae_term": "OTHER", "ae_other_text": typed, "ae_grade": "2"}
    factories.row(made, "adverse_event", entries)
    own_reference.assign(factories.SYSTEM, made, typed)
    archive = zipfile.ZipFile(exported(person, center, "csv"))
    (line,) = csv.DictReader(io.StringIO(archive.read("adverse_event.csv").decode("utf-8-sig")))
    for cell in (line["ae_other_text"], line["own_reference"]):
        assert cell == harmless(typed.strip())
        assert cell.startswith("'")
    book = openpyxl.load_workbook(exported(person, center, "xlsx"))
    cells = {cell.value: cell for cell in book["adverse_event"][2]}
    assert cells[typed.strip()].data_type == "s"


def test_a_negative_number_stays_one() -> None:
    assert harmless("-2.5") == "-2.5"


def test_nobody_elses_patients_are_in_it(person, center, case) -> None:
    factories.empty_case(factories.center(center_code="IT015"))
    book = openpyxl.load_workbook(exported(person, center, "xlsx"))
    assert {row[0].value for row in book["enrolment"].iter_rows(min_row=2)} == {"IT014-0001"}


def test_columns_are_those_of_the_import_and_computed_ones() -> None:
    for form in CASE_ROWS.values():
        computed = [heading for heading in headings(form.form.name) if heading.name.startswith("_")]
        assert all(heading.variable.kind is Kind.DECIMAL for heading in computed)


class TestPage:
    @pytest.fixture
    def client(self, person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    @pytest.mark.parametrize("name", FORMATS)
    def test_a_download_is_an_event_with_the_number_of_patients(self, client, center, case, name) -> None:
        factories.empty_case(center)
        answer = client.post("/my-data/", {"center": str(center.pk), "format": name, "labels": "no"})
        assert answer.status_code == 200
        suffix = "xlsx" if name == "xlsx" else "zip"
        assert answer["Content-Disposition"] == f'attachment; filename="IT014-{today()}.{suffix}"'
        assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
        (change,) = with_payloads(list(Event.objects.filter(action=Action.EXPORT)))
        assert change.after_image() == {"format": name, "labels": False, "patients": 2}
        assert (change.event.center_code, change.event.source) == ("IT014", "PAGE")

    @pytest.mark.parametrize("given", [{}, {"format": "pdf"}, {"center": "x", "format": "xlsx"}])
    def test_what_is_not_offered_is_not_given(self, client, center, given) -> None:
        answer = client.post("/my-data/", {"center": str(center.pk)} | given)
        assert answer.status_code == 422
        assert not Event.objects.filter(action=Action.EXPORT).exists()

    def test_another_centers_data_are_not_given(self, client) -> None:
        other = factories.center()
        answer = client.post("/my-data/", {"center": str(other.pk), "format": "xlsx"})
        assert answer.status_code == 422

    @pytest.mark.parametrize("role", [Role.MONITOR, Role.COORDINATOR, Role.STATISTICIAN, Role.AUDITOR])
    def test_only_the_centers_own_staff_takes_them(self, center, role) -> None:
        client = Client()
        client.force_login(factories.user(role, at=center))
        assert client.get("/my-data/").status_code == 403
        assert client.post("/my-data/", {"center": str(center.pk), "format": "xlsx"}).status_code == 403
