"""A center's own reference: set and found by its staff, seen by nobody else, in no address or data cut."""

import logging
import pickle

import pytest
from django.test import Client

from registry import public
from registry.actions import own_reference as actions
from registry.audit import log
from registry.audit.actor import Actor
from registry.audit.verify import differences
from registry.exceptions import InvalidEntries, NotPermitted
from registry.models import Event, OwnReference
from registry.selectors.own_reference import own_reference
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "QX-canary-4711"


@pytest.fixture
def center():
    return factories.center(center_code="IT014")


@pytest.fixture
def case(center):
    return factories.empty_case(center)


def client_of(*roles: Role, at) -> Client:
    client = Client()
    client.force_login(factories.user(*roles, at=at))
    return client


def address(case) -> str:
    return f"/cases/{case.pk}/own-reference/"


class TestAction:
    def test_again_with_the_same_text_nothing_happens(self, case) -> None:
        actions.assign(factories.SYSTEM, case, f"  {CANARY} ")
        version = log.data_version()
        actions.assign(factories.SYSTEM, case, CANARY)
        assert log.data_version() == version
        assert own_reference(case) == CANARY

    def test_it_is_changed_and_taken_away_with_an_event_each(self, case) -> None:
        for step in (
            lambda: actions.assign(factories.SYSTEM, case, "A 1"),
            lambda: actions.clear(factories.SYSTEM, case),
        ):
            step()
        actions.clear(factories.SYSTEM, case)
        assert own_reference(case) == ""
        events = Event.objects.filter(table=OwnReference._meta.db_table)
        assert [(event.action, event.case_id) for event in events] == [
            ("CREATE", str(case.pk)),
            ("DELETE", str(case.pk)),
        ]
        assert list(differences()) == []

    def test_a_center_calls_one_patient_so_another_center_may_too(self, case, center) -> None:
        actions.assign(factories.SYSTEM, case, CANARY)
        second = factories.empty_case(center)
        with pytest.raises(InvalidEntries, match="Another patient"):
            actions.assign(factories.SYSTEM, second, CANARY)
        assert own_reference(second) == ""
        actions.assign(factories.SYSTEM, factories.empty_case(factories.center()), CANARY)
        assert list(differences()) == []

    @pytest.mark.parametrize("text", ["", "   ", "x" * 41, "a\x00b", "a\u202eb"])
    def test_what_is_no_reference_is_refused(self, case, text) -> None:
        with pytest.raises(InvalidEntries):
            actions.assign(factories.SYSTEM, case, text)

    def test_a_change_of_it_moves_no_result(self, case) -> None:
        before = public.result_version()
        actions.assign(factories.SYSTEM, case, CANARY)
        assert public.result_version() == before

    @pytest.mark.parametrize("role", [Role.MONITOR, Role.COORDINATOR, Role.ADMINISTRATOR])
    def test_only_the_centers_own_staff_sets_it(self, case, center, role) -> None:
        actor = Actor.person(factories.user(role, at=center))
        for command in (lambda: actions.assign(actor, case, "A"), lambda: actions.clear(actor, case)):
            with pytest.raises(NotPermitted):
                command()


def test_verification_finds_one_that_was_changed_behind_the_registrys_back(case) -> None:
    from django.db import connection

    actions.assign(factories.SYSTEM, case, CANARY)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {OwnReference._meta.db_table} SET text = 'other'")
    (found,) = differences()
    assert found.where.endswith(": text")
    assert "other" not in found.where


