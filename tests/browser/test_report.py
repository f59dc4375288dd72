"""The report in a browser: read off the page, swapped in while somebody reads, for every reader."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from analytics.reports.recompute import recompute
from analytics.reports.snapshot import newest
from registry.actions import record as record_actions
from registry.models import Case, User
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "snapshot"]),
]
DARA = "dara_refractory"


@pytest.fixture
def case() -> Case:
    center = factories.center()
    for weight in ("58", "71", "80"):
        factories.case(center, baseline=factories.FIXTURE["baseline"] | {"weight_kg": weight})
    return factories.case(center)


@pytest.fixture
def reader(case: Case, log_in: Callable[[User], None]) -> User:
    person = factories.user(Role.COORDINATOR)
    log_in(person)
    return person


def die_later(case: Case) -> None:
    row = case.followup_rows.get()
    entries = {"contact_date": "2023-06-01", "death_date": "2023-06-01"}
    record_actions.save(
        factories.SYSTEM, case, "follow_up", entries, seq=1, version=row.version, reason="Wrong month"
    )


def open_report(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/reports/{DARA}/")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_it_is_accessible_and_fits(
    size: tuple[int, int], page: Page, live_server: Any, reader: User, accessible: Callable[[], None]
) -> None:
    recompute()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/reports/", f"/reports/{DARA}/"):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        accessible()


def test_numbers_can_be_read_off_the_page(page: Page, live_server: Any, reader: User) -> None:
    recompute()
    open_report(page, live_server)
    expect(page.locator(".headlines")).to_contain_text("Median PFS")
    flow = page.locator("#flow")
    expect(flow.locator(".flow-box").first).to_contain_text("4")
    table = page.locator("#table-pfs-pfs")
    expect(table.get_by_role("row", name=re.compile("^Patients"))).to_contain_text("4")
    expect(table.get_by_role("row", name=re.compile("^Median"))).to_have_count(2)
    image = page.get_by_role("img", name=re.compile("^Kaplan–Meier curve of OS"))
    assert "N = 4, events 4" in image.get_attribute("alt")
    image.scroll_into_view_if_needed()
    assert image.evaluate("picture => picture.complete && picture.naturalWidth > 0")


def test_the_first_report_appears_by_itself(page: Page, live_server: Any, reader: User) -> None:
    open_report(page, live_server)
    expect(page.get_by_role("heading", name="The first computation is under way")).to_be_visible()
    recompute()
    expect(page.locator("#pfs")).to_be_attached(timeout=20_000)
    expect(page.locator("#freshness")).to_contain_text(f"as of change {newest(DARA).data_version}")


def test_a_newer_report_comes_in_without_a_reload_and_without_moving_what_is_read(
    page: Page, live_server: Any, reader: User, case: Case
) -> None:
    recompute()
    open_report(page, live_server)
    page.evaluate("window.sameDocument = true")
    page.wait_for_load_state("networkidle")
    before = page.locator("#table-os-os").inner_text()
    page.locator("#table-os-os").evaluate(
        "e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 200)"
    )
    place = page.locator("#table-os-os").bounding_box()["y"]

    die_later(case)
    expect(page.locator("#freshness")).to_contain_text("1 change waiting", timeout=20_000)
    recompute()
    expect(page.locator("#freshness")).to_contain_text(
        f"as of change {newest(DARA).data_version}", timeout=20_000
    )
    expect(page.locator("#table-os-os")).not_to_have_text(before, timeout=20_000)
    expect(page.locator("#os")).to_contain_text(f"Data version {newest(DARA).data_version}.")
    assert page.evaluate("window.sameDocument")
    assert abs(page.locator("#table-os-os").bounding_box()["y"] - place) <= 2


def test_the_list_at_the_side_shows_where_one_is(page: Page, live_server: Any, reader: User) -> None:
    recompute()
    open_report(page, live_server)
    link = page.get_by_role("navigation", name="Sections of the report").get_by_role(
        "link", name="Overall survival"
    )
    link.click()
    expect(link).to_have_attribute("aria-current", "true")
    heading = page.get_by_role("heading", name="Overall survival", exact=True)
    expect(heading).to_be_in_viewport()


def test_in_the_dark_the_figures_are_dark(page: Page, live_server: Any, reader: User) -> None:
    recompute()
    page.emulate_media(color_scheme="dark")
    open_report(page, live_server)
    image = page.get_by_role("img", name=re.compile("^Kaplan–Meier curve of PFS"))
    assert "theme=dark" in image.evaluate("picture => picture.currentSrc")


def test_a_phone_gets_the_figures_of_a_phone(page: Page, live_server: Any, reader: User) -> None:
    recompute()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    open_report(page, live_server)
    image = page.get_by_role("img", name=re.compile("^Kaplan–Meier curve of PFS"))
    drawn = newest(DARA).drawings["pfs-km_pfs"]["narrow"]
    assert drawn["digest"] in image.evaluate("picture => picture.currentSrc")
    assert image.bounding_box()["width"] <= PHONE[0]
