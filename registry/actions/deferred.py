"""A change of many cases: made ready portion by portion, then written in one short transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import models

from registry.actions import bulk
from registry.actions.bulk import Pack
from registry.actions.change import Change
from registry.audit import log
from registry.audit.actor import Actor
from registry.models import Center, DerivedCase

Rows = dict[type[models.Model], list[models.Model]]


class Deferred(Change):
    """A `Change` whose rows and events wait, packed, for `send`.

    Whoever prepares it outside of the transaction must look within it, before `send`, that nothing of
    what it was prepared from has changed.

    Attributes
    ----------
    derived : ids of the cases that have a row of `DerivedCase`.
    """

    def __init__(self, actor: Actor, center: Center, reason: str) -> None:
        super().__init__(actor, None, center, reason)
        self.derived: Collection[UUID] = ()
        self._inserted: Rows = defaultdict(list)
        self._corrected: Rows = defaultdict(list)
        self._removed: Rows = defaultdict(list)
        self._packs: list[Pack] = []
        self._events: list[tuple[Pack, Pack]] = []

    def _write_new(self, rows: Sequence[models.Model]) -> None:
        self._inserted[type(rows[0])] += rows

    def _write_changed(self, row: models.Model) -> None:
        self._corrected[type(row)].append(row)

    def _write_removed(self, row: models.Model) -> None:
        self._removed[type(row)].append(row)

    def _write_derived(self, derived: DerivedCase, columns: Mapping[str, Any]) -> None:
        # An update names the same columns for every row, so "who changed it last" must be among them.
        (self._corrected if derived.pk in self.derived else self._inserted)[DerivedCase].append(derived)

    def forget_derived(self, derived: DerivedCase) -> None:
        """Remove what is derived of a case that goes: no fact of its own, hence no event."""
        self._removed[DerivedCase].append(derived)

    def pack(self) -> None:
        """Make ready what has come together since the last time."""
        for waiting, made in (
            (self._inserted, bulk.insertion),
            (self._corrected, bulk.correction),
            (self._removed, bulk.removal),
        ):
            self._packs += _packed(waiting, made)
        for drafts in bulk.in_portions(self.drafts):
            headers, payloads = log.unnumbered(drafts, self.actor, self.at, self.reason)
            self._events.append((bulk.insertion(headers), bulk.insertion(payloads)))
        self.drafts = []

    def send(self) -> None:
        """Write everything, the events last; the numbers of its events are then up to `data_version`.

        Raises
        ------
        StaleVersion
            A row is not what it was when it was prepared.
        """
        self.pack()
        for pack in self._packs:
            pack.send()
        number = log.take_numbers(self.events) - self.events + 1
        for headers, payloads in self._events:
            headers.send_numbered(number)
            payloads.send_numbered(number)
            number += headers.rows
        self.data_version = number - 1

    @property
    def events(self) -> int:
        """How many events it has so far."""
        return sum(headers.rows for headers, _payloads in self._events) + len(self.drafts)


def _packed(waiting: Rows, made: Callable[[Sequence[models.Model]], Pack]) -> list[Pack]:
    portions = chain.from_iterable(bulk.in_portions(rows) for rows in waiting.values())
    packs = [made(portion) for portion in portions]
    waiting.clear()
    return packs
