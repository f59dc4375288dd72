"""Replaying events: the state of every row after event n is its latest after-image up to n."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import loads

from registry.audit.canonical import Image
from registry.models import Action, Event, EventPayload

ROW_ACTIONS = (Action.CREATE, Action.UPDATE, Action.DELETE, Action.ROLE)


@dataclass(frozen=True)
class Change:
    """One event with its payload."""

    event: Event
    salt: str
    before: str
    after: str

    @property
    def key(self) -> tuple[str, str]:
        return self.event.table, self.event.row_id

    def before_image(self) -> Image | None:
        return upcast(self.before, self.event.schema)

    def after_image(self) -> Image | None:
        return upcast(self.after, self.event.schema)


def upcast(text: str, schema: int) -> Image | None:
    """The image a payload's text holds, in today's shape; None where there is no row."""
    if schema != 1:
        raise ValueError(f"unknown payload schema {schema}")
    image: Image | None = loads(text) if text else None
    return image


def changes(*, upto: int | None = None, using: str = "default", chunk: int = 2000) -> Iterator[Change]:
    """Every event in order, with its payload; a missing payload yields empty texts."""
    last = 0
    while True:
        events = list(Event.objects.using(using).filter(number__gt=last).order_by("number")[:chunk])
        if not events:
            return
        for change in with_payloads(events, using):
            if upto is not None and change.event.number > upto:
                return
            yield change
        last = events[-1].number


def with_payloads(events: Sequence[Event], using: str = "default") -> Iterator[Change]:
    """The events in the order given, each with its payload; a missing payload yields empty texts."""
    payloads = EventPayload.objects.using(using).in_bulk([event.number for event in events])
    missing = EventPayload(salt="", before="", after="")
    for event in events:
        payload = payloads.get(event.number, missing)
        yield Change(event, payload.salt, payload.before, payload.after)


def state(*, upto: int | None = None, using: str = "default") -> dict[tuple[str, str], str]:
    """(table, row id) → canonical text of the row, as of event `upto`."""
    rows: dict[tuple[str, str], str] = {}
    for change in changes(upto=upto, using=using):
        if change.event.action not in ROW_ACTIONS or not change.event.table:
            continue
        if change.after:
            rows[change.key] = change.after
        else:
            rows.pop(change.key, None)
    return rows
