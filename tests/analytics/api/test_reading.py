"""Reports and releases through the API: stored results told to those who may see pooled results."""

from datetime import UTC, date, datetime

import pytest

from analytics.extraction.cohorts import COHORTS
from analytics.models import ReportSnapshot
from analytics.models.report_snapshot import Trigger
from analytics.releases import workflow
from analytics.reports.snapshot import digest, store
from registry.audit.actor import Actor
from registry.terminology.roles import Role
from tests import factories
from tests.registry.api.conftest import client_of

pytestmark = pytest.mark.django_db
COHORT = next(iter(COHORTS))
AT = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)


def snapshot(version: int, result: str = '{"n": 51, "sections": []}') -> ReportSnapshot:
    made = ReportSnapshot(
        cohort=COHORT,
        cohort_version=1,
        parameters={"pfs_rule": "FDA"},
        parameters_digest="p",
        as_of=date(2025, 1, 2),
        data_version=version,
        code_version="0.1.0",
        rule_version="1",
        trigger=Trigger.EDIT,
        started_at=AT,
        finished_at=AT,
        duration_ms=12,
        result=result,
        result_digest=digest(result),
    )
    store([made], {})
    return ReportSnapshot.objects.get(data_version=version)


@pytest.fixture
def coordinator():
    return factories.user(Role.COORDINATOR)


@pytest.fixture
def client(coordinator):
    return client_of(coordinator)


def test_before_the_first_computation_there_is_no_report(client):
    listed = client.get("/api/v1/reports/").json()
    assert [each["cohort"] for each in listed] == list(COHORTS)
    assert listed[0]["newest"] is None
    assert client.get(f"/api/v1/reports/{COHORT}/").status_code == 404


def test_the_newest_snapshot_with_its_result(client):
    snapshot(1)
    newest = snapshot(2, '{"n": 52, "sections": []}')
    answer = client.get(f"/api/v1/reports/{COHORT}/")
    body = answer.json()
    assert (body["id"], body["data_version"], body["result"]["n"]) == (newest.pk, 2, 52)
    assert body["parameters"] == {"pfs_rule": "FDA"}
    assert body["finished_at"] == "2025-01-02T03:04:00Z"
    assert client.get(f"/api/v1/reports/{COHORT}/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    snapshot(3)
    assert client.get(f"/api/v1/reports/{COHORT}/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 200


def test_every_snapshot_stays_readable(client):
    first, second = snapshot(1), snapshot(2)
    listed = client.get(f"/api/v1/reports/{COHORT}/snapshots/", {"limit": 1}).json()
    assert (listed["count"], listed["results"][0]["id"]) == (2, second.pk)
    assert "result" not in listed["results"][0]
    body = client.get(f"/api/v1/reports/{COHORT}/snapshots/{first.pk}/").json()
    assert (body["data_version"], body["result"]["n"]) == (1, 51)
    other = list(COHORTS)[1]
    for path in (f"{COHORT}/snapshots/999999999999999999999", f"{other}/snapshots/{first.pk}", "nonsense"):
        assert client.get(f"/api/v1/reports/{path}/").status_code == 404


def test_releases_say_how_they_came_about_and_keep_their_secret(client, coordinator):
    made = workflow.propose(
        Actor.person(coordinator), reason="first paper", cutoff=date(2025, 1, 1), token="one-token"
    )
    listed = client.get("/api/v1/releases/")
    assert listed.json()["results"][0]["reason"] == "first paper"
    body = client.get(f"/api/v1/releases/{made.number}/")
    assert (body.json()["state"], body.json()["proposed_by"]) == ("PROPOSED", coordinator.name)
    for answer in (listed, body):
        assert made.secret not in answer.content.decode()
        assert made.token not in answer.content.decode()
    assert client.get("/api/v1/releases/99999/").status_code == 404


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.MONITOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_sees_no_pooled_result(role):
    client = client_of(factories.user(role, at=factories.center()))
    for path in (
        "reports/",
        f"reports/{COHORT}/",
        f"reports/{COHORT}/snapshots/",
        "releases/",
        "releases/1/",
    ):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(client, method):
    one = snapshot(1)
    for path in ("reports/", f"reports/{COHORT}/snapshots/{one.pk}/", "releases/"):
        assert getattr(client, method)(f"/api/v1/{path}", {}, format="json").status_code == 405
