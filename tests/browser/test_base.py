"""The frame, the login, people, audit, codebook and error pages in a real browser, wide and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from registry.actions import people
from registry.models import Event, User
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(transactional_db) -> User:
    return factories.user(Role.ADMINISTRATOR, Role.AUDITOR, name="Ada Admin")


def at(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(
    page: Page, live_server, log_in, accessible, administrator, size, scheme
) -> None:
    at(page, size)
    page.emulate_media(color_scheme=scheme)
    center = factories.center(center_name="Azienda Ospedaliero-Universitaria Policlinico")
    person = factories.user(
        Role.DATA_MANAGER, Role.INVESTIGATOR, at=center, email="a.very.long.address@hospital.example.test"
    )
    factories.case(center)
    for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/inactive/"):
        page.goto(live_server.url + path)
        accessible()
    log_in(administrator)
    accessible()
    for path in (
        "/people/",
        "/people/?q=nobody",
        "/people/invite/",
        f"/people/{person.pk}/",
        f"/people/{administrator.pk}/",
        "/audit/",
        "/audit/10/",
        "/codebook/",
        "/codebook/?q=zzz",
        "/accounts/password/change/",
        "/accounts/two-factor/",
        "/reports/",
        "/nowhere/",
    ):
        page.goto(live_server.url + path)
        accessible()


def test_everything_a_finger_touches_is_large_enough(page: Page, live_server, log_in, administrator) -> None:
    at(page, PHONE)
    log_in(administrator)
    too_small = """() => [...document.querySelectorAll("a, button, input, select, summary")]
        .filter((e) => e.checkVisibility() && !e.closest(".skip-link, dialog, p, li, label"))
        .map((e) => ({ text: e.outerHTML.slice(0, 120), box: e.getBoundingClientRect() }))
        .filter(({ box }) => box.height < 43.5 && box.height > 0).map(({ text }) => text)"""
    for path in ("/people/", "/people/invite/", f"/people/{administrator.pk}/", "/audit/", "/codebook/"):
        page.goto(live_server.url + path)
        assert page.evaluate(too_small) == [], path


def test_keyboard_reaches_content_navigation_and_logout(
    page: Page, live_server, log_in, administrator
) -> None:
    log_in(administrator)
    page.goto(live_server.url + "/codebook/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    menu = page.get_by_role("button", name="Account of Ada Admin")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    menu.press("Enter")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(live_server.url + "/accounts/login/")
    page.goto(live_server.url + "/codebook/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_menu_folds_on_a_phone(page: Page, live_server, log_in, administrator) -> None:
    at(page, PHONE)
    log_in(administrator)
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    link.click()
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()


def test_a_person_is_invited_and_gives_up_a_role(page: Page, live_server, log_in, administrator) -> None:
    factories.center(center_code="IT042", center_name="Ospedale Civile")
    log_in(administrator)
    page.goto(live_server.url + "/people/")
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("Email").fill("nora@example.test")
    page.get_by_label("Name").fill("Nora Nuova")
    expect(page.get_by_label("Center")).to_be_hidden()
    page.get_by_label("Auditor").check()
    expect(page.get_by_label("Center")).to_be_hidden()
    page.get_by_label("Data manager").check()
    page.get_by_label("Center").select_option(label="IT042, Ospedale Civile")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Nora Nuova")).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("was sent to nora@example.test")

    page.get_by_role("button", name="End the role Auditor").click()
    dialog = page.get_by_role("dialog", name="End the role Auditor?")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="End the role Auditor").click()
    dialog.get_by_label("Reason").fill("one role is enough")
    dialog.get_by_role("button", name="End the role").click()
    expect(page.get_by_role("button", name="End the role Auditor")).to_have_count(0)
    history = page.get_by_role("table").last
    expect(history).to_contain_text("Role ended: Auditor")
    expect(history).to_contain_text("one role is enough")


def test_the_reason_for_a_refused_button_can_be_read(page: Page, live_server, log_in, administrator) -> None:
    log_in(administrator)
    page.goto(f"{live_server.url}/people/{administrator.pk}/")
    button = page.get_by_role("button", name="Switch off")
    expect(button).to_have_attribute("aria-disabled", "true")
    tooltip = page.locator("#switch-why")
    expect(tooltip).to_be_hidden()
    button.focus()
    expect(tooltip).to_be_visible()
    expect(tooltip).to_have_text("You may not change your own account or roles.")
    button.click(force=True)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_codebook_searches_as_one_types(page: Page, live_server, log_in, administrator) -> None:
    log_in(administrator)
    page.goto(live_server.url + "/codebook/")
    expect(page.get_by_text("179 variables")).to_be_visible()
    field = page.get_by_label("Search in names")
    field.press_sequentially("hemoglobin")
    expect(page.get_by_text("1 variable", exact=True)).to_be_visible()
    expect(field).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=hemoglobin&form=$"))
    page.get_by_label("Core variables only").check()
    expect(page).to_have_url(re.compile(r"core=yes"))
    field.fill("")
    expect(page.get_by_text("72 variables")).to_be_visible()


def test_a_form_survives_the_end_of_its_session(page: Page, live_server, log_in, administrator) -> None:
    """The session ends while somebody types; they log in again in another tab and send what they typed."""
    page.clock.install()
    log_in(administrator)
    page.goto(live_server.url + "/people/invite/")
    page.get_by_label("Email").fill("nora@example.test")
    page.get_by_label("Name").fill("Nora Nuova")
    page.get_by_label("Auditor").check()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.clock.fast_forward("20:00")
    page.get_by_role("button", name="Open the account").click()
    message = page.locator("#messages")
    expect(message).to_contain_text("Your session has ended. What you typed is still here")
    expect(page.get_by_label("Name")).to_have_value("Nora Nuova")
    assert not User.objects.filter(email="nora@example.test").exists()
    assert any(cookie["name"] == "sessionid" for cookie in cookies)

    with page.context.expect_page() as opened:
        message.get_by_role("link", name="Log in in a new tab").click()
    other = opened.value
    other.get_by_label("Email").fill(administrator.email)
    other.get_by_label("Password").fill(factories.PASSWORD)
    other.get_by_role("button", name="Log in").click()
    other.wait_for_url(live_server.url + "/")
    other.close()

    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(message).to_be_empty()
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Nora Nuova")).to_be_visible()
    assert User.objects.filter(email="nora@example.test").exists()


def test_a_server_that_is_gone_is_said_and_nothing_is_lost(
    page: Page, live_server, log_in, administrator
) -> None:
    log_in(administrator)
    page.goto(live_server.url + "/codebook/")
    page.route("**/codebook/?**", lambda route: route.abort())
    page.get_by_label("Search in names").fill("hemo")
    expect(page.locator("#messages")).to_contain_text("The server cannot be reached")
    expect(page.get_by_label("Search in names")).to_have_value("hemo")
    page.unroute("**/codebook/?**")
    page.route("**/codebook/?**", lambda route: route.fulfill(status=500, body="<html>trace</html>"))
    page.get_by_label("Search in names").fill("hemog")
    expect(page.locator("#messages")).to_contain_text("could not finish")
    expect(page.get_by_text("trace")).to_have_count(0)
    page.unroute("**/codebook/?**")
    page.get_by_label("Search in names").fill("hemoglobin")
    expect(page.get_by_text("1 variable", exact=True)).to_be_visible()
    expect(page.locator("#messages")).to_be_empty()


def test_a_lost_role_is_said_inside_the_page(page: Page, live_server, log_in, administrator) -> None:
    """An htmx request that is refused puts the reason where the page shows its messages."""
    log_in(administrator)
    page.goto(live_server.url + "/audit/")
    page.evaluate(
        """() => { document.querySelector("form.filters").setAttribute("hx-get", "/audit/");
                   htmx.process(document.querySelector("form.filters")); }"""
    )
    people.revoke(factories.SYSTEM, administrator.memberships.get(role="AUDITOR"), reason="left")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#messages")).to_contain_text("You may not see the audit trail.")
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()


def test_two_factor_login_from_set_up_to_code(
    page: Page, live_server, log_in, accessible, administrator
) -> None:
    log_in(administrator)
    page.goto(live_server.url + "/accounts/two-factor/")
    page.get_by_role("link", name="Set up the app").click()
    accessible()
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    accessible()
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    accessible()
    spare = page.locator(".codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    accessible()
    page.context.clear_cookies()
    page.goto(live_server.url + "/accounts/login/")
    page.get_by_label("Email").fill(administrator.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    accessible()
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(live_server.url + "/")
    assert Event.objects.filter(action="MFA").exists()


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
