"""A4, A5 on PostgreSQL: whoever logs in as the application cannot change an audit event, whatever they try.

The roles and the database are made by deploy/postgresql/roles.sql, the tables by `migrate` as their owner,
the rights by `manage.py grant_application_role`: what an operator does, under names of this run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

PROJECT = Path(settings.BASE_DIR)
OWNER, APPLICATION, DATABASE = (f"registry_{what}_{os.getpid()}" for what in ("owner", "app", "proof"))
TABLES = ("registry_event", "registry_eventpayload")

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

# Against the application role. What PostgreSQL answers: 42501, insufficient privilege.
REFUSED = [
    "UPDATE {table} SET number = number + 100",
    "UPDATE {table} SET number = number WHERE false",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE number = 1",
    "DELETE FROM ONLY {table} USING registry_dataversion WHERE true",
    "TRUNCATE {table}",
    "TRUNCATE registry_dataversion, {table} CASCADE",
    (
        "INSERT INTO {table} SELECT * FROM {table} WHERE number = 1"
        " ON CONFLICT (number) DO UPDATE SET number = EXCLUDED.number + 100"
    ),
    "MERGE INTO {table} USING registry_dataversion ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
    "SELECT number FROM {table} FOR UPDATE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER {table}_no_change",
    "ALTER TABLE {table} RENAME TO elsewhere",
    "DROP TRIGGER {table}_no_change ON {table}",
    "DROP TABLE {table}",
    "CREATE RULE hide AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER skip BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    (
        "CREATE OR REPLACE FUNCTION public.registry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN OLD; END $$"
    ),
    "DROP FUNCTION registry_refuse_change() CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "ALTER TABLE {table} OWNER TO {application}",
    "ALTER ROLE {application} SUPERUSER",
    "CREATE TABLE public.mine (number int)",
    "COPY {table} FROM PROGRAM 'true'",
]


def server(user: str, database: str, password: str = "") -> str:
    used = connection.settings_dict
    login = quote(user) + (f":{quote(password)}" if password else "")
    return f"postgres://{login}@{used['HOST']}:{used['PORT'] or 5432}/{database}"


@pytest.fixture(scope="module")
def installed(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database as deploy/postgresql makes it, with one audited action in it."""
    used = connection.settings_dict
    administrator = server(used["USER"], "postgres", used["PASSWORD"])
    roles = (PROJECT / "deploy/postgresql/roles.sql").read_text()
    roles = re.sub(r"\bregistry_owner\b", OWNER, re.sub(r"\bregistry_app\b", APPLICATION, roles))
    roles = re.sub(r"(DATABASE|connect) registry\b", rf"\1 {DATABASE}", roles)
    script = tmp_path_factory.mktemp("roles") / "roles.sql"
    script.write_text(roles)
    passwords = {"REGISTRY_OWNER_PASSWORD": "owner secret", "REGISTRY_APP_PASSWORD": "application secret"}
    try:
        run(["psql", "--no-psqlrc", "--quiet", "--dbname", administrator, "--file", str(script)], passwords)
        environment = {
            "DJANGO_SETTINGS_MODULE": "registry.settings",
            "DATABASE_URL": server(APPLICATION, DATABASE, "application secret"),
            "DATABASE_OWNER_URL": server(OWNER, DATABASE, "owner secret"),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "a key of this test alone",
            "ALLOWED_HOSTS": "localhost",
            "EMAIL_URL": "dummymail://",
            "DEFAULT_FROM_EMAIL": "registry@example.test",
            "DATA_DIR": str(script.parent),
        }
        manage = [sys.executable, "manage.py"]
        run([*manage, "migrate", "--database", "owner", "--verbosity", "0"], environment)
        run([*manage, "grant_application_role"], environment)
        # As the application: what it must be able to do, it can.
        run([*manage, "create_administrator", "somebody@example.test", "Somebody"], environment)
        run([*manage, "verify_audit"], environment)
        yield
    finally:
        with psycopg.connect(administrator, autocommit=True) as cleaner:
            cleaner.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            cleaner.execute(f"DROP ROLE IF EXISTS {OWNER}")
            cleaner.execute(f"DROP ROLE IF EXISTS {APPLICATION}")


def run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{command[:3]}: {done.stdout}{done.stderr}"


@pytest.fixture
def application(installed: None) -> Iterator[psycopg.Connection]:
    """Logged in as the application is."""
    with psycopg.connect(server(APPLICATION, DATABASE, "application secret"), autocommit=True) as session:
        yield session


@pytest.fixture
def owner(installed: None) -> Iterator[psycopg.Connection]:
    """Logged in as migrations are: owns the tables, and can still not change a row."""
    with psycopg.connect(server(OWNER, DATABASE, "owner secret"), autocommit=True) as session:
        yield session


def content(session: psycopg.Connection) -> list[tuple]:
    return [
        row for table in TABLES for row in session.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
    ]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", REFUSED)
def test_the_application_is_refused(application: psycopg.Connection, table: str, statement: str) -> None:
    before = content(application)
    assert before
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement.format(table=table, owner=OWNER, application=APPLICATION))
    assert content(application) == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET number = number + 100", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_the_owner_is_refused_by_trigger(owner: psycopg.Connection, table: str, statement: str) -> None:
    """A second lock behind the first: also where the application's rights were granted too widely."""
    before = content(owner)
    with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
        owner.execute(statement.format(table))
    assert content(owner) == before


@pytest.mark.parametrize("table", TABLES)
def test_replication_mode_does_not_silence_the_triggers(installed: None, table: str) -> None:
    """Only a superuser can switch it on; the triggers fire even so."""
    used = connection.settings_dict
    with psycopg.connect(server(used["USER"], DATABASE, used["PASSWORD"]), autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        for statement in (
            f"UPDATE {table} SET number = number + 100",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
                session.execute(statement)
