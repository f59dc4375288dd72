"""Writing through the API: the same actions as the pages, told in a program's words."""

import pytest

from registry.models import Case, DataQuery, Event, QueryState, Source
from registry.terminology.roles import Role
from tests import factories
from tests.registry.api.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(center):
    return client_of(factories.user(Role.DATA_MANAGER, at=center))


def rows(case, form="baseline") -> str:
    return f"/api/v1/cases/{case.pk}/forms/{form}/"


def row(case, form="baseline", seq=1) -> str:
    return f"{rows(case, form)}{seq}/"


def test_a_whole_case_travels_like_one_entered_on_pages(client, center):
    body = {"center": str(center), "forms": factories.FIXTURE, "complete": True, "confirm": "as in the chart"}
    answer = client.post("/api/v1/cases/", body)
    assert answer.status_code == 201, answer.json()
    made, entered = Case.objects.scoped().get(pk=answer.json()["id"]), factories.case(center)
    assert made.derived.values == entered.derived.values
    assert made.derived.core_answered == entered.derived.core_answered
    assert set(Event.objects.filter(case_id=str(made.pk)).values_list("source", flat=True)) == {Source.API}


def test_a_row_is_entered_changed_and_removed(client, center):
    case = factories.empty_case(center)
    made = client.post(rows(case), {"entries": {"hb": {"value": "111", "unit": "g/L"}}})
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert made.json()["values"]["hb"] == {"value": "111", "unit": "g/L"}
    changed = client.patch(row(case), {"entries": {"ecog": "1"}}, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert changed.json()["values"]["hb"] == {"value": "111", "unit": "g/L"}
    gone = client.post(f"{row(case)}removal/", {}, headers={"If-Match": '"2"'})
    assert gone.status_code == 204
    assert client.get(row(case)).status_code == 404


def test_findings_come_with_the_answer(client, center):
    case = factories.empty_case(center)
    answer = client.post(rows(case), {"entries": {"hb": "5.5"}}).json()
    found = {finding["key"]: finding for finding in answer["findings"]}
    assert found["limit.hb"]["severity"] == "warning"
    assert (found["limit.hb"]["form"], found["limit.hb"]["seq"]) == ("baseline", 1)
    assert found["required.ecog"]["severity"] == "error"


def test_a_bad_entry_is_named_and_nothing_is_kept(client, center):
    case = factories.empty_case(center)
    answer = client.post(rows(case), {"entries": {"hb": "eleven", "ecog": "9", "nonsense": 1}})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"baseline.1.hb", "baseline.1.ecog", "baseline.1"}
    assert client.get(row(case)).status_code == 404


def test_complete_wants_what_is_owed_and_a_reason_for_what_is_unusual(client, center):
    case = factories.empty_case(center)
    entries = {"birth_date": "1925-06", "sex": "F"}
    owed = client.post(rows(case, "demographics"), {"entries": {"sex": "F"}, "complete": True})
    assert [finding["key"] for finding in owed.json()["findings"]] == ["required.birth_date"]
    doubtful = client.post(rows(case, "demographics"), {"entries": entries, "complete": True})
    (finding,) = doubtful.json()["findings"]
    assert (doubtful.status_code, finding["severity"]) == (422, "warning")
    confirmed = {finding["key"]: "seen on the identity card"}
    body = {"entries": entries, "complete": True, "confirmations": confirmed}
    assert client.post(rows(case, "demographics"), body).json()["state"] == "COMPLETE"
    query = DataQuery.objects.scoped().get(case=case)
    assert (query.state, query.reason) == (QueryState.CONFIRMED, "seen on the identity card")


def test_a_change_without_the_version_seen_is_refused(client, center):
    case = factories.empty_case(center)
    client.post(rows(case), {"entries": {"hb": "10"}})
    assert client.patch(row(case), {"entries": {"hb": "11"}}).status_code == 428
    assert client.patch(row(case), {"entries": {"hb": "11"}}, headers={"If-Match": "*"}).status_code == 428


def test_who_comes_second_gets_both_versions(client, center):
    case = factories.empty_case(center)
    client.post(rows(case), {"entries": {"hb": "10"}})
    client.patch(row(case), {"entries": {"hb": "11"}}, headers={"If-Match": '"1"'})
    answer = client.patch(row(case), {"entries": {"hb": "12"}}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.json()["sent"] == {"hb": "12"}
    assert answer.json()["stored"]["values"]["hb"]["value"] == "11"
    assert answer.json()["stored"]["version"] == 2


def test_a_form_that_is_there_already_is_answered_with_what_it_says(client, center):
    case = factories.empty_case(center)
    client.post(rows(case), {"entries": {"hb": "10"}})
    answer = client.post(rows(case), {"entries": {"hb": "12"}})
    assert (answer.status_code, answer.json()["stored"]["values"]["hb"]["value"]) == (409, "10")


def test_one_key_one_row(client, center):
    case = factories.empty_case(center)
    key = {"Idempotency-Key": "first-response"}
    body = {"entries": {"resp_date": "2022-04-07", "resp_investigator": "PR"}}
    first = client.post(rows(case, "response"), body, headers=key)
    again = client.post(rows(case, "response"), body, headers=key)
    assert (first.json()["seq"], again.json()["seq"]) == (1, 1)
    other = client.post(rows(case, "response"), {"entries": {"resp_date": "2022-05-05"}}, headers=key)
    assert other.status_code == 422
    assert client.get(row(case, "response", 2)).status_code == 404


def test_two_peoples_keys_never_meet(client, center):
    case, colleague = factories.empty_case(center), client_of(factories.user(Role.INVESTIGATOR, at=center))
    key = {"Idempotency-Key": "1"}
    client.post(rows(case, "response"), {"entries": {"resp_date": "2022-04-07"}}, headers=key)
    answer = colleague.post(rows(case, "response"), {"entries": {"resp_date": "2022-05-05"}}, headers=key)
    assert answer.json()["seq"] == 2


def test_a_row_once_complete_wants_a_reason(client, center):
    case = factories.case(center)
    change = {"entries": {"hb": "10.2"}, "complete": True}
    refused = client.patch(row(case), change, headers={"If-Match": '"1"'})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"reason"})
    body = change | {"reason": "typing mistake"}
    assert client.patch(row(case), body, headers={"If-Match": '"1"'}).status_code == 200


