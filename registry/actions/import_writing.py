"""Writing what was made ready for an import: in one transaction, if nothing it was made from has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions.bulk import in_portions
from registry.actions.change import change
from registry.actions.deferred import Deferred
from registry.actions.import_lease import Lease
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.exceptions import StaleVersion
from registry.models import CASE_ROWS, Case, Center, ImportBatch, ImportRow, Source, User
from registry.models.guard import writes_allowed
from registry.models.import_batch import BatchState
from registry.permissions.verbs import Verb
from registry.selectors import imports

# Others may save meanwhile: then it is made ready again, as often as this.
TRIES = 3
NAMED = 10


def actor_of(batch: ImportBatch, user_id: str, name: str) -> Actor:
    """Who asked for it, as they are now: whoever has lost the role may not finish it.

    Raises
    ------
    NotPermitted
    """
    if user_id:
        actor = Actor.person(User.objects.get(pk=user_id), Source.IMPORT, batch=str(batch.pk))
    else:
        actor = Actor.system(name, Source.IMPORT, batch=str(batch.pk))
    check_actor_can(actor, Verb.IMPORT, batch.center)
    check_actor_can(actor, Verb.RECORD, batch.center)
    return actor


@contextmanager
def writing(
    lease: Lease, work: Deferred, cases: Collection[UUID], since: int, check: Callable[[], None]
) -> Iterator[ImportBatch]:
    """Write `work`; the block then says what became of the import.

    Parameters
    ----------
    cases : the stored cases it is about.
    since : the data version it was made from.
    check : raises StaleVersion where something else it was made from has changed.

    Raises
    ------
    StaleVersion
        Something of these cases was changed since; nothing is written.
    LeaseLost
    """
    batch = lease.batch
    with lease.storing(), writes_allowed():
        stored = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if stored.state != batch.state:
            raise StaleVersion("the import has gone on elsewhere")
        # In the order of every action: the center, under which codes are issued, then the cases.
        Center.objects.select_for_update().get(pk=batch.center_id)
        for some in in_portions(sorted(cases)):
            list(Case.objects.filter(pk__in=some).order_by("pk").scoped().select_for_update().values("pk"))
        if imports.changed_since(batch.center, since, None) & {str(pk) for pk in cases}:
            raise StaleVersion("a case was changed while the import was made ready")
        if imports.ranges_changed_since(batch.center, since):
            raise StaleVersion("reference ranges were changed while the import was made ready")
        check()
        work.send()
        before = image(stored)
        with change(work.actor, center=batch.center, reason=work.reason) as step:
            yield stored
            step.update(stored, before)


def settle(lease: Lease, state: BatchState, failure: str, **columns: object) -> None:
    """Note how far an import is, and why no further."""
    batch = lease.batch
    actor = Actor.system("import", Source.IMPORT, batch=str(batch.pk))
    with lease.storing(), change(actor, center=batch.center) as step:
        stored = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        before = image(stored)
        stored.state, stored.failure = state, failure[:500]
        for name, value in columns.items():
            setattr(stored, name, value)
        step.update(stored, before)


def named(rows: Collection[ImportRow]) -> str:
    """Rows of the file as a person finds them: "Baseline 3, Baseline 7 …"."""
    ordered = sorted(rows, key=lambda row: row.position)
    names = [
        _("%(form)s line %(line)s") % {"form": _(CASE_ROWS[row.form].form.label), "line": row.line}
        for row in ordered[:NAMED]
    ]
    return ", ".join(names) + ("  …" if len(ordered) > NAMED else "")
