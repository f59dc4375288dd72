"""One file that was brought: its preview, its import, its undoing."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from registry.actions import import_batch as actions
from registry.exceptions import NotPermitted, ReasonRequired
from registry.forms.import_rows import line_of
from registry.imports.refusals import refusals_csv
from registry.models import BatchState, ImportBatch, Outcome
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import imports
from registry.views.access import needs
from registry.views.actor import actor_of

PER_PAGE = 50
# The outcomes that are looked at, in the order of their urgency.
SHOWN = (Outcome.REFUSED, Outcome.CHANGED, Outcome.CREATED, Outcome.UNCHANGED)


@require_safe
@needs(Verb.IMPORT)
def import_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Where an import stands, and what it does row by row."""
    return render(request, "registry/imports/import_batch.html", _context(request, batch_id))


@require_safe
@needs(Verb.IMPORT)
def import_progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The state of an import that is under way; 204 while nothing differs from what the page shows."""
    context = _context(request, batch_id)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "registry/imports/_import_batch.html", context)


@require_safe
@needs(Verb.IMPORT)
def import_refusals(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The refused rows and why, as CSV."""
    batch = _get(request, batch_id)
    refused = imports.rows(batch).filter(outcome=Outcome.REFUSED)
    response = HttpResponse(refusals_csv(refused.iterator()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="refused.csv"'
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_POST
@needs(Verb.IMPORT)
def import_commit(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Import what was previewed."""
    return _command(
        request, batch_id, lambda batch: actions.commit(actor_of(request), batch, _reason(request))
    )


@require_POST
@needs(Verb.IMPORT)
def import_preview_again(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Have the file read once more."""
    return _command(request, batch_id, lambda batch: actions.preview_again(actor_of(request), batch))


@require_POST
@needs(Verb.IMPORT)
def import_undo(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take an import back."""
    return _command(request, batch_id, lambda batch: actions.undo(actor_of(request), batch, _reason(request)))


def _command(
    request: HttpRequest, batch_id: UUID, give: Callable[[ImportBatch], ImportBatch]
) -> HttpResponse:
    batch = _get(request, batch_id)
    try:
        give(batch)
    except (ReasonRequired, NotPermitted) as refused:
        # What the state does not allow any more was pressed on a page that is behind.
        messages.warning(request, str(refused))
    return redirect("import_batch", batch.pk)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\x00", "")[:500]


def _get(request: HttpRequest, batch_id: UUID) -> ImportBatch:
    batch = imports.batch(request.user, batch_id)
    check_user_can(request.user, Verb.IMPORT, batch.center)
    return batch


def _context(request: HttpRequest, batch_id: UUID) -> dict[str, object]:
    batch = _get(request, batch_id)
    work = imports.progress(batch)
    counts = {
        Outcome.REFUSED: batch.rows_refused,
        Outcome.CHANGED: batch.rows_changed,
        Outcome.CREATED: batch.rows_created,
        Outcome.UNCHANGED: batch.rows_unchanged,
    }
    show = request.GET.get("show", "")
    if show not in SHOWN:
        show = next((outcome for outcome in SHOWN if counts[outcome]), Outcome.CREATED)
    context: dict[str, object] = {
        "batch": batch,
        "work": work,
        "seen": f"{batch.state}.{work.done}.{work.total}",
        "counts": [(outcome, outcome.label, counts[outcome]) for outcome in SHOWN],
        "show": show,
    }
    if not batch.is_under_way or batch.state != BatchState.UPLOADED:
        rows = imports.rows(batch).filter(outcome=show)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": [line_of(row) for row in page]}
    return context
