"""Many rows as statements made ready in advance, so that a transaction only has to send them.

Turning a row into what the database takes costs ten times the sending. An import of 100,000 rows does the
one before it takes SQLite's only write lock and the other under it, in seconds; packed, so that it all fits
in memory.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from registry.exceptions import StaleVersion

# The statements of as many rows are sent at once.
SOME = 500


@dataclass(frozen=True)
class Pack:
    """One statement and the parameters of its repetitions, compressed."""

    sql: str
    content: bytes
    rows: int

    def parameters(self) -> list[list[Any]]:
        """What the repetitions are sent with."""
        rows: list[list[Any]] = json.loads(zlib.decompress(self.content))
        return rows

    def send(self) -> None:
        """Send it; raises StaleVersion where a row is not what it was when this was made."""
        _send(self.sql, self.parameters(), self.rows)

    def send_numbered(self, first: int) -> None:
        """Send rows whose key is given out only now: the numbers from `first` on."""
        rows = [[number, *values[1:]] for number, values in enumerate(self.parameters(), first)]
        _send(self.sql, rows, self.rows)


def insertion(rows: Sequence[models.Model]) -> Pack:
    """Insert rows of one model."""
    model = type(rows[0])
    fields = model._meta.concrete_fields
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    return _pack(sql, [_values(row, fields) for row in rows])


def correction(rows: Sequence[models.Model], columns: Sequence[str] = ()) -> Pack:
    """Save rows of one model; a row with a version only where the one before is stored.

    Parameters
    ----------
    columns : names of the fields to save; all when empty.
    """
    model = type(rows[0])
    key = model._meta.pk
    fields = [
        field
        for field in model._meta.concrete_fields
        if field != key and (not columns or field.name in columns)
    ]
    assignments = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    where, versions = _where(model)
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {assignments} WHERE {where}"  # noqa: S608
    before = [[row.version - 1] if versions else [] for row in rows]  # type: ignore[attr-defined]
    return _pack(
        sql, [_values(row, [*fields, key]) + version for row, version in zip(rows, before, strict=True)]
    )


def removal(rows: Sequence[models.Model]) -> Pack:
    """Remove rows of one model; a row with a version only where that one is stored."""
    model = type(rows[0])
    where, versions = _where(model)
    sql = f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {where}"  # noqa: S608
    key = model._meta.pk
    return _pack(sql, [_values(row, [key]) + ([row.version] if versions else []) for row in rows])  # type: ignore[attr-defined]


def in_portions(rows: Sequence[Any], size: int = SOME) -> Iterator[Sequence[Any]]:
    """`rows`, some at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _where(model: type[models.Model]) -> tuple[str, bool]:
    versions = any(field.name == "version" for field in model._meta.concrete_fields)
    key = f"{_quoted(model._meta.pk.column)} = %s"
    return (f"{key} AND {_quoted('version')} = %s" if versions else key), versions


def _values(row: models.Model, fields: Sequence[Any]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _pack(sql: str, rows: Sequence[Sequence[Any]]) -> Pack:
    text = json.dumps(rows, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return Pack(sql, zlib.compress(text.encode(), 1), len(rows))


def _plain(value: Any) -> Any:
    """A parameter as JSON: the databases read text as whatever the column holds."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    # PostgreSQL's wrapper of a JSON value.
    if hasattr(value, "obj"):
        return json.dumps(value.obj, ensure_ascii=False)
    return str(value)


def _send(sql: str, rows: Sequence[Sequence[Any]], expected: int) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
        if cursor.rowcount != expected:
            raise StaleVersion("a row was changed while the import was prepared")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
