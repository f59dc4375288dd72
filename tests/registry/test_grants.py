"""What the application's database role can and cannot do, tried on a real PostgreSQL."""

import os
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from registry.management.commands.grant_application_role import grant
from registry.models import Event, EventPayload

AUDIT_TABLES = (Event._meta.db_table, EventPayload._meta.db_table)


@pytest.fixture
def as_application(db: None) -> Iterator[None]:
    """Go on as a role that owns nothing, the way the application runs in production."""
    role = f"registry_app_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOSUPERUSER")
        grant(role, "default")
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        # The test's transaction is rolled back, and the role with it.
        cursor.execute("RESET ROLE")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        # 42501 is insufficient_privilege: refused before any trigger had a say.
        return error.__cause__.sqlstate == "42501"
    return False


@pytest.mark.postgres
@pytest.mark.parametrize("table", AUDIT_TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET number = number",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TABLE {table}",
        "INSERT INTO {table} (number) VALUES (1) ON CONFLICT (number) DO UPDATE SET number = 2",
        "CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_an_audit_event_cannot_be_changed(as_application: None, table: str, statement: str) -> None:
    assert refused(statement.format(table=table))


@pytest.mark.postgres
@pytest.mark.parametrize("table", AUDIT_TABLES)
def test_an_audit_event_can_be_read(as_application: None, table: str) -> None:
    assert not refused(f"SELECT count(*) FROM {table}")


@pytest.mark.postgres
def test_data_can_be_worked_with_and_tables_cannot(as_application: None) -> None:
    assert not refused("UPDATE registry_case SET patient_code = patient_code")
    assert not refused("DELETE FROM django_session")
    assert refused("TRUNCATE registry_case")
    assert refused("CREATE TABLE mine (id int)") or refused("DROP TABLE registry_case")
    assert refused("INSERT INTO django_migrations (app, name, applied) VALUES ('registry', '9999', now())")


def test_without_an_owner_the_command_says_so() -> None:
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("grant_application_role")