class TestCasePage:
    def test_it_is_set_and_taken_away_there(self, case, center) -> None:
        client = client_of(Role.DATA_MANAGER, at=center)
        assert "Add your own reference" in client.get(f"/cases/{case.pk}/").content.decode()
        answer = client.post(address(case), {"own_reference": CANARY})
        assert answer.url == f"/cases/{case.pk}/"
        assert CANARY in client.get(answer.url).content.decode()
        client.post(address(case), {"own_reference": ""})
        assert own_reference(case) == ""

    def test_a_refusal_keeps_what_was_typed(self, case, center) -> None:
        actions.assign(factories.SYSTEM, factories.empty_case(center), CANARY)
        answer = client_of(Role.INVESTIGATOR, at=center).post(address(case), {"own_reference": CANARY})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'value="{CANARY}"' in page
        assert "Another patient of your center" in page

    def test_a_monitor_neither_sees_nor_finds_it(self, case, center) -> None:
        actions.assign(factories.SYSTEM, case, CANARY)
        client = client_of(Role.MONITOR, at=center)
        for path in (
            f"/cases/{case.pk}/",
            f"/cases/{case.pk}/history/",
            "/cases/",
            f"/api/v1/cases/{case.pk}/",
        ):
            page = client.get(path).content.decode()
            assert CANARY not in page
            assert "our own reference" not in page
        assert client.post(address(case), {"own_reference": "A"}).status_code == 403
        assert list(client.post("/cases/", {"search": CANARY}).context["page"]) == []


class TestCaseList:
    def test_it_is_a_column_sorted_and_searched(self, case, center) -> None:
        factories.empty_case(center)
        actions.assign(factories.SYSTEM, case, CANARY)
        client = client_of(Role.DATA_MANAGER, at=center)
        assert CANARY in client.get("/cases/?order=reference").content.decode()
        found = client.post("/cases/", {"search": "canary"}, headers={"HX-Request": "true"})
        assert [line.patient_code for line in found.context["page"]] == [case.patient_code]
        assert found["HX-Replace-Url"] == "/cases/"

    def test_of_two_centers_only_the_one_where_one_works(self, case, center) -> None:
        there = factories.center()
        theirs = factories.empty_case(there)
        actions.assign(factories.SYSTEM, case, CANARY)
        actions.assign(factories.SYSTEM, theirs, "QX-canary-there")
        user = factories.user(Role.DATA_MANAGER, at=center)
        factories.people.grant(factories.SYSTEM, user, Role.MONITOR, there)
        client = Client()
        client.force_login(user)
        page = client.get("/cases/").content.decode()
        assert CANARY in page
        assert "QX-canary-there" not in page
        found = client.post("/cases/", {"search": "QX-canary"}).context["page"]
        assert [line.patient_code for line in found] == [case.patient_code]


def test_it_is_in_no_address_no_log_and_no_data_cut(case, center, caplog, snapshot_sees_test) -> None:
    client = client_of(Role.DATA_MANAGER, at=center)
    with caplog.at_level(logging.DEBUG):
        answers = [
            client.post(address(case), {"own_reference": CANARY}),
            client.post("/cases/", {"search": CANARY}, headers={"HX-Request": "true"}),
            client.get("/my-work/"),
        ]
    for answer in answers:
        assert CANARY not in str(answer.headers)
        assert CANARY not in str(answer.cookies)
    assert "canary" not in caplog.text
    # Everything analytics can know of the cases, written out.
    cut = public.data_cut()
    assert CANARY.encode() not in pickle.dumps(cut.cases)
    assert case.patient_code.encode() in pickle.dumps(cut.cases), "the proof above can fail"


def test_analytics_reads_the_quality_of_a_case(center, snapshot_sees_test) -> None:
    factories.case(center)
    alive = [{"contact_date": "2023-04-01", "vital_status": "ALIVE"}]
    stale = factories.case_actions.enter(
        factories.SYSTEM, center, factories.record(follow_up=alive), complete=True, confirm="so"
    )
    cases = public.data_cut().cases
    assert {case.case_id for case in cases if case.has_stale_follow_up} == {stale.pk}
    assert all(case.open_queries >= case.has_stale_follow_up for case in cases)
    assert [case.quality.core.percent for case in cases] == [100, 100]
    assert public.pooled(case.quality for case in cases).forms["demographics"].applicable == 4
