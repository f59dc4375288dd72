"""One worker at a time is at an import; one that died is taken over. Times are the database's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from registry.models.import_batch import UNDER_WAY, ImportBatch, ImportWork

# A worker that was killed is missed after this long; one that lives says so with every portion of its work.
DURATION = timedelta(seconds=30)
# A file that kills its worker again and again is given up.
MAX_ATTEMPTS = 3


class LeaseLost(Exception):
    """Somebody else is at this import now: nothing more may be stored."""


@dataclass(frozen=True)
class Lease:
    """An import in hand."""

    batch: ImportBatch
    holder: str

    @contextmanager
    def storing(self, **progress: int) -> Iterator[None]:
        """A transaction in which the import is still ours, and our progress noted."""
        with transaction.atomic():
            if not _work(self).update(expires_at=Now() + DURATION, **progress):
                raise LeaseLost
            yield

    def say(self, done: int, total: int) -> None:
        """Note how far the work is."""
        with self.storing(done=done, total=total):
            pass

    @property
    def is_given_up(self) -> bool:
        return _work(self).filter(attempts__gt=MAX_ATTEMPTS).exists()


def waiting() -> QuerySet[ImportBatch]:
    """Imports with something to do, the oldest first."""
    return ImportBatch.objects.filter(state__in=UNDER_WAY).order_by("uploaded_at")


@contextmanager
def holding(batch: ImportBatch) -> Iterator[Lease | None]:
    """Take an import that nobody is at, and give it back; None when somebody is."""
    lease = Lease(batch, uuid.uuid4().hex)
    free = ImportWork.objects.filter(batch=batch).filter(Q(holder="") | Q(expires_at__lte=Now()))
    with transaction.atomic():
        taken = free.update(
            holder=lease.holder, expires_at=Now() + DURATION, attempts=F("attempts") + 1, done=0, total=0
        )
    if not taken:
        yield None
        return
    try:
        yield lease
    finally:
        _work(lease).update(holder="", expires_at=None)


def _work(lease: Lease) -> QuerySet[ImportWork]:
    return ImportWork.objects.filter(batch=lease.batch, holder=lease.holder)
