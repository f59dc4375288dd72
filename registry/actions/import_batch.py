"""What a person does with a file of data: bring it, import it after its preview, undo the import."""

import hashlib
import re
import unicodedata

from django.utils.translation import get_language

from registry.actions.change import change
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.models import Center, ImportBatch, ImportWork
from registry.models.import_batch import BatchState
from registry.permissions.verbs import Verb
from registry.policies.import_batch import (
    check_can_commit,
    check_can_preview_again,
    check_can_undo,
    check_size,
)


def upload(
    actor: Actor, center: Center, name: str, content: bytes, *, completing: bool = False
) -> ImportBatch:
    """Keep a file for the worker to read; nothing of it is imported yet.

    Parameters
    ----------
    name : of the file, as the browser gives it.
    completing : rows become complete where nothing is owed and no warning is unconfirmed.

    Raises
    ------
    InvalidEntries, NotPermitted
    """
    check_actor_can(actor, Verb.IMPORT, center)
    check_size(len(content))
    batch = ImportBatch(
        center=center,
        state=BatchState.UPLOADED,
        name=clean_name(name),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        completing=completing,
        uploaded_by=actor.name,
        uploaded_by_id=_id_of(actor),
    )
    with change(actor.within(str(batch.pk)), center=center) as work:
        batch.uploaded_at = work.at
        work.create(batch)
        ImportWork.objects.create(batch=batch, content=content, language=get_language() or "en")
    return batch


def commit(actor: Actor, batch: ImportBatch, reason: str) -> ImportBatch:
    """Ask for the previewed rows to be imported: all, or none where somebody changed a patient since.

    Raises
    ------
    ReasonRequired, NotPermitted
    """
    check_actor_can(actor, Verb.IMPORT, batch.center)
    with change(actor.within(str(batch.pk)), center=batch.center, reason=reason.strip()) as work:
        stored = _locked(batch)
        check_can_commit(stored, reason)
        before = image(stored)
        stored.state, stored.reason, stored.failure = BatchState.COMMITTING, reason.strip(), ""
        stored.committed_by, stored.committed_by_id = actor.name, _id_of(actor)
        work.update(stored, before)
        _start(stored)
    return stored


def preview_again(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Have the file read once more. Raises NotPermitted."""
    check_actor_can(actor, Verb.IMPORT, batch.center)
    with change(actor.within(str(batch.pk)), center=batch.center) as work:
        stored = _locked(batch)
        check_can_preview_again(stored)
        before = image(stored)
        stored.state, stored.failure, stored.reason = BatchState.UPLOADED, "", ""
        stored.committed_by = stored.committed_by_id = ""
        work.update(stored, before)
        _start(stored)
    return stored


def undo(actor: Actor, batch: ImportBatch, reason: str) -> ImportBatch:
    """Ask for an import to be taken back: all of it, or none where somebody changed a row since.

    Raises
    ------
    ReasonRequired, NotPermitted
    """
    check_actor_can(actor, Verb.IMPORT, batch.center)
    with change(actor.within(str(batch.pk)), center=batch.center, reason=reason.strip()) as work:
        stored = _locked(batch)
        check_can_undo(stored, reason)
        before = image(stored)
        stored.state, stored.undo_reason, stored.failure = BatchState.UNDOING, reason.strip(), ""
        stored.undone_by, stored.undone_by_id = actor.name, _id_of(actor)
        work.update(stored, before)
        _start(stored)
    return stored


def clean_name(name: str) -> str:
    """A file's name as it is shown: no folders, no characters that do something, at most 120."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    return shown.strip()[-120:] or "–"


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update().get(pk=batch.pk)  # type: ignore[no-any-return]


def _start(batch: ImportBatch) -> None:
    ImportWork.objects.filter(batch=batch).update(attempts=0, done=0, total=0)


def _id_of(actor: Actor) -> str:
    return str(actor.user.pk) if actor.user else ""
