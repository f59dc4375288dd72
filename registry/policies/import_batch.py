"""What the state of an import allows.

========== ============================== ====================================================
from       to                             by
========== ============================== ====================================================
UPLOADED   PREVIEWED, REFUSED, FAILED     the worker has read it
PREVIEWED  COMMITTING                     a person, with a reason
any but COMMITTED, UNDONE → REFUSED       nobody went on within 30 days: the file is removed
COMMITTING COMMITTED, OUTDATED, FAILED    the worker; outdated where somebody changed a patient since
OUTDATED   UPLOADED                       a person: preview again
FAILED     UPLOADED                       a person: try again
COMMITTED  UNDOING                        a person, with a reason
UNDOING    UNDONE, COMMITTED              the worker; back where somebody changed a row since
========== ============================== ====================================================
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from registry.exceptions import InvalidEntries, NotPermitted, ReasonRequired
from registry.models.import_batch import BatchState, ImportBatch

MAX_BYTES = 30 * 2**20
# A file and the rows of its preview are kept for so long.
KEPT = timedelta(days=30)


def check_size(size: int) -> None:
    """Raise InvalidEntries for a file that is empty or too large."""
    if size == 0:
        raise _refusal(_("The file is empty."))
    if size > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise _refusal(_("The file is larger than %(limit)s MB: split it by patients.") % {"limit": limit})


def check_can_commit(batch: ImportBatch, reason: str) -> None:
    """Raise unless the preview can be imported as it is."""
    if batch.state != BatchState.PREVIEWED:
        raise NotPermitted(_("This file cannot be imported as it is now."))
    if not batch.rows_to_write:
        raise NotPermitted(_("This file would change nothing."))
    check_reason(reason)


def check_can_preview_again(batch: ImportBatch) -> None:
    """Raise unless the file is to be read once more."""
    if batch.state not in (BatchState.OUTDATED, BatchState.FAILED):
        raise NotPermitted(_("This file cannot be previewed again now."))


def check_can_undo(batch: ImportBatch, reason: str) -> None:
    """Raise unless the import can be undone."""
    if batch.state != BatchState.COMMITTED:
        raise NotPermitted(_("This import cannot be undone now."))
    check_reason(reason)


def check_reason(reason: str) -> None:
    """Raise ReasonRequired unless there is one."""
    if not reason.strip():
        raise ReasonRequired(_("Please say why."))


def _refusal(message: str) -> InvalidEntries:
    return InvalidEntries({("import", 1, "file"): [message]})
