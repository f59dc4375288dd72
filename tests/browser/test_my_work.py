"""My work, my data, own references and forms for paper in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from registry.actions import own_reference
from registry.models import Case, User
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(transactional_db) -> User:
    center = factories.center(center_code="IT014")
    return factories.user(Role.DATA_MANAGER, at=center, name="Dana Manager")


@pytest.fixture
def cases(manager: User) -> list[Case]:
    center = manager.memberships.get().center
    query = factories.warning(center)
    alive = [{"contact_date": "2023-04-01", "vital_status": "ALIVE"}]
    stale = factories.case_actions.enter(
        factories.SYSTEM, center, factories.record(follow_up=alive), complete=True, confirm="checked"
    )
    own_reference.assign(factories.SYSTEM, stale, "chart 17")
    return [query.case, stale, factories.empty_case(center)]


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")])
def test_pages_are_accessible(
    page: Page, live_server, log_in, accessible, manager, cases, size, scheme
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    log_in(manager)
    expect(page).to_have_url(f"{live_server.url}/my-work/")
    accessible()
    page.goto(f"{live_server.url}/cases/{cases[1].pk}/")
    page.locator("details.own-reference summary").click()
    accessible()
    for path in ("/my-data/", f"/cases/{cases[0].pk}/baseline/print/", "/codebook/response/print/"):
        page.goto(live_server.url + path)
        accessible()


def test_the_grid_by_keyboard_and_a_reference_by_hand(
    page: Page, live_server, log_in, manager, cases
) -> None:
    log_in(manager)
    page.locator(".grid tbody th a").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    focused = page.locator("a:focus")
    expect(focused).to_have_attribute("aria-label", "Demographics, IT014-0002: complete")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # Not begun at the third patient: the link opens the form itself.
    expect(page).to_have_url(f"{live_server.url}/cases/{cases[2].pk}/demographics/")
    page.goto(f"{live_server.url}/cases/{cases[2].pk}/")
    page.get_by_text("Add your own reference").click()
    page.get_by_label("Your own reference").fill("chart 17")
    page.get_by_role("button", name="Save reference").click()
    expect(page.get_by_text("Another patient of your center has this reference.")).to_be_visible()
    page.get_by_label("Your own reference").fill("chart 18")
    page.get_by_role("button", name="Save reference").click()
    expect(page.locator("details.own-reference summary")).to_contain_text("chart 18")
    assert "chart" not in page.url


@pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
def test_a_download_arrives_and_a_sheet_is_printed_without_its_buttons(
    page: Page, live_server, log_in, manager, cases
) -> None:
    log_in(manager)
    page.goto(f"{live_server.url}/my-data/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.startswith("IT014-")
    page.goto(f"{live_server.url}/cases/{cases[0].pk}/response/print/")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    # Five assessments, each on a page of its own.
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") >= 5
