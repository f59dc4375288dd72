"""Cases through the API: what was entered comes back, one's own only, cheap to ask again."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions import center as center_actions
from registry.dictionary.facts import Facts
from registry.models import CASE_ROWS
from registry.selectors.facts import facts_of
from registry.terminology.roles import Role
from tests import factories
from tests.registry.api.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(center):
    return client_of(factories.user(Role.DATA_MANAGER, at=center))


def address(case) -> str:
    return f"/api/v1/cases/{case.pk}/"


def entered(body) -> dict:
    """The JSON entry format out of the API's answer."""
    forms = {}
    for name, content in body["forms"].items():
        rows = content if isinstance(content, list) else [content] if content else []
        forms[name] = [{k: v for k, v in row["values"].items() if v is not None} for row in rows]
    return forms


def test_the_forms_read_back_as_the_facts_they_are(client, center):
    case = factories.case(center)
    body = client.get(address(case)).json()
    read, stored = Facts.from_json(entered(body)), facts_of(case)
    for name in CASE_ROWS:
        expected = [{k: v for k, v in row.items() if k != "patient_code"} for row in stored.rows(name)]
        assert [dict(row) for row in read.rows(name)] == expected
    assert (body["patient_code"], body["center"]) == (case.patient_code, str(center))


def test_a_measurement_comes_as_entered_and_canonical(client, center):
    case = factories.empty_case(center)
    factories.row(case, "baseline", {"hb": {"value": "111,50", "unit": "g/L"}, "b2m": {"missing": "ND"}})
    row = client.get(address(case)).json()["forms"]["baseline"]
    assert row["values"]["hb"] == {"value": "111.50", "unit": "g/L"}
    assert Fraction(row["canonical"]["hb"]) == Fraction("11.15")
    assert row["values"]["b2m"] == {"missing": "ND"}
    assert row["canonical"]["b2m"] is None
    assert row["values"]["ldh"] is None
    assert (row["seq"], row["state"], row["version"]) == (1, "DRAFT", 1)


def test_a_form_that_was_not_begun_is_null_or_empty(client, center):
    forms = client.get(address(factories.empty_case(center))).json()["forms"]
    assert forms["baseline"] is None
    assert forms["response"] == []


def test_derived_values_come_with_status_and_reason(client, center):
    case = factories.case(center)
    derived = client.get(address(case)).json()["derived"]
    assert derived["dara_refractory"]["value"] == "YES"
    case.refresh_from_db()
    assert derived == case.derived.values


def test_the_etag_follows_rows_and_derived_values(client, center):
    case = factories.case(center)
    first = client.get(address(case))
    same = client.get(address(case), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    weak = client.get(address(case), HTTP_IF_NONE_MATCH=f'"other", W/{first["ETag"]}')
    assert weak.status_code == 304
    factories.row(case, "response", {"resp_date": "2022-10-01"})
    second = client.get(address(case), HTTP_IF_NONE_MATCH=first["ETag"])
    assert second.status_code == 200
    labref = center.labrefs.get()
    center_actions.save_labref(
        factories.SYSTEM, center, factories.LabrefEntries(ldh_uln="200"), seq=1, version=labref.version
    )
    third = client.get(address(case), HTTP_IF_NONE_MATCH=second["ETag"])
    assert third.status_code == 200
    assert len({first["ETag"], second["ETag"], third["ETag"]}) == 3
    assert third.json()["etag"] == third["ETag"].strip('"')


def test_a_foreign_case_is_one_that_does_not_exist(client):
    foreign = factories.case(factories.center())
    missing = "/api/v1/cases/6f1f0a55-0000-4000-8000-000000000000/"
    answers = [client.get(path) for path in (address(foreign), missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert client.get("/api/v1/cases/").json()["count"] == 0
    assert client.get("/api/v1/cases/", {"center": str(foreign.center)}).json()["results"] == []


def test_the_list_pages_in_constant_queries(client, center):
    counts = []
    for more in (2, 3):
        for _ in range(more):
            factories.case(center)
        client.get("/api/v1/cases/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/api/v1/cases/", {"limit": 4})
        counts.append(len(queries))
    assert counts[0] == counts[1]
    body = page.json()
    assert (body["count"], len(body["results"])) == (5, 4)
    rest = client.get(body["next"]).json()
    codes = [case["patient_code"] for case in body["results"] + rest["results"]]
    assert codes == sorted(set(codes))
    assert len(codes) == 5
    assert body["results"][0] == client.get(f"/api/v1/cases/{body['results'][0]['id']}/").json()


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "x"},
        {"offset": "9999999999999999999999"},
        {"center": "\x00"},
    ],
)
def test_odd_paging_is_no_fault(client, center, query):
    factories.empty_case(center)
    assert client.get("/api/v1/cases/", query).status_code in (200, 400)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STATISTICIAN, Role.ADMINISTRATOR, Role.AUDITOR])
def test_study_wide_roles_read_no_patient(role, center):
    case = factories.case(center)
    client = client_of(factories.user(role))
    for path in ("/api/v1/cases/", address(case)):
        answer = client.get(path)
        assert answer.status_code == 403
        assert answer.json()["detail"] == "You may not see cases."


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_case_is_written_row_by_row(client, center, method):
    case = factories.empty_case(center)
    for path in ("/api/v1/cases/", address(case)):
        answer = getattr(client, method)(path, {"forms": {}}, format="json")
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"
