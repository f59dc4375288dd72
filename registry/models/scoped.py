"""Patient rows are read for somebody, or for a stated purpose; an unscoped query raises."""

from typing import Any, Self

from django.db import models

from registry.exceptions import UnscopedRead
from registry.models.guard import AuditedQuerySet


class ScopedQuerySet(AuditedQuerySet):
    """Refuses to touch the database until `scoped` was called.

    Rows reached from a row (``case.response_rows``) carry that row's scope.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_scoped = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._is_scoped = self._is_scoped
        return clone

    def scoped(self) -> Self:
        """The same query, with leave to run. For `registry.selectors` and `registry.actions` only."""
        clone = self._clone()
        clone._is_scoped = True  # noqa: SLF001 (our own class)
        return clone

    def _check_scope(self) -> None:
        if not (self._is_scoped or "instance" in self._hints):  # type: ignore[attr-defined]
            raise UnscopedRead(f"{self.model.__name__} is read through registry.selectors")

    def _fetch_all(self) -> None:
        self._check_scope()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._check_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._check_scope()
        return super().count()

    def exists(self) -> bool:
        self._check_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check_scope()
        return super().aggregate(*args, **kwargs)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Default manager of everything that belongs to a patient."""
