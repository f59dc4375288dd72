"""The probes answer without login, tell an operator what is wrong, and nobody anything else."""

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from registry.audit import triggers
from registry.views import health

NO_BROKER = "unix:///nowhere/valkey.sock"


def test_the_process_is_alive_without_a_database(client: Client) -> None:
    # pytest-django refuses every query here, so a query would fail the test; a session cookie must not cause
    # one.
    client.cookies["session"] = "whatever"
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_also_without_a_broker(client: Client, settings) -> None:
    settings.REDIS_URL = NO_BROKER
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "audit_triggers": "ok",
        "broker": "unreachable",
    }, "a registry without its broker can still be saved to"


@pytest.mark.django_db
def test_a_broker_that_answers_is_reported(client: Client, settings, redis_url: str) -> None:
    settings.REDIS_URL = redis_url
    assert client.get("/readyz").json()["broker"] == "ok"


@pytest.mark.django_db
def test_not_ready_before_a_migration_is_applied(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied(
        *next(leaf for leaf in health._latest_migrations() if leaf[0] == "registry")
    )
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "pending"


@pytest.mark.django_db
def test_not_ready_without_the_audit_triggers(client: Client) -> None:
    triggers.disarm(connection)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["audit_triggers"] == "missing"


@pytest.mark.django_db
def test_not_ready_without_the_database(client: Client, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = NO_BROKER

    def refuse(self: BaseDatabaseWrapper) -> None:
        raise OperationalError('connection to server at "10.0.0.7" failed for user "app"')

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", refuse)
    monkeypatch.setattr(BaseDatabaseWrapper, "close", lambda self: None)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "database": "unreachable", "broker": "unreachable"}
    assert "10.0.0.7" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_probes_only_read(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_audit_triggers_are_back_after_the_tables_were_emptied(client: Client, turn: str) -> None:
    # The first turn ends with a flush, which has to disarm them.
    assert client.get("/readyz").json()["audit_triggers"] == "ok"
