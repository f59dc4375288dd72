"""Writing events: the last statement of every action.

The numbers come from one counter row, whose lock is held from here to the commit: numbers are gapless and
in commit order, so a data version names exactly one state.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router

from registry.audit.actor import Actor
from registry.audit.canonical import SCHEMA, Image, canonical
from registry.models import Action, Center, DataVersion, Event, EventPayload


@dataclass(frozen=True)
class Draft:
    """An event that has no number yet."""

    action: Action
    table: str = ""
    row_id: str = ""
    case_id: str = ""
    center: Center | None = None
    before: Image | None = None
    after: Image | None = None


def append(drafts: Sequence[Draft], actor: Actor, at: datetime, reason: str = "") -> int:
    """Write the events of one action; return the data version after them.

    Must be called inside the action's transaction, after everything else in it.
    """
    using = router.db_for_write(Event)
    headers, payloads = unnumbered(drafts, actor, at, reason)
    last = take_numbers(len(drafts), using)
    for number, header, payload in zip(
        range(last - len(drafts) + 1, last + 1), headers, payloads, strict=True
    ):
        header.number = payload.number = number
    Event.objects.using(using).bulk_create(headers, batch_size=50)
    EventPayload.objects.using(using).bulk_create(payloads, batch_size=200)
    return last


def unnumbered(
    drafts: Sequence[Draft], actor: Actor, at: datetime, reason: str = ""
) -> tuple[list[Event], list[EventPayload]]:
    """Headers and payloads of the events, as they will be once they have their numbers."""
    headers, payloads = [], []
    for draft in drafts:
        salt = secrets.token_hex(16)
        before, after = _text(draft.before), _text(draft.after)
        headers.append(
            Event(
                at=at,
                action=draft.action,
                actor_id=str(actor.user.pk) if actor.user else "",
                actor_name=actor.name[:120],
                actor_role=actor.role[:80],
                source=actor.source,
                center_id=str(draft.center.pk) if draft.center else "",
                center_code=str(draft.center) if draft.center else "",
                table=draft.table,
                row_id=draft.row_id,
                case_id=draft.case_id,
                reason=reason[:500],
                batch=actor.batch[:64],
                schema=SCHEMA,
                payload_hash=payload_hash(salt, before, after),
            )
        )
        payloads.append(EventPayload(salt=salt, before=before, after=after))
    return headers, payloads


def payload_hash(salt: str, before: str, after: str) -> str:
    """SHA-256 of a payload; the salt keeps a redacted payload from being guessed from its hash."""
    return hashlib.sha256("\x1e".join((salt, before, after)).encode()).hexdigest()


def data_version(using: str = "default") -> int:
    """Number of the newest event; 0 before the first."""
    counter = DataVersion.objects.using(using).filter(pk=1).first()
    return counter.number if counter else 0


def _text(content: Image | None) -> str:
    return "" if content is None else canonical(content)


def take_numbers(count: int, using: str = "default") -> int:
    """Take the next numbers, the last thing of a transaction: the counter is locked to its end; the last."""
    table = DataVersion._meta.db_table
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET number = number + %s WHERE id = 1 RETURNING number",  # noqa: S608 (our own table)
            [count],
        )
        if row := cursor.fetchone():
            return int(row[0])
        cursor.execute(f"INSERT INTO {table} (id, number) VALUES (1, %s)", [count])  # noqa: S608
        return count