def test_of_many_cases_each_stands_or_falls_alone(client, center):
    good = {"center": str(center), "forms": {"enrolment": factories.FIXTURE["enrolment"]}}
    bad = {"center": str(center), "forms": {"baseline": {"hb": "eleven"}}}
    foreign = good | {"center": str(factories.center())}
    absent = good | {"center": "ZZ999"}
    answer = client.post("/api/v1/cases/bulk/", {"cases": [good, bad, foreign, absent, good]})
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [201, 422, 400, 400, 201]
    assert list(results[1]["problem"]["errors"]) == ["baseline.1.hb"]
    assert results[2]["problem"] == results[3]["problem"]
    assert results[0]["case"]["patient_code"] != results[4]["case"]["patient_code"]
    assert Case.objects.filter(center=center).scoped().count() == 2


def test_many_cases_sent_twice_are_entered_once(client, center):
    case = {"center": str(center), "forms": {"enrolment": factories.FIXTURE["enrolment"]}}
    body, key = {"cases": [case, case]}, {"Idempotency-Key": "batch 1".replace(" ", "-")}
    first = client.post("/api/v1/cases/bulk/", body, headers=key).json()
    assert client.post("/api/v1/cases/bulk/", body, headers=key).json() == first
    assert Case.objects.scoped().count() == 2


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"entries": []},
        {"entries": {"hb": {"value": {"deep": 1}}}},
        {"entries": {"hb": [1]}},
        {},
        {"entries": {}, "complete": "true"},
        {"entries": {}, "reason": 5},
        {"entries": {}, "state": "COMPLETE"},
        {"entries": {}, "confirmations": {"limit.hb": ""}},
    ],
    ids=str,
)
def test_a_body_of_another_shape_is_refused(client, center, body):
    case = factories.empty_case(center)
    answer = client.post(rows(case), body)
    assert answer.status_code == 400, answer.json()
    assert answer.json()["errors"]
    assert client.get(row(case)).status_code == 404


def test_a_monitor_reads_and_writes_nothing(center):
    case = factories.case(center)
    monitor = client_of(factories.user(Role.MONITOR, at=center))
    assert monitor.get(row(case)).status_code == 200
    change = {"entries": {"hb": "10.2"}, "reason": "x"}
    assert monitor.patch(row(case), change, headers={"If-Match": '"1"'}).status_code == 403
    assert monitor.post(rows(case, "response"), {"entries": {}}).status_code == 403


def test_another_centers_case_is_as_absent_as_none(client):
    foreign = factories.case(factories.center())
    for answer in (
        client.get(row(foreign)),
        client.post(rows(foreign, "response"), {"entries": {}}),
        client.patch(row(foreign), {"entries": {}}, headers={"If-Match": '"1"'}),
        client.post(f"{row(foreign)}removal/", {}, headers={"If-Match": '"1"'}),
    ):
        assert answer.status_code == 404


def test_a_query_is_confirmed_and_a_question_answered(client, center):
    warning = factories.warning(center)
    address = f"/api/v1/cases/{warning.case.pk}/queries/"
    found = {query["id"]: query for query in client.get(address).json()}
    assert found[str(warning.pk)]["state"] == "OPEN"
    step = {"step": "confirm"}
    assert set(client.post(f"{address}{warning.pk}/", step).json()["errors"]) == {"reason"}
    settled = client.post(f"{address}{warning.pk}/", step | {"text": "a second sample was lost"})
    assert (settled.json()["state"], settled.json()["reason"]) == ("CONFIRMED", "a second sample was lost")
    again = client.post(f"{address}{warning.pk}/", step | {"text": "again"})
    assert again.status_code == 409

    monitor = client_of(factories.user(Role.MONITOR, at=center))
    question = {"form": "baseline", "seq": 1, "variable": "hb", "question": "Before the transfusion?"}
    asked = monitor.post(address, question)
    assert (asked.status_code, asked.json()["message"]) == (201, "Before the transfusion?")
    answered = client.post(f"{address}{asked.json()['id']}/", {"step": "answer", "text": "Yes, before."})
    assert answered.json()["state"] == "ANSWERED"
    closed = monitor.post(f"{address}{asked.json()['id']}/", {"step": "close"})
    assert closed.json()["state"] == "CLOSED"


def test_a_centers_own_reference_is_its_own(client, center):
    case = factories.empty_case(center)
    address = f"/api/v1/cases/{case.pk}/own-reference/"
    assert client.put(address, {"text": "Chart 4711"}).json() == {"text": "Chart 4711"}
    assert client.get(address).json() == {"text": "Chart 4711"}
    other = f"/api/v1/cases/{factories.empty_case(center).pk}/own-reference/"
    assert client.put(other, {"text": "Chart 4711"}).status_code == 422
    assert client_of(factories.user(Role.MONITOR, at=center)).get(address).status_code == 403
    assert client.put(address, {"text": ""}).json() == {"text": ""}
    assert client.get(address).json() == {"text": ""}
