"""Reading a case's rows by queries that are compiled once per connection.

Every save reads all rows of its case. Putting the same fourteen queries of up to ninety columns together anew
cost three times what the database needs to answer them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper

from registry.models import Case, CaseRow


class _Compiled(NamedTuple):
    sql: str
    compiler: Any
    converters: dict[int, Any]
    names: tuple[str, ...]


# Connections belong to threads, so what is compiled for one is used by that thread alone.
_compiled: WeakKeyDictionary[BaseDatabaseWrapper, dict[type[CaseRow], _Compiled]] = WeakKeyDictionary()


def compiled_rows(model: type[CaseRow], case: Case, connection: BaseDatabaseWrapper) -> Iterator[CaseRow]:
    """Rows of one form of a case, in order of `seq`."""
    known = _compiled.setdefault(connection, {})
    if model not in known:
        known[model] = _compile(model, connection)
    query = known[model]
    case_id = model._meta.get_field("case").get_db_prep_value(case.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(query.sql, [case_id])
        found = cursor.fetchall()
    for values in query.compiler.apply_converters(found, query.converters):
        row = model.from_db(connection.alias, query.names, values)
        row.case = case
        yield row


def _compile(model: type[CaseRow], connection: BaseDatabaseWrapper) -> _Compiled:
    rows = model._base_manager.using(connection.alias).filter(case_id=UUID(int=0)).order_by("seq")
    compiler = rows.query.get_compiler(connection=connection)
    sql, _params = compiler.as_sql()
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    names = tuple(field.attname for field in model._meta.concrete_fields)
    return _Compiled(sql, compiler, converters, names)
