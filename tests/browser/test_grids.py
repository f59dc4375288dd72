"""Typing less in a real browser: a regimen fills its drugs, cycles fill down, one round for all patients."""

import pytest
from playwright.sync_api import expect

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


def rows(case, form):
    return list(CASE_ROWS[form].objects.filter(case=case).scoped().order_by("seq"))


def focused(page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def look(page, accessible) -> None:
    """Nothing for axe to find, wide and on a phone."""
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        accessible()
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def test_a_regimen_fills_its_drugs_by_keyboard_alone(opened, center, accessible) -> None:
    case = factories.empty_case(center)
    page = opened(f"/cases/{case.pk}/prior_line/new/")
    assert focused(page) == "regimen"
    page.keyboard.type("dara-vmp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="4 drugs proposed.")).to_be_visible()
    page.locator("#line_start").focus()
    page.keyboard.type("10/04/2018")
    page.keyboard.press("Enter")
    page.keyboard.type("10/02/2020")
    # The dates of the drugs follow the line's.
    expect(page.locator("[id='n2.drug_start']")).to_have_value("10/04/2018")
    expect(page.locator("[id='n2.drug_last_dose']")).to_have_value("10/02/2020")
    # Bortezomib stopped long before; its date no longer follows.
    page.locator("[id='n2.drug_last_dose']").fill("15/08/2018")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "n1.drug_last_dose"
    page.locator("#line_stop").fill("15/02/2020")
    expect(page.locator("[id='n2.drug_last_dose']")).to_have_value("15/08/2018")
    expect(page.locator("[id='n1.drug_last_dose']")).to_have_value("15/02/2020")
    look(page, accessible)
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/cases/{case.pk}/prior_line/1/")
    assert [(row.line_no_ref, row.drug) for row in rows(case, "prior_line_drug")] == [
        (1, "DARA"),
        (1, "BOR"),
        (1, "MEL"),
        (1, "PRED"),
    ]
    assert str(rows(case, "prior_line_drug")[1].record()["drug_last_dose"]) == "2018-08-15"
    look(page, accessible)


def test_cycles_fill_down_by_one_key_each(opened, center, accessible) -> None:
    case = factories.case(center)
    page = opened(f"/cases/{case.pk}/isapd_cycle/grid/")
    page.locator("[id='s1.cycle_no']").focus()
    for number in (2, 3):
        page.keyboard.press("Enter")
        expect(page.locator(f"[id='n{number - 1}.cycle_no']")).to_have_value(str(number))
        expect(page.locator(f"[id='n{number - 1}.cycle_no']")).to_be_focused()
    # Arrows go from cell to cell; Ctrl+D repeats what stands above.
    page.keyboard.press("ArrowUp")
    assert focused(page) == "n1.cycle_no"
    page.locator("[id='n1.pom_daily_mg']").focus()
    page.keyboard.type("3")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "n2.pom_daily_mg"
    page.keyboard.press("Control+d")
    expect(page.locator("[id='n2.pom_daily_mg']")).to_have_value("3")
    # A reason is asked where something changed, and only there.
    reason = page.locator("[data-row=n1] [data-cell=cycle_mod_reason]")
    expect(reason.locator("input").first).to_be_disabled()
    change = page.locator("[data-row=n1] [data-cell=cycle_modification]")
    change.locator("summary").press("Enter")
    change.get_by_label("Pomalidomide reduced").press("Space")
    page.keyboard.press("Escape")
    expect(change.locator(".cell-chosen")).to_have_text("Pomalidomide reduced")
    page.get_by_role("button", name="More columns").click()
    reason.locator("summary").press("Enter")
    reason.get_by_label("Neutropenia").press("Space")
    look(page, accessible)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/grid/" not in url)
    saved = rows(case, "isapd_cycle")
    assert [(row.cycle_no, row.pom_daily_mg, row.state) for row in saved] == [
        (1, "4", State.COMPLETE),
        (2, "3", State.COMPLETE),
        (3, "3", State.COMPLETE),
    ]
    assert saved[1].record()["cycle_mod_reason"] == ("NEUTRO",)


def test_a_block_from_a_spreadsheet_is_pasted(opened, center) -> None:
    case = factories.empty_case(center)
    factories.row(case, "isapd_treatment", factories.FIXTURE["isapd_treatment"])
    page = opened(f"/cases/{case.pk}/response/grid/")
    block = "07/04/2022\tPR\t1,9\n05/05/2022\tVery good partial response\t1,3\n02/06/2022\tVGPR\t1,2"
    page.locator("[id='n1.resp_date']").evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const paste = { clipboardData: data, bubbles: true, cancelable: true };
            cell.dispatchEvent(new ClipboardEvent("paste", paste));
        }""",
        block,
    )
    page.keyboard.press("Control+s")
    expect(page.get_by_text("3 rows saved.")).to_be_visible()
    assert [(str(row.resp_date), row.resp_investigator) for row in rows(case, "response")] == [
        ("2022-04-07", "PR"),
        ("2022-05-05", "VGPR"),
        ("2022-06-02", "VGPR"),
    ]


def test_one_round_for_all_patients(opened, center, accessible) -> None:
    living = [{"contact_date": "2023-04-01", "vital_status": "ALIVE"}]
    cases = [factories.case(center, follow_up=living) for _number in range(3)]
    page = opened("/follow-up-round/")
    assert focused(page) == "shared"
    page.keyboard.type("01/06/2024")
    page.get_by_role("button", name="Tick all").click()
    code = cases[2].patient_code
    page.get_by_label(f"{code}: status").select_option("DEAD")
    page.get_by_label(f"{code}: date").fill("soon")
    look(page, accessible)
    page.keyboard.press("Control+s")
    # Two are saved; the third says why not, and keeps what was typed.
    expect(page.get_by_role("heading", name="1 follow-up not saved: see its line")).to_be_visible()
    expect(page.get_by_label(f"{code}: date")).to_have_value("soon")
    assert [len(rows(case, "follow_up")) for case in cases] == [2, 2, 1]
    look(page, accessible)
    page.get_by_label(f"{code}: date").fill("05/2024")
    page.get_by_label(f"{code}: cause of death").select_option("MM")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("1 follow-up saved.")).to_be_visible()
    assert str(rows(cases[2], "follow_up")[1].record()["death_date"]) == "2024-05"
    expect(page.get_by_text(code)).to_have_count(0)
