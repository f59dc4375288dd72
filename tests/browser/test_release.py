"""A release in a browser: proposed, approved by another, watched while it is built, downloaded, checked."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from analytics.models import Release
from analytics.releases.build import build_approved
from analytics.releases.verify import verify_bundle
from registry.models import Case, User
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "snapshot"]),
]


@pytest.fixture(autouse=True)
def case(settings: Any, tmp_path: Path) -> Case:
    settings.DATA_DIR = tmp_path
    return factories.case(factories.center())


def propose(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/releases/")
    page.get_by_label("Reason").fill("Analysis for the journal")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("heading", name="Release", exact=False).first).to_be_visible()


def log_out(page: Page) -> None:
    page.context.clear_cookies()


def test_from_proposal_to_verified_download(
    page: Page,
    live_server: Any,
    log_in: Callable[[User], None],
    accessible: Callable[[], None],
    tmp_path: Path,
) -> None:
    statistician, coordinator = factories.user(Role.STATISTICIAN), factories.user(Role.COORDINATOR)
    log_in(statistician)
    propose(page, live_server)
    address = page.url
    refused = page.get_by_role("button", name="Approve")
    expect(refused).to_have_attribute("aria-disabled", "true")
    accessible()

    log_out(page)
    log_in(coordinator)
    page.goto(address)
    page.get_by_role("button", name="Approve", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("can never be changed")
    dialog.get_by_role("button", name="Approve and lock").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    accessible()

    build_approved()
    expect(page.get_by_role("heading", name="Contents")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("data/forms/baseline.csv")).to_be_visible()
    accessible()

    log_out(page)
    log_in(statistician)
    page.goto(address)
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    copy = tmp_path / "copy.zip"
    started.value.save_as(copy)
    release = Release.objects.get()
    assert started.value.suggested_filename == release.bundle_name
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == release.sha256
    assert verify_bundle(copy)[0] == release


def test_the_report_in_the_bundle_can_be_read_without_the_registry(
    page: Page,
    live_server: Any,
    log_in: Callable[[User], None],
    accessible: Callable[[], None],
    tmp_path: Path,
) -> None:
    log_in(factories.user(Role.STATISTICIAN))
    propose(page, live_server)
    Release.objects.update(
        state="APPROVED", decided_at="2026-01-01T00:00:00Z", decided_by="Somebody", decided_by_id="somebody"
    )
    build_approved()
    release = Release.objects.get()
    with zipfile.ZipFile(release.bundle_path) as archive:
        archive.extractall(tmp_path)
    page.goto(f"file://{tmp_path}/{release.folder_name}/report/dara_refractory.html")
    expect(page.get_by_text("Locked data", exact=False).first).to_be_visible()
    curve = page.get_by_role("img", name=re.compile("^Kaplan–Meier curve of OS"))
    assert curve.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        accessible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_list_is_accessible_and_fits(
    size: tuple[int, int],
    page: Page,
    live_server: Any,
    log_in: Callable[[User], None],
    accessible: Callable[[], None],
) -> None:
    log_in(factories.user(Role.STATISTICIAN))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{live_server.url}/releases/")
    accessible()
    propose(page, live_server)
    accessible()
    page.goto(f"{live_server.url}/releases/")
    accessible()


def test_errors_are_summed_up_and_what_was_typed_stays(
    page: Page, live_server: Any, log_in: Callable[[User], None], accessible: Callable[[], None]
) -> None:
    log_in(factories.user(Role.STATISTICIAN))
    page.goto(f"{live_server.url}/releases/")
    page.get_by_label("Reason").fill("Analysis")
    page.get_by_label("Data cutoff").fill("31/12/2099")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be in the future")
    expect(page.get_by_label("Reason")).to_have_value("Analysis")
    accessible()
