"""A form while it is typed: units, what follows, remarks and their reasons, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from registry.models import CASE_ROWS, DataQuery, QueryState, State
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def case(center):
    return factories.case(center)


@pytest.fixture
def person(center):
    return factories.user(Role.DATA_MANAGER, at=center)


@pytest.fixture
def opened(page, live_server, log_in, person):
    """Open an address of the live server as a data manager of the center."""
    log_in(person)

    def go(path: str):
        page.goto(f"{live_server.url}{path}")
        return page

    return go


def stored(case, form, seq=1):
    return CASE_ROWS[form].objects.filter(case=case, seq=seq).scoped().first()


def field(page, name):
    return page.locator(f'[data-field="{name}"]')


def kept(page) -> list[str]:
    """Names of what the tab keeps of somebody's typing."""
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))")


def derived(page, name):
    return page.locator(f'.live [data-derived="{name}"]')


def test_what_is_typed_is_converted_checked_and_derived_at_once(opened, case, accessible) -> None:
    page = opened(f"/cases/{case.pk}/baseline/")
    hemoglobin = field(page, "hb")
    page.locator("#hb").fill("111")
    # At once, before the server is asked.
    expect(hemoglobin.locator(".remark")).to_contain_text("25 g/dL")
    hemoglobin.get_by_role("button", name="The unit is g/L").first.click()
    expect(hemoglobin.locator(".conversion")).to_have_text("111 g/L = 11.1 g/dL")
    expect(hemoglobin.locator(".remark")).to_have_count(0)
    page.locator("#weight_kg").fill("140,5")
    page.get_by_label("Unit of Body weight").select_option("[lb_av]")
    expect(field(page, "weight_kg").locator(".conversion")).to_have_text("140,5 lb ≈ 63,73 kg")
    page.locator("#b2m").fill("6.1")
    expect(derived(page, "iss")).to_have_text("before: II → III")
    page.locator("#b2m").fill("")
    expect(derived(page, "iss")).to_contain_text("Not evaluable ·")
    page.locator("#b2m").fill("4.2")
    expect(derived(page, "iss")).to_have_text("II")
    page.locator("#baseline_lab_date").fill("31022022")
    page.locator("#ecog").focus()
    expect(field(page, "baseline_lab_date").locator(".remark")).to_contain_text(
        "is not a day of the calendar"
    )
    accessible()
    # Nothing of it is stored.
    assert stored(case, "baseline").hb_entered == "10.4"


def test_an_overtaken_answer_is_not_shown(opened, case) -> None:
    page = opened(f"/cases/{case.pk}/baseline/")
    held = []
    page.route("**/preview/", lambda route: route.fallback() if held else held.append(route))
    page.locator("#b2m").fill("6.1")
    page.wait_for_timeout(400)
    page.locator("#b2m").fill("1.5")
    expect(derived(page, "iss")).to_have_text("before: II → I")
    assert len(held) == 1
    page.wait_for_timeout(200)
    expect(derived(page, "iss")).to_have_text("before: II → I")


