"""The probes: is the process alive, and can it serve."""

from functools import cache

import redis
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from registry.audit import triggers


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a restart mends no database."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database is reachable, migrated and guarded. 503 where it is not.

    Redis is reported and does not count: a save needs none, and what it would have carried is found again
    later.
    """
    checks = _database_checks()
    ready = all(state == "ok" for state in checks.values())
    body = {"status": "ready" if ready else "not ready", **checks, "broker": _broker_state()}
    return JsonResponse(body, status=200 if ready else 503)


def _database_checks() -> dict[str, str]:
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        applied = MigrationRecorder(connection).applied_migrations()
        migrated = all(leaf in applied for leaf in _latest_migrations())
        guarded = migrated and not triggers.missing(connection)
    except Error:
        connection.close()
        return {"database": "unreachable"}
    return {
        "database": "ok",
        "migrations": "ok" if migrated else "pending",
        "audit_triggers": "ok" if guarded else "missing",
    }


@cache
def _latest_migrations() -> tuple[tuple[str, str], ...]:
    # Read from the files, once: the code of a running process does not change.
    return tuple(MigrationLoader(None).graph.leaf_nodes())


def _broker_state() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
    )
    try:
        client.ping()
    except redis.RedisError:
        return "unreachable"
    finally:
        client.close()
    return "ok"
