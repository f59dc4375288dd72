"""Database triggers that make the audit trail append-only, on SQLite and on PostgreSQL.

They are installed after every migration (SQLite rebuilds tables and drops them), and a system check misses
them when they are gone.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.models import Event, EventPayload

TABLES = (Event._meta.db_table, EventPayload._meta.db_table)
REFUSAL = "the audit trail is append-only"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION registry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Install whatever is missing."""
    present = set(_present(connection))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for name, statements in _definitions(connection.vendor).items():
            if name not in present:
                for statement in statements:
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not there or are switched off."""
    present = set(_present(connection))
    return [name for name in _definitions(connection.vendor) if name not in present]


def disarm(connection: BaseDatabaseWrapper) -> None:
    """Drop them, for the flush between tests. Never called by the application."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in _names(table, connection.vendor):
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _names(table: str, vendor: str) -> tuple[str, ...]:
    kinds = ("change", "truncate") if vendor == "postgresql" else ("update", "delete", "replace")
    return tuple(f"{table}_no_{kind}" for kind in kinds)


def _definitions(vendor: str) -> dict[str, tuple[str, ...]]:
    return {
        name: (_postgresql if vendor == "postgresql" else _sqlite)(table, name)
        for table in TABLES
        for name in _names(table, vendor)
    }


def _postgresql(table: str, name: str) -> tuple[str, ...]:
    when = (
        "BEFORE TRUNCATE ON {} FOR EACH STATEMENT"
        if name.endswith("truncate")
        else "BEFORE UPDATE OR DELETE ON {} FOR EACH ROW"
    ).format(table)
    return (
        f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION registry_refuse_change()",
        # ALWAYS: also while session_replication_role is set to replica.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    )


def _sqlite(table: str, name: str) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    if name.endswith("replace"):
        # INSERT OR REPLACE deletes without firing DELETE triggers, so the insert itself is refused.
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)"  # noqa: S608 (our own table)
        return (f"CREATE TRIGGER {name} BEFORE INSERT ON {table} {taken} {refuse}",)
    verb = name.rsplit("_", 1)[1].upper()
    return (f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}",)


def _present(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return [row[0] for row in cursor.fetchall()]