def test_every_question_with_few_answers_takes_one_key(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/fish/new/")
    page.locator("#fish_done").focus()
    page.keyboard.press("y")
    # The answer opened further questions; the next one is waiting.
    assert page.evaluate("document.activeElement.name") == "fish_date"
    page.keyboard.type("022022")
    page.locator("#fish_t4_14").focus()
    page.keyboard.type("np4")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/fish/1/")
    row = stored(case, "fish")
    assert (row.fish_done, row.fish_date, row.fish_t4_14, row.fish_t14_16, row.fish_del17p) == (
        "Y",
        "2022-02",
        "NEG",
        "POS",
        "ND",
    )


def test_a_warning_is_confirmed_where_it_stands_in_one_go(opened, case, person, accessible) -> None:
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#hb").fill("5.5")
    reason = field(page, "hb").get_by_label("Correct, because")
    reason.fill("Checked against the source")
    # Another answer of the server leaves the reason where it is.
    page.locator("#platelets").fill("181")
    expect(derived(page, "iss")).to_be_visible()
    page.wait_for_timeout(400)
    expect(reason).to_have_value("Checked against the source")
    page.locator("#reason").fill("second reading")
    accessible()
    page.locator("#reason").press("Control+s")
    page.wait_for_selector("text=saved and complete")
    (query,) = DataQuery.objects.filter(case=case, variable="hb").scoped()
    assert (query.state, query.reason) == (QueryState.CONFIRMED, "Checked against the source")
    expect(field(page, "hb").locator(".remark")).to_contain_text(f"Confirmed by {person.name}")


def test_a_warning_without_a_reason_is_asked_for_and_what_was_typed_stays(opened, case, accessible) -> None:
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#hb").fill("5,5")
    page.locator("#reason").fill("second reading")
    page.locator("#reason").press("Control+Enter")
    summary = page.locator(".error-summary")
    summary.get_by_role("link", name="Hemoglobin").click()
    assert page.evaluate("document.activeElement.name") == "confirm.limit.hb"
    assert page.locator("#hb").input_value() == "5,5"
    accessible()
    page.keyboard.type("Confirmed by the laboratory")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=saved and complete")
    assert stored(case, "baseline").hb_entered == "5.5"


def test_leaving_with_unsaved_changes_warns_and_only_then(opened, case) -> None:
    page = opened(f"/cases/{case.pk}/baseline/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Cases").first.click()
    page.wait_for_url("**/cases/")
    assert asked == []
    page.go_back()
    page.locator("#ldh").press("End")
    page.keyboard.type("1")
    page.get_by_role("link", name="Cases").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.locator("#ldh").input_value() == "2601"


def test_a_lost_connection_loses_nothing(opened, center, accessible) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/demographics/")
    page.keyboard.type("061954")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    page.keyboard.press("f")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".no-connection")).to_contain_text("it is sent when the connection is back")
    accessible()
    page.context.set_offline(False)
    page.wait_for_url("**/diagnosis/")
    row = stored(case, "demographics")
    assert (row.birth_date, row.sex, row.state) == ("1954-06", "F", State.COMPLETE)
    assert kept(page) == []


def test_what_was_typed_is_offered_again_after_a_reload(
    opened, page, case, person, log_in, live_server
) -> None:
    opened(f"/cases/{case.pk}/baseline/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#ldh").fill("301")
    field(page, "dialysis").get_by_label("Yes").check()
    page.locator("#hb").press("?")
    page.wait_for_timeout(300)
    page.reload()
    assert page.locator("#ldh").input_value() == "260"
    page.get_by_role("button", name="Put it back").click()
    assert page.locator("#ldh").input_value() == "301"
    assert field(page, "dialysis").get_by_label("Yes").is_checked()
    assert field(page, "hb").locator(".missing-select").input_value() == "NK"
    # Of somebody else at the same browser it is no business.
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login/**")
    assert kept(page) == []


def test_a_session_that_ends_while_typing_costs_nothing(opened, page, case, log_in, person) -> None:
    address = opened(f"/cases/{case.pk}/baseline/").url
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.clear_cookies()
    page.locator("#ldh").fill("301")
    expect(page.locator("#messages")).to_contain_text("Your session has ended")
    page.wait_for_timeout(300)
    log_in(person)
    page.goto(address)
    page.get_by_role("button", name="Put it back").click()
    assert page.locator("#ldh").input_value() == "301"
    page.locator("#reason").fill("second reading")
    page.locator("#reason").press("Control+s")
    page.wait_for_selector("text=saved and complete")
    assert stored(case, "baseline").ldh_entered == "301"
    assert kept(page) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_form_full_of_remarks_is_accessible(opened, page, case, accessible, size) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(f"/cases/{case.pk}/response/4/")
    page.locator("#resp_serum_m").fill("0,2")
    page.locator("#resp_date").fill("01/01/2030")
    page.locator("#resp_serum_m").focus()
    expect(field(page, "resp_date").locator(".remark").first).to_contain_text("in the future")
    accessible()
