"""The stock admin and Swagger UI under our content security policy, in a real browser."""

import pytest

from registry.models import Baseline, Case
from registry.selectors import scope
from registry.terminology.roles import Role
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager():
    return factories.user(Role.DATA_MANAGER, at=factories.center())


def test_a_patient_is_enrolled_and_a_form_filled_in_the_admin(page, live_server, log_in, manager):
    center = scope.centers(manager)[0]
    log_in(manager)
    page.goto(f"{live_server.url}/admin/registry/case/add/")
    page.get_by_label("Center", exact=False).select_option(label=str(center))
    page.get_by_label("Data collection mode").select_option("RETRO")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/registry/case/")
    case = scope.cases(manager).get()
    assert isinstance(case, Case)
    page.get_by_role("link", name=case.patient_code).first.click()
    page.get_by_role("link", name="Baseline").last.click()
    page.goto(f"{live_server.url}/admin/registry/baseline/add/?case={case.pk}")
    hemoglobin = page.locator(".field-hb")
    hemoglobin.locator("input").fill("11,1,1")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "Enter a number." in page.locator(".field-hb").inner_text()
    assert page.locator(".field-hb input").input_value() == "11,1,1"
    page.locator(".field-hb input").fill("111")
    page.locator(".field-hb select").first.select_option("g/L")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/registry/baseline/")
    assert str(scope.rows(manager, Baseline).get().hb) == "11.100000"
    assert case.patient_code not in page.url


def test_swagger_ui_reads_a_case(page, live_server, log_in, manager):
    case = factories.case(scope.centers(manager)[0])
    log_in(manager)
    page.goto(f"{live_server.url}/api/docs/")
    operation = page.locator("#operations-cases-cases_read")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_placeholder("case_id").fill(str(case.pk))
    operation.get_by_role("button", name="Execute").click()
    operation.get_by_text("etag").first.wait_for()
    assert case.patient_code in operation.locator(".live-responses-table").inner_text()
