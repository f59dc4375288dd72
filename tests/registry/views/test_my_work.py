"""My work: what waits at one's centers, the way to the very form, the grid; few database queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions import own_reference
from registry.models import DataQuery
from registry.terminology.roles import Role
from registry.views import my_work as views
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


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_case_to_finish_leads_to_the_very_form(client, person, center) -> None:
    case = factories.empty_case(center)
    factories.row(case, "response", {"resp_date": "2022-04-07"})
    response = client.get("/my-work/")
    (found,) = response.context["unfinished"]
    assert [duty.url for duty in found.forms] == [
        f"/cases/{case.pk}/enrolment/",
        f"/cases/{case.pk}/demographics/",
        f"/cases/{case.pk}/diagnosis/",
    ]
    assert found.forms[0].text == "ready to be marked complete"
    assert found.forms[1].text == "not begun"
    # A row that is a draft is opened itself; of a form that repeats and is not begun, a new one.
    (line,) = response.context["grid"]
    urls = {cell.label.split(",")[0]: cell.url for cell in line.cells}
    assert urls["Response assessments"] == f"/cases/{case.pk}/response/1/"
    assert urls["Prior lines"] == f"/cases/{case.pk}/prior_line/new/"
    assert urls["Adverse events"] == f"/cases/{case.pk}/adverse_event/"


def test_what_is_missing_says_what_it_would_change(client, person, center) -> None:
    forms = {name: entries for name, entries in factories.FIXTURE.items() if name != "demographics"}
    factories.case_actions.enter(factories.SYSTEM, center, forms, complete=True)
    (found,) = client.get("/my-work/").context["unfinished"]
    assert [duty.label for duty in found.forms] == ["Demographics"]
    assert found.effect == "Not evaluable without it: creatinine clearance, age, frailty"


def test_a_finished_case_wants_nothing(client, person, center) -> None:
    factories.case(center)
    page = text(client.get("/my-work/"))
    for sentence in ("Every form that is expected is complete.", "Everybody still followed", "100 %"):
        assert sentence in page


def test_after_a_refusal_nothing_more_is_to_be_finished(client, person, center) -> None:
    refusal = factories.FIXTURE["enrolment"] | {"consent_status": "REFUSED", "consent_date": None}
    factories.case_actions.enter(
        factories.SYSTEM, center, {"enrolment": refusal}, complete=True, confirm="so"
    )
    assert client.get("/my-work/").context["unfinished"] == []


def test_a_query_leads_to_its_field_and_says_what_rests_on_it(client, person, center) -> None:
    query = factories.warning(center)
    response = client.get("/my-work/")
    (found,) = (each for each in response.context["queries"] if each.query.pk == query.pk)
    assert found.url == f"/cases/{query.case_id}/baseline/#baseline_lab_date"
    assert found.effect.startswith("Rests on it: ")
    assert "R-ISS" in found.effect
    assert found.message in response.content.decode()
    (line,) = response.context["grid"]
    (cell,) = (cell for cell in line.cells if cell.label.startswith("Baseline"))
    assert cell.queries >= 1
    assert "open quer" in cell.label


def stale_case(center):
    alive = [{"contact_date": "2023-04-01", "vital_status": "ALIVE"}]
    case = factories.case_actions.enter(
        factories.SYSTEM, center, factories.record(follow_up=alive), complete=True, confirm="so"
    )
    assert DataQuery.objects.filter(case=case, check_id="C44", state="OPEN").scoped().exists()
    return case


def test_a_stale_follow_up_leads_to_a_new_contact_and_says_until_when_one_counts(
    client, person, center
) -> None:
    case = stale_case(center)
    response = client.get("/my-work/")
    (found,) = response.context["contacts"]
    assert found.url == f"/cases/{case.pk}/follow_up/new/"
    assert found.effect == "OS counted only until 01/04/2023"
    assert not [each for each in response.context["queries"] if each.query.check_id == "C44"]
    assert [line.case.pk for line in client.get("/my-work/?state=stale").context["grid"]] == [case.pk]


def test_the_grid_is_narrowed_and_paged(client, person, center, monkeypatch) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 2)
    done = factories.case(center)
    drafts = [factories.empty_case(center) for _ in range(3)]
    first = client.get("/my-work/?state=unfinished")
    assert [line.case.pk for line in first.context["grid"]] == [case.pk for case in drafts[:2]]
    assert 'href="?state=unfinished&amp;page=2"' in first.content.decode()
    second = client.get("/my-work/?state=unfinished&page=2")
    assert [line.case.pk for line in second.context["grid"]] == [drafts[2].pk]
    finished = client.get("/my-work/?state=finished").context["grid"]
    assert [line.case.pk for line in finished] == [done.pk]
    # What is no filter counts as none.
    assert len(client.get("/my-work/?state=x&page=x&center=x").context["grid"]) == 2


def test_state_is_a_word_and_an_icon(client, person, center) -> None:
    factories.empty_case(center)
    page = text(client.get("/my-work/"))
    for icon, word in (("circle-half", "draft"), ("circle-dashed", "to do"), ("minus-circle", "none")):
        assert f'#{icon}"></use></svg><span>{word}' in page


def test_own_references_are_shown_and_stay_out_of_addresses(client, person, center) -> None:
    case = factories.empty_case(center)
    own_reference.assign(factories.SYSTEM, case, "chart 17")
    page = text(client.get("/my-work/"))
    assert page.count("chart 17") == 2
    assert case.patient_code not in "".join(part.split('"')[0] for part in page.split('href="')[1:])


def test_only_where_one_enters_data(client, person, center) -> None:
    there = factories.center()
    factories.people.grant(factories.SYSTEM, person, Role.MONITOR, there)
    factories.empty_case(there)
    mine = factories.empty_case(center)
    response = client.get("/my-work/")
    assert [line.case.pk for line in response.context["grid"]] == [mine.pk]
    monitor = Client()
    monitor.force_login(factories.user(Role.MONITOR, at=center))
    assert monitor.get("/my-work/").status_code == 403


def test_completeness_by_form_and_by_center(client, person, center) -> None:
    there = factories.center(center_code="IT015")
    factories.people.grant(factories.SYSTEM, person, Role.DATA_MANAGER, there)
    factories.case(center)
    unknown = factories.FIXTURE["baseline"] | {"hb": {"missing": "NK"}}
    factories.case_actions.enter(
        factories.SYSTEM, there, factories.record(baseline=unknown), complete=True, confirm="so"
    )
    context = client.get("/my-work/").context
    assert [(each.code, each.patients, each.core.percent) for each in context["by_center"]] == [
        ("IT014", 1, 100),
        ("IT015", 1, 100),
    ]
    assert context["not_known"] == [("Hemoglobin", 1)]
    (baseline,) = (each for each in context["by_form"] if each.label == "Baseline")
    # 17 questions of each patient, one of the 34 without a value.
    assert (baseline.core.applicable, baseline.core.answered, baseline.core.valued) == (34, 34, 33)
    only = client.get(f"/my-work/?center={there.pk}").context
    assert len(only["work"].cases) == 1
    assert only["by_center"] == []


def test_the_number_of_queries_does_not_grow_with_the_patients(client, person, center) -> None:
    stale_case(center)
    factories.warning(center)
    client.get("/my-work/")  # the first page of a session writes when it began
    with CaptureQueriesContext(connection) as few:
        client.get("/my-work/")
    for _ in range(5):
        factories.empty_case(center)
    stale_case(center)
    with CaptureQueriesContext(connection) as many:
        client.get("/my-work/")
    assert len(many) == len(few) <= 12


def test_nobody_yet_says_what_to_do(client, person) -> None:
    assert "Begin with eligibility and consent" in client.get("/my-work/").content.decode()
