"""The unit of work: rows, audit events and derived case in one transaction, or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from registry.actions.derive import derived_columns
from registry.audit import log
from registry.audit.actor import Actor
from registry.audit.canonical import Image, image
from registry.dictionary.facts import Facts
from registry.models import Action, Case, CaseRow, Center, DerivedCase
from registry.models.guard import writes_allowed
from registry.selectors.facts import facts_of, rows_of


class Change:
    """What one action writes. Rows go through `create`, `update` and `delete`; each leaves an event.

    Attributes
    ----------
    at : the instant of the action, the same on every row and event of it.
    data_version : after the action; 0 before its end.
    """

    def __init__(self, actor: Actor, case: Case | None, center: Center | None, reason: str) -> None:
        self.actor = actor
        self.case = case
        self.center = center or (case.center if case else None)
        self.reason = reason
        self.at: datetime = timezone.now()
        self.data_version = 0
        self.drafts: list[log.Draft] = []
        self._rows: dict[str, list[CaseRow]] | None = None
        self._facts: Facts | None = None

    def rows(self, case: Case) -> dict[str, list[CaseRow]]:
        """All rows of the case this change is about, as they stand within it; read once, under its lock."""
        if self._rows is None:
            self._rows = rows_of(case)
        return self._rows

    def facts(self, case: Case) -> Facts:
        """The facts of those rows."""
        if self._facts is None:
            self._facts = facts_of(case, self.rows(case))
        return self._facts

    def create(self, row: models.Model, action: Action = Action.CREATE) -> None:
        """Insert `row`."""
        self._stamp(row)
        row.save(force_insert=True)
        self._keep(row)
        self._note(action, row, None, image(row))

    def create_all(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model at once."""
        if not rows:
            return
        for row in rows:
            self._stamp(row)
        type(rows[0])._default_manager.bulk_create(rows)
        for row in rows:
            self._keep(row)
            self._note(Action.CREATE, row, None, image(row))

    def update(self, row: models.Model, before: Image, action: Action = Action.UPDATE) -> bool:
        """Save `row`, which was `before`; False, and nothing written, when nothing differs."""
        if image(row) == before:
            return False
        if hasattr(row, "version"):
            row.version += 1
        self._stamp(row)
        row.save(force_update=True)
        self._keep(row)
        self._note(action, row, before, image(row))
        return True

    def delete(self, row: models.Model) -> None:
        """Remove `row`."""
        row_id, before = row.pk, image(row)
        row.delete()
        row.pk = row_id
        self._keep(row, removed=True)
        self._note(Action.DELETE, row, before, None)

    def note(self, action: Action, table: str = "", row_id: str = "", after: Image | None = None) -> None:
        """An event about something that is no audited row: a login, an export, a lock."""
        self.drafts.append(log.Draft(action, table, row_id, "", self.center, None, after))

    def rebuild(self, case: Case, *, changed: bool = True) -> None:
        """Derive a case anew; `changed` says that its facts did by this action, and not only the rules."""
        if case == self.case:
            columns = derived_columns(self.facts(case), self.rows(case))
        else:
            rows = rows_of(case)
            columns = derived_columns(facts_of(case, rows), rows)
        if changed:
            columns |= {"changed_at": self.at, "changed_by": self.actor.name}
        if not DerivedCase.objects.filter(case=case).scoped().update(**columns):
            DerivedCase(case=case, **columns).save(force_insert=True)

    def _keep(self, row: models.Model, *, removed: bool = False) -> None:
        if isinstance(row, CaseRow) and self.case is not None:
            rows = self.rows(self.case)
            self._facts = None
            others = [other for other in rows[row.form.name] if other.pk != row.pk]
            rows[row.form.name] = others if removed else sorted([*others, row], key=lambda each: each.seq)

    def _stamp(self, row: models.Model) -> None:
        if hasattr(row, "updated_at"):
            row.updated_at = self.at

    def _note(self, action: Action, row: models.Model, before: Image | None, after: Image | None) -> None:
        case_id = row.pk if isinstance(row, Case) else getattr(row, "case_id", None)
        self.drafts.append(
            log.Draft(action, row._meta.db_table, str(row.pk), str(case_id or ""), self.center, before, after)
        )


@contextmanager
def change(
    actor: Actor, *, case: Case | None = None, center: Center | None = None, reason: str = ""
) -> Iterator[Change]:
    """Do one action: lock its case first, then check, write, derive, and number the events last.

    Locking first keeps two forms of one case, saved together, from each deriving without the other.
    """
    with transaction.atomic(), writes_allowed():
        if case is not None:
            Case.objects.filter(pk=case.pk).scoped().select_for_update().get()
        work = Change(actor, case, center, reason)
        yield work
        if work.drafts:
            if work.case is not None:
                work.rebuild(work.case)
            work.data_version = log.append(work.drafts, actor, work.at, reason)
