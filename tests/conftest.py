"""What every test can rely on: two databases, a broker on request, an audit trail that can be emptied."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase

_flush = TransactionTestCase._fixture_teardown


def _disarm_then_flush(self: TransactionTestCase) -> None:
    # The flush between transactional tests deletes everything, which is what the audit triggers are there to
    # refuse. The post_migrate signal that ends the flush installs them again.
    from registry.audit import triggers

    for alias in self._databases_names(include_mirrors=False):
        triggers.disarm(connections[alias])
    # Not a model's table, so the flush passes it by: rate limits of one test would count in the next.
    cache.clear()
    _flush(self)


TransactionTestCase._fixture_teardown = _disarm_then_flush


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fail, not skip, the tests marked `postgres` where there is none: a proof not run is no proof."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.fixturenames.insert(0, "_needs_postgresql")


@pytest.fixture
def _needs_postgresql() -> None:
    pytest.fail("This test needs PostgreSQL: set DATABASE_URL (CONTRIBUTING.md says how).", pytrace=False)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a broker: `REDIS_URL` where it is set, otherwise an embedded Valkey for the whole run."""
    if os.environ.get("REDIS_URL"):
        yield os.environ["REDIS_URL"]
        return
    from registry.management.supervisor.broker import Broker

    folder: Path = tmp_path_factory.mktemp("valkey server")
    broker = Broker(folder, folder / "broker.log")
    broker.start()
    yield broker.url
    broker.stop()


@pytest.fixture
def snapshot_sees_test(db: None) -> Iterator[None]:
    """Let the alias `snapshot` read what this test has written and not committed.

    A test in a transaction (the fast kind) is invisible to a second connection. Where what is tested is not
    the isolation itself, sharing the connection is enough.
    """
    own = connections["snapshot"]
    connections["snapshot"] = connections["default"]
    yield
    connections["snapshot"] = own
