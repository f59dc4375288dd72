"""An import in a real browser: three bad rows are refused; mended, it is imported and undone."""

import pytest
from playwright.sync_api import expect

from registry.imports.work import work_on_imports
from registry.models import Baseline, Case
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.registry.imports.workbooks import sheets_to_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = 6


def the_file(codes: list[str], *, mended: bool) -> bytes:
    rows = [{"patient_code": code, "hb": "9,5", "weight_kg": "70"} for code in codes]
    if not mended:
        rows[0]["hb"] = "much"
        rows[2]["weight_kg"] = "7000"
        rows[5]["patient_code"] = "IT999-0001"
    return sheets_to_bytes({"baseline": rows})


def test_an_import_with_three_bad_rows(page, live_server, log_in, accessible) -> None:
    at = factories.center()
    codes = [factories.empty_case(at).patient_code for _ in range(ROWS)]
    log_in(factories.user(Role.DATA_MANAGER, at=at))

    def upload(content: bytes) -> None:
        page.goto(f"{live_server.url}/imports/")
        file = {"name": "lab.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Upload and preview").click()
        expect(page.get_by_text("You can leave this page")).to_be_visible()
        work_on_imports()

    upload(the_file(codes, mended=False))
    # The page notices by itself.
    expect(page.get_by_text("Nothing is imported while a row is refused.")).to_be_visible()
    refused = page.locator(".import-rows tbody tr")
    expect(refused).to_have_count(3)
    for place, (line, message) in enumerate(
        [("line 2", "Enter a number."), ("line 4", "Not above"), ("line 7", "has no patient with this code")]
    ):
        expect(refused.nth(place)).to_contain_text(line)
        expect(refused.nth(place)).to_contain_text(message)
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        accessible()
    assert not Baseline.objects.filter(case__center=at).scoped().exists()

    upload(the_file(codes, mended=True))
    page.get_by_role("button", name="Import all").click()
    page.get_by_label("Reason").fill("from the laboratory's list")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("You can leave this page")).to_be_visible()
    work_on_imports()
    page.get_by_role("button", name="Undo the import").click()
    accessible()
    assert Baseline.objects.filter(case__center=at).scoped().count() == ROWS
    page.get_by_label("Reason").fill("the list of another month")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("You can leave this page")).to_be_visible()
    work_on_imports()
    expect(page.get_by_text("the list of another month")).to_be_visible()
    assert not Baseline.objects.filter(case__center=at).scoped().exists()
    assert Case.objects.filter(center=at).scoped().count() == ROWS
