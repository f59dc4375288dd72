"""The pages on which a file is brought, looked at, imported and taken back."""

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.imports.reading import read_file
from registry.imports.work import work_on_imports
from registry.models import BatchState, Case, ImportBatch
from registry.policies import import_batch as policy
from registry.terminology.roles import Role
from tests import factories
from tests.registry.imports.workbooks import fixtures, sheets_to_bytes, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return factories.center()


@pytest.fixture
def manager(at) -> Client:
    return logged_in(factories.user(Role.DATA_MANAGER, at=at))


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(client, at, content, name="patients.xlsx", **fields):
    fields = {"center": str(at.pk), "completing": "on"} | fields
    return client.post(reverse("imports"), {"file": SimpleUploadedFile(name, content)} | fields)


def page_of(client, batch, **query):
    return client.get(reverse("import_batch", args=[batch.pk]), query).content.decode()


def test_a_workbook_is_previewed_imported_and_taken_back(manager, at):
    answer = upload(manager, at, workbook(fixtures(1)))
    batch = ImportBatch.objects.get()
    assert answer["Location"] == reverse("import_batch", args=[batch.pk])
    assert "Waiting for its turn" in page_of(manager, batch)
    work_on_imports()
    page = page_of(manager, batch)
    assert "25 created, 0 changed, 0 unchanged, 0 refused" in page
    assert "chart 1" in page
    manager.post(reverse("import_commit", args=[batch.pk]), {"reason": "first load"})
    work_on_imports()
    assert "Undo the import" in page_of(manager, batch)
    case = Case.objects.filter(center=at).scoped().get()
    assert case.own_reference.text == "chart 1"
    manager.post(reverse("import_undo", args=[batch.pk]), {"reason": "wrong file"})
    work_on_imports()
    assert "wrong file" in page_of(manager, batch)
    assert not Case.objects.filter(center=at).scoped().exists()


def test_what_would_change_is_shown_old_and_new(manager, at):
    case = factories.case(at)
    sheet = {"baseline": [{"patient_code": case.patient_code, "hb": "111", "hb.unit": "g/L"}]}
    upload(manager, at, sheets_to_bytes(sheet))
    work_on_imports()
    page = page_of(manager, ImportBatch.objects.get())
    assert "<del>10.4 g/dL</del>" in page
    assert "111 g/L" in page


def test_refused_rows_say_where_and_why_and_nothing_can_be_imported(manager, at):
    case = factories.case(at)
    rows = [
        {"patient_code": case.patient_code, "hb": "ten"},
        {"patient_code": "IT999-0001", "hb": "10"},
        {"patient_code": case.patient_code, "hb": "11"},
    ]
    upload(manager, at, sheets_to_bytes({"baseline": rows}))
    work_on_imports()
    batch = ImportBatch.objects.get()
    page = page_of(manager, batch)
    assert "Enter a number." in page
    assert "Your center has no patient with this code." in page
    assert "Import all" not in page
    manager.post(reverse("import_commit", args=[batch.pk]), {"reason": "anyway"})
    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED
    listed = manager.get(reverse("import_refusals", args=[batch.pk])).content.decode("utf-8-sig")
    assert "Baseline,2" in listed
    assert "ten" in listed


def test_s3_what_a_spreadsheet_would_run_is_no_formula_in_the_list_of_refusals(manager, at):
    rows = [{"own_reference": f"{first}HYPERLINK(1)", "hb": "much"} for first in "=+-@"]
    upload(manager, at, sheets_to_bytes({"baseline": rows}))
    work_on_imports()
    listed = manager.get(reverse("import_refusals", args=[ImportBatch.objects.get().pk]))
    cells = [cell for line in csv.reader(StringIO(listed.content.decode("utf-8-sig"))) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK(1)" in cells


def test_s3_a_formula_is_refused(manager, at):
    case = factories.case(at)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("baseline")
        sheet.write_row(0, 0, ["patient_code", "hb"])
        sheet.write_string(1, 0, case.patient_code)
        sheet.write_formula(1, 1, "=5+5", value=10)
    upload(manager, at, stream.getvalue())
    work_on_imports()
    assert ImportBatch.objects.get().rows_refused == 1


def test_s5_a_bomb_is_refused_before_it_unfolds(manager, at):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            archive.writestr(name, b" " * 50_000_000 if "sheet1" in name else b"<x/>")
    upload(manager, at, stream.getvalue())
    work_on_imports()
    batch = ImportBatch.objects.get()
    assert (batch.state, bool(batch.failure)) == (BatchState.REFUSED, True)


def test_what_a_file_holds_is_text_on_the_page(manager, at):
    rows = [{"own_reference": "<script>alert(1)</script>", "hb": "<b>much</b>"}]
    upload(manager, at, sheets_to_bytes({"baseline": rows}), name="<img src=x onerror=alert(1)>.xlsx")
    work_on_imports()
    page = page_of(manager, ImportBatch.objects.get())
    assert not [bad for bad in ("<script>alert", "<b>much", "<img src=x") if bad in page]


def test_without_a_reason_nothing_is_imported(manager, at):
    upload(manager, at, workbook(fixtures(1)))
    work_on_imports()
    batch = ImportBatch.objects.get()
    answer = manager.post(reverse("import_commit", args=[batch.pk]), {"reason": " "}, follow=True)
    assert "Please say why." in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == BatchState.PREVIEWED


def test_a_file_that_is_too_large_is_refused_in_words(manager, at, monkeypatch):
    monkeypatch.setattr(policy, "MAX_BYTES", 1000)
    monkeypatch.setattr("registry.views.upload_limit.MAX_BYTES", 1000)
    monkeypatch.setattr("registry.views.imports.MAX_BYTES", 1000)
    answer = upload(manager, at, b"x" * 2000)
    assert answer.status_code == 422
    assert "The file is larger than" in answer.content.decode()
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("query", [{}, {"form": "fish"}, {"form": "baseline", "format": "csv-semicolon"}])
def test_a_template_has_the_columns_the_reader_knows(manager, query):
    answer = manager.get(reverse("import_template"), query)
    content = b"".join(answer.streaming_content)
    name = "t.csv" if "format" in query else "t.xlsx"
    reading = read_file(BytesIO(content), name, query.get("form", ""))
    assert reading.problems == ()


def test_a_template_there_is_not(manager):
    assert manager.get(reverse("import_template"), {"form": "all", "format": "csv"}).status_code == 404


def test_another_centers_import_is_answered_like_none(manager):
    elsewhere = factories.center()
    foreign = logged_in(factories.user(Role.DATA_MANAGER, at=elsewhere))
    upload(foreign, elsewhere, workbook(fixtures(1)))
    batch = ImportBatch.objects.get()
    assert manager.get(reverse("import_batch", args=[batch.pk])).status_code == 404
    assert upload(manager, elsewhere, workbook(fixtures(1))).status_code == 422


def test_the_page_polls_only_while_something_goes_on(manager, at):
    upload(manager, at, workbook(fixtures(1)))
    batch = ImportBatch.objects.get()
    address = reverse("import_progress", args=[batch.pk])
    assert manager.get(address, {"seen": "UPLOADED.0.0"}).status_code == 204
    work_on_imports()
    page = manager.get(address, {"seen": "UPLOADED.0.0"}).content.decode()
    assert "hx-trigger" not in page
