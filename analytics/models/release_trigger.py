"""A trigger that refuses to change a locked release, whoever asks; on SQLite and on PostgreSQL.

Installed after every migration: SQLite drops triggers when a migration rebuilds the table.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "analytics_release"
NAME = f"{TABLE}_locked"
REFUSAL = "a locked release never changes"


def install(using: str, **_: Any) -> None:
    """Install it where the table is; a receiver of `post_migrate`."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def _statements(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    if connection.vendor == "postgresql":
        return (
            (
                "CREATE OR REPLACE FUNCTION analytics_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            ),
            (
                f"CREATE OR REPLACE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
                "WHEN (OLD.state = 'LOCKED') EXECUTE FUNCTION analytics_refuse_change()"
            ),
        )
    return (
        (
            f"CREATE TRIGGER IF NOT EXISTS {NAME} BEFORE UPDATE ON {TABLE} WHEN OLD.state = 'LOCKED' "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        ),
    )
