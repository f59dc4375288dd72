"""Holding a lease: one process at a time does a kind of work, and a dead one is taken over.

Times are the database's, so that hosts whose clocks differ agree on when a lease has expired.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from analytics.models import Lease

logger = structlog.get_logger(__name__)

# A worker that was killed is missed after this long; one that lives renews four times as often.
DURATION = timedelta(seconds=20)
RENEWAL_SECONDS = 5.0


class LeaseLost(Exception):
    """Somebody else holds the lease now: whatever was computed under it must not be stored."""


@dataclass(frozen=True)
class Held:
    """A lease in hand; `token` is its fence."""

    name: str
    holder: str
    token: int

    def check(self) -> None:
        """Raise LeaseLost unless the lease is ours. In a transaction, where it stays ours to the end."""
        rows = Lease.objects.filter(name=self.name, holder=self.holder, token=self.token)
        if not rows.select_for_update().exists():
            raise LeaseLost(self.name)

    def renew(self) -> None:
        """Push the expiry back. Raises LeaseLost when somebody took the lease over."""
        rows = Lease.objects.filter(name=self.name, holder=self.holder, token=self.token)
        if not rows.update(expires_at=Now() + DURATION):
            raise LeaseLost(self.name)

    def release(self) -> None:
        """Give the lease back at once; nothing happens when it is not ours any more."""
        Lease.objects.filter(name=self.name, holder=self.holder, token=self.token).update(
            holder="", expires_at=None
        )


def take(name: str, *, pause: timedelta = timedelta(0)) -> Held | None:
    """Take a lease that is free or expired; None when somebody holds it.

    Parameters
    ----------
    pause : shortest time between two takings, whoever takes; it paces the work.
    """
    lease = Lease.objects.filter(name=name)
    free = lease.filter(Q(holder="") | Q(expires_at__lte=Now())).filter(
        Q(taken_at=None) | Q(taken_at__lte=Now() - pause)
    )
    if not free.exists():
        if lease.exists():
            return None
        Lease.objects.bulk_create([Lease(name=name)], ignore_conflicts=True)
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:120]
    with transaction.atomic():
        if not free.update(holder=holder, token=F("token") + 1, taken_at=Now(), expires_at=Now() + DURATION):
            return None
        token = lease.values_list("token", flat=True).get()
    return Held(name, holder, token)


@contextmanager
def holding(name: str, *, pause: timedelta = timedelta(0)) -> Iterator[Held | None]:
    """Take a lease, renew it for as long as the block runs, and give it back.

    Yields None when somebody else holds it.
    """
    held = take(name, pause=pause)
    if held is None:
        yield None
        return
    done = threading.Event()
    renewer = threading.Thread(target=_keep, args=(held, done), name=f"lease {name}", daemon=True)
    renewer.start()
    try:
        yield held
    finally:
        done.set()
        renewer.join()
        held.release()


def _keep(held: Held, done: threading.Event) -> None:
    """Renew until done; a lease that was lost is noticed by `check` when the work is stored."""
    try:
        while not done.wait(RENEWAL_SECONDS):
            try:
                held.renew()
            except LeaseLost:
                return
            except DatabaseError:
                # Missing one renewal loses nothing; on a new connection the next may succeed.
                logger.warning("lease_not_renewed", lease=held.name)
                connection.close()
    finally:
        connection.close()
