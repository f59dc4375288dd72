"""Verification: payloads equal their hashes, replayed events equal the live tables.

That derived cases derive again is `registry.actions.derive.stale_cases`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from json import loads

from django.apps import apps
from django.db import transaction

from registry.audit import log
from registry.audit.canonical import canonical, image
from registry.audit.replay import changes, state
from registry.models import DerivedCase
from registry.models.guard import Audited
from registry.models.scoped import ScopedQuerySet


@dataclass(frozen=True)
class Difference:
    """One place where the trail and the tables do not agree. Names rows by id, never patients."""

    what: str
    where: str


def audited_models() -> list[type[Audited]]:
    """Every model whose rows the events must explain."""
    return [model for model in apps.get_models() if issubclass(model, Audited) and model is not DerivedCase]


def differences(using: str = "default") -> Iterator[Difference]:
    """Every difference, in the order: events, tables. Reads one consistent state."""
    with transaction.atomic(using=using):
        yield from _events(using)
        yield from _tables(using)


def _events(using: str) -> Iterator[Difference]:
    expected = 0
    for change in changes(using=using):
        expected += 1
        number = change.event.number
        if number != expected:
            yield Difference("event missing", f"number {expected}; the next one is {number}")
            expected = number
        if not change.salt:
            yield Difference("payload missing", f"event {number}")
        elif log.payload_hash(change.salt, change.before, change.after) != change.event.payload_hash:
            yield Difference("payload differs from its hash", f"event {number}")
    if expected != log.data_version(using):
        yield Difference("counter", f"stands at {log.data_version(using)}; the last event is {expected}")


def _tables(using: str) -> Iterator[Difference]:
    replayed = state(using=using)
    for model in audited_models():
        table = model._meta.db_table
        rows = model._default_manager.using(using)
        for row in (rows.scoped() if isinstance(rows, ScopedQuerySet) else rows.all()).iterator(2000):
            expected = replayed.pop((table, str(row.pk)), None)
            if expected is None:
                yield Difference("row without an event", f"{table} {row.pk}")
            elif expected != canonical(image(row)):
                yield Difference(
                    "row differs from its events", f"{table} {row.pk}: {_columns(row, expected)}"
                )
    for table, row_id in replayed:
        yield Difference("row is gone", f"{table} {row_id}")


def _columns(row: Audited, expected: str) -> str:
    """Names of the columns that differ; their values stay out of logs."""
    then, now = loads(expected), image(row)
    return ", ".join(sorted(name for name in {*then, *now} if then.get(name) != now.get(name)))
