"""One world for all access tests: building it costs more than asking it."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.access.world import World, build


@pytest.fixture(scope="package")
def _world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: World, db: None, snapshot_sees_test: None) -> World:
    return _world
