"""The audit trail is append-only in the database itself (A4, A5)."""

import pytest
from django.core import checks
from django.db import DatabaseError, connection, transaction

from registry.audit import triggers
from tests import factories

pytestmark = pytest.mark.django_db

TABLES = ("registry_event", "registry_eventpayload")


@pytest.fixture(autouse=True)
def _trail():
    factories.center()


def refused(statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_update_and_delete_are_refused(table):
    refused(f"UPDATE {table} SET number = number + 100")
    refused(f"DELETE FROM {table}")
    refused(f"DELETE FROM {table} WHERE number = 1")


@pytest.mark.parametrize("table", TABLES)
def test_upsert_is_refused(table):
    columns = {"registry_event": "schema", "registry_eventpayload": "salt"}[table]
    value = {"registry_event": "2", "registry_eventpayload": "'x'"}[table]
    again = f"INSERT INTO {table} SELECT * FROM {table} WHERE number = 1"
    refused(f"{again} ON CONFLICT (number) DO UPDATE SET {columns} = {value}")


@pytest.mark.parametrize("table", TABLES)
def test_replace_is_refused(table):
    if connection.vendor != "sqlite":
        refused(f"TRUNCATE {table}")
        return
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE number = 1")


def test_missing_triggers_fail_the_system_check():
    assert triggers.missing(connection) == []
    triggers.disarm(connection)
    assert len(triggers.missing(connection)) == len(triggers._definitions(connection.vendor))
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert [message.id for message in found if message.id == "registry.E001"]
    triggers.install(connection)
    assert triggers.missing(connection) == []
