"""Nothing writes audited rows but an action: the database layer refuses everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from registry.exceptions import UnauditedWrite

_writing: ContextVar[bool] = ContextVar("registry_writing", default=False)


@contextmanager
def writes_allowed() -> Iterator[None]:
    """Within this context audited rows can be written. For `registry.actions` only; a test looks."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def refuse_unaudited(what: str) -> None:
    """Raise UnauditedWrite unless an action is at work."""
    if not _writing.get():
        raise UnauditedWrite(f"{what} is written by registry.actions only")


class AuditedQuerySet(models.QuerySet[Any]):
    """A queryset whose writes go through actions, too."""

    def _refuse(self) -> None:
        refuse_unaudited(self.model.__name__)

    def update(self, **kwargs: Any) -> int:
        self._refuse()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse()
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        self._refuse()
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse()
        return super().bulk_update(*args, **kwargs)


class Audited(models.Model):
    """A row of which every change is an event."""

    # Columns an event shows; None means all of them. A model with secrets names those it may show.
    audited_columns: tuple[str, ...] | None = None

    objects = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_unaudited(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_unaudited(type(self).__name__)
        return super().delete(*args, **kwargs)
