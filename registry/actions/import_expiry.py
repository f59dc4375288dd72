"""Files that were brought are not kept for longer than they are needed."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.actions.change import change
from registry.actions.import_preview import forget_rows
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.models import BatchState, ImportBatch, ImportWork, Source
from registry.policies.import_batch import KEPT

# Nothing more happens to these, or only a person's undoing, which needs the trail and not the file.
_SETTLED = (BatchState.COMMITTED, BatchState.UNDONE, BatchState.REFUSED)


def forget_old() -> int:
    """Remove the content and the previewed rows of files that came more than 30 days ago; return how many."""
    old = ImportBatch.objects.filter(uploaded_at__lt=timezone.now() - KEPT)
    kept = old.filter(Q(work__content__isnull=False) | Q(rows__isnull=False)).distinct()
    batches = list(kept.exclude(state__in=(BatchState.COMMITTING, BatchState.UNDOING)))
    for batch in batches:
        forget_rows(batch)
        ImportWork.objects.filter(batch=batch).update(content=None)
        if batch.state not in _SETTLED:
            _refuse(batch)
    return len(batches)


def _refuse(batch: ImportBatch) -> None:
    actor = Actor.system("import", Source.TASK, batch=str(batch.pk))
    with change(actor, center=batch.center) as work:
        stored = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        before = image(stored)
        stored.state = BatchState.REFUSED
        stored.failure = _("Nobody went on with it within 30 days; the file was removed.")
        work.update(stored, before)
