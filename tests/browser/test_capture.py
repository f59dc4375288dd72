"""Typing in a real browser: keys, branching, missing reasons, errors, conflict; axe at both widths."""

import json
import random

import pytest
from playwright.sync_api import expect

from registry.actions import record
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.conditions import NO_PREDICATES, parse_condition
from registry.forms.branching import as_json
from registry.models import CASE_ROWS, State
from registry.terminology.roles import Role
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def opened(page, live_server, log_in, center):
    """Open an address of the live server as a data manager of the center."""
    log_in(factories.user(Role.DATA_MANAGER, at=center))

    def go(path: str):
        page.goto(f"{live_server.url}{path}")
        return page

    return go


def stored(case, form, seq=1):
    return CASE_ROWS[form].objects.filter(case=case, seq=seq).scoped().first()


def field(page, name):
    return page.locator(f'[data-field="{name}"]')


def focused(page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")


def test_tab_goes_from_answer_to_answer(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#baseline_lab_date").focus()
    order = []
    for _ in range(8):
        order.append(focused(page))
        page.keyboard.press("Tab")
    # Every value with its unit, and no stop at the missing reasons.
    assert order == [
        "baseline_lab_date",
        "ecog",
        "weight_kg",
        "weight_kg.unit",
        "height_cm",
        "height_cm.unit",
        "hb",
        "hb.unit",
    ]


def test_typing_with_the_keyboard_alone(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/demographics/")
    assert focused(page) == "birth_date"
    page.keyboard.type("06/1954")
    page.keyboard.press("Enter")
    assert focused(page) == "sex"
    page.keyboard.press("f")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/cases/{case.pk}/diagnosis/")
    row = stored(case, "demographics")
    assert (row.birth_date, row.sex, row.state) == ("1954-06", "F", State.COMPLETE)


def test_a_decimal_comma_and_another_unit_are_kept_as_typed(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#weight_kg").fill("64,5")
    page.locator("#hb").fill("111")
    page.get_by_label("Unit of Hemoglobin").select_option("g/L")
    page.locator("#hb").press("Control+s")
    page.wait_for_selector("text=saved as a draft")
    row = stored(case, "baseline")
    assert (row.weight_kg_entered, row.hb_entered, row.hb_unit, float(row.hb)) == ("64.5", "111", "g/L", 11.1)
    assert page.locator("#hb").input_value() == "111"
    assert page.get_by_label("Unit of Hemoglobin").input_value() == "g/L"


def test_an_error_keeps_the_text_and_the_summary_leads_to_it(opened, center, accessible) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#hb").fill("eleven")
    page.locator("#ldh").fill("260")
    page.keyboard.press("Control+s")
    summary = page.locator(".error-summary")
    summary.wait_for()
    assert summary.evaluate("node => node === document.activeElement")
    summary.get_by_role("link", name="Hemoglobin").click()
    assert focused(page) == "hb"
    assert page.locator("#hb").input_value() == "eleven"
    assert page.locator("#hb").get_attribute("aria-invalid") == "true"
    assert page.locator("#ldh").input_value() == "260"
    accessible()


def test_branching_hides_names_what_is_lost_and_clears_it(opened, center) -> None:
    case = factories.empty_case(center)
    entries = {"line_no": 1, "line_transplant": "AUTO1", "line_transplant_date": "2018-10-01"}
    factories.row(case, "prior_line", entries)
    page = opened(f"/cases/{case.pk}/prior_line/1/")
    date = field(page, "line_transplant_date")
    assert date.is_visible()
    assert not field(page, "line_progression_date").is_visible()
    page.locator("#line_transplant").select_option("NONE")
    assert not date.is_visible()
    assert "Date of (first) transplant" in page.locator(".will-clear").inner_text()
    page.locator("#line_transplant").select_option("AUTO2")
    assert page.locator("#line_transplant_date").input_value() == "01/10/2018"
    assert not page.locator(".will-clear").is_visible()
    page.locator("#line_transplant").select_option("NONE")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=Cleared, because the question does not apply")
    assert stored(case, "prior_line").line_transplant_date is None


def test_the_corrected_calcium_opens_its_question(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/response/new/")
    asked = field(page, "resp_hypercalc_mm")
    assert not field(page, "resp_albumin").is_visible()
    page.locator("#resp_calcium").fill("10,4")
    assert not asked.is_visible()
    page.locator("#resp_albumin").fill("2,5")
    assert asked.is_visible()
    page.get_by_label("Unit of Albumin").last.select_option("g/L")
    page.locator("#resp_albumin").fill("40")
    assert not asked.is_visible()
    page.locator("#resp_calcium").fill("2.8")
    field(page, "resp_calcium").get_by_label("Unit of").select_option("mmol/L")
    assert asked.is_visible()


def test_a_missing_reason_is_one_key(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#hb").fill("10")
    page.locator("#hb").press("?")
    assert page.locator("#hb").input_value() == ""
    assert field(page, "hb").locator(".missing-select").input_value() == "NK"
    page.locator("#hb").press("?")
    assert field(page, "hb").locator(".missing-select").input_value() == "ND"
    page.locator("#hb").press("?")
    assert page.locator("#hb").input_value() == "10"
    page.locator("#weight_kg").press("?")
    page.locator("#dialysis").focus()
    page.locator("#dialysis").press("?")
    page.locator("#ecog").focus()
    page.locator("#ecog").press("?")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=saved as a draft")
    row = stored(case, "baseline")
    assert (row.hb_entered, row.weight_kg_missing, row.dialysis_missing, row.ecog_missing) == (
        "10",
        "NK",
        "NK",
        "NK",
    )


def test_a_choice_can_be_taken_back(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/baseline/")
    yes = field(page, "dialysis").get_by_label("Yes")
    yes.check()
    yes.click()
    assert not yes.is_checked()
    yes.check()
    yes.press("Delete")
    assert not yes.is_checked()
    reason = field(page, "comorbidities").get_by_label("Not known")
    field(page, "comorbidities").get_by_label("Dementia").check()
    reason.check()
    assert not field(page, "comorbidities").get_by_label("Dementia").is_checked()


def test_a_suggestion_is_taken_with_the_arrow(opened, center) -> None:
    case = factories.case(center)
    page = opened(f"/cases/{case.pk}/prior_line_drug/new/")
    page.locator("#line_no_ref").fill("2")
    assert page.locator("#drug_start").get_attribute("placeholder") == "05/03/2020"
    page.locator("#line_no_ref").fill("3")
    page.locator("#drug_start").press("ArrowDown")
    assert page.locator("#drug_start").input_value() == "20/07/2021"
    assert page.locator("#drug_last_dose").input_value() == ""


def test_who_is_not_eligible_is_told_while_typing(opened, center) -> None:
    page = opened("/cases/new/")
    note = page.get_by_text("Not eligible: multiple myeloma is not confirmed")
    assert not note.is_visible()
    field(page, "elig_mm_confirmed").get_by_label("No", exact=True).check()
    assert note.is_visible()


def test_two_clicks_make_one_row(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/prior_line/new/")
    page.locator("#line_no").fill("1")
    page.get_by_role("button", name="Save draft").dblclick()
    page.wait_for_url("**/prior_line/1/")
    assert CASE_ROWS["prior_line"].objects.filter(case=case).scoped().count() == 1


def test_a_conflict_is_settled_field_by_field(opened, center, accessible) -> None:
    case = factories.empty_case(center)
    factories.row(case, "baseline", {"hb": "10.4", "ecog": "1"})
    page = opened(f"/cases/{case.pk}/baseline/")
    record.save(factories.SYSTEM, case, "baseline", {"hb": "9.9", "ecog": "2"}, seq=1, version=1)
    page.locator("#hb").fill("11,1")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=two versions")
    accessible()
    # Both changed it, so the page does not choose.
    page.get_by_role("button", name="Save these answers").click()
    assert "two versions" in page.locator("h1").inner_text()
    page.get_by_label("Mine: 11.1 g/dL").check()
    page.get_by_role("button", name="Save these answers").click()
    page.wait_for_selector("text=saved as a draft")
    row = stored(case, "baseline")
    assert (row.hb_entered, row.ecog, row.version) == ("11.1", "2", 3)


def test_the_history_of_a_field_opens_over_the_form(opened, center) -> None:
    case = factories.case(center)
    page = opened(f"/cases/{case.pk}/baseline/")
    page.locator("#ldh").fill("261")
    page.get_by_role("link", name="History of Hemoglobin").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("10.4 g/dL").wait_for()
    dialog.get_by_role("button", name="Close").click()
    assert page.locator("#ldh").input_value() == "261"


def test_the_list_by_keyboard(opened, center) -> None:
    for _ in range(3):
        factories.empty_case(center)
    page = opened("/cases/")
    page.keyboard.press("/")
    assert focused(page) == "search"
    page.keyboard.type("0002")
    expect(page.locator("#cases tbody tr")).to_have_count(1)
    assert "0002" not in page.url
    page.keyboard.press("ArrowDown")
    assert focused(page).endswith("-0002")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('-0002')")


def test_without_a_script_everything_is_asked_and_saved(browser, live_server, center) -> None:
    case = factories.empty_case(center)
    user = factories.user(Role.DATA_MANAGER, at=center)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{live_server.url}/cases/{case.pk}/fish/new/")
    assert field(page, "fish_t4_14").is_visible()
    field(page, "fish_done").get_by_label("Yes").check()
    field(page, "fish_t4_14").get_by_label("Positive").check()
    page.get_by_role("button", name="Save draft").click()
    context.close()
    assert (stored(case, "fish").fish_done, stored(case, "fish").fish_t4_14) == ("Y", "POS")


def test_browser_and_server_agree_on_every_condition(opened, center) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/fish/new/")
    chance = random.Random(1)
    trials, expected = [], []
    for form in CASE_FORMS.values():
        for variable in form:
            for text in {variable.shown or "always", variable.required}:
                condition = parse_condition(text)
                for _ in range(6):
                    answers = {name: _some_codes(name, chance) for name in condition.variables()}
                    trials.append([as_json(condition), answers])
                    expected.append(
                        condition.holds(lambda name, answers=answers: tuple(answers[name]), NO_PREDICATES)
                    )
    found = page.evaluate(
        """trials => trials.map(([condition, answers]) =>
             window.registryBranching.holds(condition, name => answers[name] || [], () => null))""",
        json.loads(json.dumps(trials)),
    )
    assert found == expected
    assert {True, False} == set(expected)


def _some_codes(name: str, chance: random.Random) -> list[str]:
    codes = next(v.codes for form in CASE_FORMS.values() for v in form if v.name == name)
    return chance.sample(codes or ("1",), chance.randint(0, 1))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible_and_fits(opened, page, center, accessible, size) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    case, begun = factories.case(center), factories.empty_case(center)
    paths = [
        "/cases/",
        "/cases/new/",
        f"/cases/{case.pk}/",
        f"/cases/{begun.pk}/",
        f"/cases/{case.pk}/history/",
        f"/cases/{case.pk}/history/?form=baseline&seq=1&field=hb",
        *(f"/cases/{case.pk}/{name}/" for name in CASE_FORMS),
        *(f"/cases/{case.pk}/{name}/new/" for name, form in CASE_FORMS.items() if form.repeating),
    ]
    for path in paths:
        opened(path)
        accessible()
