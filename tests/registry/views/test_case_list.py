"""The case list: whose cases, searched without a trace, filtered, sorted, paged, in few queries."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions import record
from registry.models import Case
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center(center_code="IT014")


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


def codes(response) -> list[str]:
    return [case.patient_code for case in response.context["page"]]


def test_my_centers_cases_and_nobody_elses(client, person, center) -> None:
    factories.empty_case(factories.center())
    mine = factories.empty_case(center)
    response = client.get("/cases/")
    assert codes(response) == [mine.patient_code]
    assert "1–1 of 1" in response.content.decode()


def test_a_line_says_how_far_the_case_is(client, person, center) -> None:
    factories.case(center)
    page = " ".join(client.get("/cases/").content.decode().split())
    for text in ("IT014-0001", "10/03/2022", "13<span", "100 %", "tests"):
        assert text in page


def test_the_search_is_posted_and_leaves_no_code_behind(client, person, center, caplog) -> None:
    for _ in range(3):
        factories.empty_case(center)
    with caplog.at_level(logging.DEBUG):
        response = client.post("/cases/", {"search": "0002"}, headers={"HX-Request": "true"})
    assert codes(response) == ["IT014-0002"]
    assert response["HX-Replace-Url"] == "/cases/"
    assert "0002" not in caplog.text
    assert "0002" not in response["HX-Replace-Url"]
    # The address is not a way to search.
    assert client.get("/cases/", {"search": "0002"}).url == "/cases/"
    # Sorting and paging of a search are posted as well.
    page = response.content.decode()
    assert "order=" not in page
    assert 'form="case-search" name="order"' in page


@pytest.mark.parametrize("search", ["%", "_", "'", "\x00", "it014-0002 ", "zzz"])
def test_what_is_searched_is_text(client, person, center, search) -> None:
    for _ in range(3):
        factories.empty_case(center)
    response = client.post("/cases/", {"search": search})
    assert response.status_code in (200, 302)
    if response.status_code == 200:
        assert codes(response) == (["IT014-0002"] if "0002" in search else [])


def test_filters_without_a_code_are_in_the_address(client, person, center) -> None:
    factories.case(center)
    draft = factories.empty_case(center)
    response = client.post("/cases/", {"state": "draft", "completeness": "gaps", "order": "-changed"})
    assert response.url == "/cases/?state=draft&completeness=gaps&order=-changed"
    assert codes(client.get(response.url)) == [draft.patient_code]
    assert codes(client.get("/cases/?state=done&completeness=full")) == ["IT014-0001"]


def test_what_is_open_is_counted_filtered_and_sorted(client, person, center) -> None:
    factories.empty_case(center)
    asked = factories.empty_case(center)
    factories.row(asked, "baseline", {"hb": "10"})
    factories.question(asked, "baseline", "hb")
    response = client.get("/cases/?queries=open")
    assert codes(response) == [asked.patient_code]
    assert 'data-label="Open queries"><span>1</span>' in response.content.decode()
    assert codes(client.get("/cases/?order=-queries"))[0] == asked.patient_code
    worse = factories.warning(center).case
    later = {"isapd_start_date": "2022-03-20"}
    record.save(factories.SYSTEM, worse, "isapd_treatment", later, seq=1, version=2, reason="tests")
    assert "(errors: " in client.get("/cases/?queries=open").content.decode()


def test_a_filter_by_center_knows_only_mine(client, person, center) -> None:
    foreign, second = factories.center(), factories.center()
    factories.empty_case(foreign)
    factories.empty_case(center)
    there = factories.empty_case(second)
    factories.people.grant(factories.SYSTEM, person, Role.MONITOR, second)
    assert codes(client.get(f"/cases/?center={second.pk}")) == [there.patient_code]
    assert len(codes(client.get(f"/cases/?center={foreign.pk}"))) == 2


@pytest.mark.parametrize("order", ["code", "start", "forms", "core", "queries", "changed"])
def test_every_column_sorts_both_ways(client, person, center, order) -> None:
    factories.empty_case(center)
    factories.case(center)
    factories.case(center, demographics={"sex": "F", "birth_date": "1960"})
    up, down = codes(client.get(f"/cases/?order={order}")), codes(client.get(f"/cases/?order=-{order}"))
    assert sorted(up) == sorted(down) == ["IT014-0001", "IT014-0002", "IT014-0003"]
    if order in ("code", "changed"):
        assert up == list(reversed(down))
    if order in ("forms", "core"):
        assert (up[0], down[-1]) == ("IT014-0001", "IT014-0001")
    if order == "start":
        # Without a date last, whichever way.
        assert (up[-1], down[-1]) == ("IT014-0001", "IT014-0001")


@pytest.mark.parametrize(
    "given", ["order=-nothing", "order=patient_code", "state=x", "center=x", "page=x", "page=99"]
)
def test_what_is_no_filter_counts_as_none(client, person, center, given) -> None:
    factories.empty_case(center)
    assert codes(client.get(f"/cases/?{given}")) == ["IT014-0001"]


def test_fifty_to_a_page_in_a_constant_number_of_queries(client, person, center) -> None:
    factories.empty_case(center)
    client.get("/cases/")  # the first page of a session writes when it began
    with CaptureQueriesContext(connection) as few:
        client.get("/cases/")
    for _ in range(60):
        factories.empty_case(center)
    with CaptureQueriesContext(connection) as many:
        response = client.get("/cases/")
    assert len(codes(response)) == 50
    assert len(many) == len(few)
    assert codes(client.get("/cases/?page=2"))[0] == "IT014-0051"
    assert not any('"values"' in query["sql"] for query in many), "the derived values are not read for a list"


def test_an_empty_list_says_what_to_do(client, person, center) -> None:
    assert "Begin with eligibility and consent" in client.get("/cases/").content.decode()
    factories.empty_case(center)
    assert "No case fits" in client.post("/cases/", {"search": "zzz"}).content.decode()


def test_synthetic_patients_are_labeled(client, person, center) -> None:
    factories.case_actions.enter(factories.SYSTEM, center, {"enrolment": {}}, synthetic=True)
    page = client.get("/cases/").content.decode()
    assert Case.objects.filter(center=center).scoped().get().synthetic
    assert '<span class="tag">synthetic</span>' in page


def test_a_monitor_sees_no_button_to_enroll(client, center) -> None:
    client.force_login(factories.user(Role.MONITOR, at=center))
    assert "New patient" not in client.get("/cases/").content.decode()
    assert client.get("/cases/new/").status_code == 403
    assert client.post("/cases/new/", {"center": str(center.pk)}).status_code == 403
