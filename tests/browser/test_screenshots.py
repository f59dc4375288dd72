"""The pictures of the README: what they show is there. To renew them from the whole synthetic cohort:

pytest -m browser tests/browser/test_screenshots.py --screenshots
"""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.served import PATIENCE, Served, enter_synthetic, served

__all__ = ["served"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])]

FOLDER = Path(settings.BASE_DIR) / "deploy" / "screenshots"
LARGEST = 300_000


@pytest.fixture
def renews(request: pytest.FixtureRequest) -> bool:
    """Whether the pictures are taken anew."""
    return bool(request.config.getoption("--screenshots", default=False))


@pytest.fixture
def enter_patients(renews: bool) -> Callable[[], None]:
    if renews:
        return lambda: call_command("load_study_cohort", stdout=StringIO())
    return lambda: enter_synthetic(20)


@pytest.fixture
def take(renews: bool) -> Callable[[Page, str], None]:
    """Take a picture of the window as it is; do nothing unless that was asked for."""

    def picture(page: Page, name: str) -> None:
        if renews:
            FOLDER.mkdir(exist_ok=True)
            # No field in use, nothing under the pointer, no message on its way.
            page.evaluate("document.activeElement.blur()")
            page.mouse.move(0, 0)
            page.screenshot(path=FOLDER / name, animations="disabled")

    return picture


def test_report_and_form_are_as_the_readme_shows_them(
    served: Served, take: Callable[[Page, str], None]
) -> None:
    report = served.person("coordinator")
    report.goto(f"{served.url}/reports/dara_refractory/")
    expect(report.locator("#freshness")).to_contain_text("Current", timeout=PATIENCE)
    expect(report.locator(".headlines > div")).to_have_count(5, timeout=PATIENCE)
    take(report, "report.png")
    survival = report.locator("#pfs")
    picture = survival.locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    survival.evaluate("section => section.scrollIntoView({ behavior: 'instant' })")
    expect(report.locator(".side-list [aria-current]")).to_have_text("Progression-free survival")

    manager = served.person("datamanager")
    manager.get_by_role("link", name="IT001-0001", exact=True).click()
    manager.locator(".form-name").get_by_text("Baseline").click()
    expect(manager.get_by_label("Hemoglobin", exact=False).first).to_be_visible()
    take(manager, "form.png")


@pytest.mark.parametrize("name", ["report.png", "form.png"])
def test_pictures_are_there_and_light(name: str) -> None:
    picture = (FOLDER / name).read_bytes()
    assert int.from_bytes(picture[16:20]) == DESKTOP[0]
    assert len(picture) < LARGEST
