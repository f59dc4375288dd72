"""What every save reads anew, by statements that are compiled once per connection.

Every save reads all rows of its case, the queries about them, its laboratory's ranges and the rules in force.
Putting the same seventeen statements of up to ninety columns together anew cost three times what the
database needs to answer them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Model = TypeVar("Model", bound=models.Model)


class _Compiled(NamedTuple):
    sql: str
    compiler: Any
    converters: dict[int, Any]
    names: tuple[str, ...]


# Connections belong to threads, so what is compiled for one is used by that thread alone.
_compiled: WeakKeyDictionary[BaseDatabaseWrapper, dict[type[models.Model], _Compiled]] = WeakKeyDictionary()


def compiled_rows(
    model: type[Model], column: str, value: object, connection: BaseDatabaseWrapper
) -> Iterator[Model]:
    """Rows of a model with a value in a column, in order of `seq` where it has one.

    Parameters
    ----------
    column : of one model always the same: "case_id", "center_id".
    """
    known = _compiled.setdefault(connection, {})
    if model not in known:
        known[model] = _compile(model, column, value, connection)
    query = known[model]
    field = model._meta.get_field(column.removesuffix("_id"))
    with connection.cursor() as cursor:
        cursor.execute(query.sql, [field.get_db_prep_value(value, connection)])
        found = cursor.fetchall()
    for values in query.compiler.apply_converters(found, query.converters):
        yield model.from_db(connection.alias, query.names, values)


def lock(row: models.Model, connection: BaseDatabaseWrapper) -> None:
    """Keep everybody else from changing what belongs to a row until the transaction ends.

    On SQLite the transaction itself does; there the row is only looked for. Raises the model's DoesNotExist.
    """
    key = row._meta.pk
    quoted = connection.ops.quote_name
    sql = f"SELECT 1 FROM {quoted(row._meta.db_table)} WHERE {quoted(key.column)} = %s"  # noqa: S608 (our own)
    if connection.features.has_select_for_update:
        sql += " FOR UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(sql, [key.get_db_prep_value(row.pk, connection)])
        if cursor.fetchone() is None:
            raise type(row).DoesNotExist  # type: ignore[attr-defined]


def _compile(
    model: type[models.Model], column: str, value: object, connection: BaseDatabaseWrapper
) -> _Compiled:
    names = tuple(field.attname for field in model._meta.concrete_fields)
    rows = model._base_manager.using(connection.alias).filter(**{column: value})
    rows = rows.order_by("seq") if "seq" in names else rows.order_by()
    compiler = rows.query.get_compiler(connection=connection)
    sql, _params = compiler.as_sql()
    converters = compiler.get_converters([found for found, _sql, _alias in compiler.select])
    return _Compiled(sql, compiler, converters, names)
