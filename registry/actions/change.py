"""The unit of work: rows, audit events and derived case in one transaction, or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from registry.actions.derive import derived_columns
from registry.actions.queries import Confirmations, follow
from registry.audit import log
from registry.audit.actor import Actor
from registry.audit.canonical import Image, image
from registry.edit_checks.finding import Severity
from registry.models import Action, Case, CaseRow, Center, DerivedCase
from registry.models.guard import writes_allowed
from registry.selectors.compiled import lock
from registry.selectors.facts import rows_of
from registry.selectors.whole_case import WholeCase
from registry.today import today


class Change:
    """What one action writes. Rows go through `create`, `update` and `delete`; each leaves an event.

    Attributes
    ----------
    at : the instant of the action, the same on every row and event of it.
    confirmations : warnings and queries the person calls correct, each with its reason.
    outdated : whether facts of the case were written, so that what follows from them is to be computed.
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
        self.confirmations: Confirmations = {}
        self._whole: WholeCase | None = None
        self.outdated = False

    def whole(self, case: Case) -> WholeCase:
        """The case this change is about as it stands within it; read once, under its lock."""
        if self._whole is None:
            # Whether there is a twin changes with certain forms only, and is asked once a day anyway.
            self._whole = WholeCase(case, rows_of(case), asks_twin=False)
        return self._whole

    def create(self, row: models.Model, action: Action = Action.CREATE) -> None:
        """Insert `row`."""
        self._stamp(row)
        self._write_new([row])
        self._keep(row)
        self._note(action, row, None, image(row))

    def create_all(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model at once."""
        if not rows:
            return
        for row in rows:
            self._stamp(row)
        self._write_new(rows)
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
        self._write_changed(row)
        self._keep(row)
        self._note(action, row, before, image(row))
        return True

    def delete(self, row: models.Model) -> None:
        """Remove `row`."""
        before = image(row)
        self._write_removed(row)
        self._keep(row, removed=True)
        self._note(Action.DELETE, row, before, None)

    def note(self, action: Action, table: str = "", row_id: str = "", after: Image | None = None) -> None:
        """An event about something that is no audited row: a login, an export, a lock."""
        self.drafts.append(log.Draft(action, table, row_id, "", self.center, None, after))

    def rebuild(self, case: Case, *, changed: bool = True) -> None:
        """Derive a case anew; `changed` says that its facts did by this action, and not only the rules."""
        whole = self.whole(case) if case == self.case else WholeCase(case, rows_of(case))
        self.derive(whole if self.outdated else replace(whole, asks_twin=True), changed=changed)

    def derive(self, whole: WholeCase, *, changed: bool = True) -> None:
        """Store what follows from a case's rows, given as they will be."""
        columns = derived_columns(whole.facts, whole.rows, whole.derived)
        columns |= self._follow(whole) | {
            "checked_on": today(),
            "checks_version": whole.checked_under.version,
        }
        if changed:
            columns |= {"changed_at": self.at, "changed_by": self.actor.name}
        self._write_derived(DerivedCase(case=whole.case, **columns), columns)

    # --- How it reaches the database ---

    def _write_new(self, rows: Sequence[models.Model]) -> None:
        if len(rows) == 1:
            rows[0].save(force_insert=True)
        else:
            type(rows[0])._default_manager.bulk_create(rows)

    def _write_changed(self, row: models.Model) -> None:
        row.save(force_update=True)

    def _write_removed(self, row: models.Model) -> None:
        row_id = row.pk
        row.delete()
        row.pk = row_id

    def _write_derived(self, derived: DerivedCase, columns: Mapping[str, Any]) -> None:
        if not DerivedCase.objects.filter(pk=derived.pk).scoped().update(**columns):
            derived.save(force_insert=True)

    # --- What follows ---

    def _follow(self, whole: WholeCase) -> dict[str, int]:
        """Bring the queries of a case up to its findings; how many are open then, as columns."""
        followed = follow(whole, self.confirmations, self.actor.name, self.at)
        self.create_all(followed.new)
        for query, before in followed.changed:
            self.update(query, before)
        opened = followed.open_by_severity
        return {
            "open_errors": opened[Severity.ERROR],
            "open_warnings": opened[Severity.WARNING],
            "open_queries": opened[Severity.QUERY],
        }

    def _keep(self, row: models.Model, *, removed: bool = False) -> None:
        self.outdated = self.outdated or isinstance(row, Case | CaseRow)
        if isinstance(row, CaseRow) and self.case is not None:
            self._whole = self.whole(self.case).after(row, removed=removed)

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
            lock(case, connection)
        work = Change(actor, case, center, reason)
        yield work
        if work.case is not None and (work.outdated or work.confirmations):
            work.rebuild(work.case, changed=work.outdated)
        if work.drafts:
            work.data_version = log.append(work.drafts, actor, work.at, reason)
