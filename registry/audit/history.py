"""The history of a case, a row, a field: every change, readable by a person."""

from dataclasses import dataclass, replace
from typing import Any

from registry.audit.canonical import Image
from registry.audit.replay import ROW_ACTIONS, Change, with_payloads
from registry.models import CASE_ROWS, Event

# Bookkeeping that changes with every save and tells a reader nothing.
_BOOKKEEPING = frozenset({"id", "case_id", "center_id", "seq", "version", "updated_at", "completed_once"})


@dataclass(frozen=True)
class FieldChange:
    """One column before and after, as JSON values; None is blank."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """One event: the columns that differ, and the whole row before and after; None where there is no row."""

    event: Event
    form: str
    seq: int
    fields: tuple[FieldChange, ...]
    before: Image | None
    after: Image | None


def of_case(
    case_id: object, *, table: str = "", row_id: str = "", limit: int = 200, before: int | None = None
) -> list[Entry]:
    """Changes of one case, the newest first.

    Parameters
    ----------
    table, row_id : narrow to one form's table, or to one row.
    before : only events with a smaller number, for paging.
    """
    events = Event.objects.filter(case_id=str(case_id), action__in=ROW_ACTIONS).order_by("-number")
    if table:
        events = events.filter(table=table)
    if row_id:
        events = events.filter(row_id=row_id)
    if before is not None:
        events = events.filter(number__lt=before)
    return [_entry(change) for change in with_payloads(list(events[:limit])) if change.salt]


def of_field(case_id: object, row_id: str, name: str) -> list[Entry]:
    """Changes of one field of one row, the newest first: its value, what was entered, its missing reason."""
    columns = {name, f"{name}_entered", f"{name}_unit", f"{name}_missing"}
    entries = of_case(case_id, row_id=row_id, limit=1000)
    narrowed = (
        replace(entry, fields=tuple(f for f in entry.fields if f.name in columns)) for entry in entries
    )
    return [entry for entry in narrowed if entry.fields]


def _entry(change: Change) -> Entry:
    before, after = change.before_image(), change.after_image()
    old, new = before or {}, after or {}
    names = [name for name in (new or old) if name not in _BOOKKEEPING]
    fields = tuple(
        FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    )
    form, seq = _FORM_OF.get(change.event.table, ""), (new or old).get("seq") or 1
    return Entry(change.event, form, seq, fields, before, after)


_FORM_OF = {model._meta.db_table: name for name, model in CASE_ROWS.items()}
