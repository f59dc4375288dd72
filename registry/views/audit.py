"""The audit trail for those who watch over it: headers, filtered and paged, and one event at a time."""

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.audit.log import data_version
from registry.forms.audit import AuditFilterForm
from registry.models import Action, Event
from registry.permissions.verbs import Verb
from registry.selectors import audit as selectors
from registry.views.access import needs


@require_safe
@needs(Verb.VIEW_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Events, the newest first."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    wanted = form.wanted()
    page = selectors.events(
        wanted, before=_number(request.GET.get("before")), after=_number(request.GET.get("after"))
    )
    context = {
        "form": form,
        "page": page,
        "rows": [(event, record_name(event)) for event in page.events],
        "filtered": wanted != selectors.Wanted(),
        "data_version": data_version(),
    }
    return render(request, "registry/audit/audit.html", context)


@require_safe
@needs(Verb.VIEW_AUDIT)
def audit_event(request: HttpRequest, number: int) -> HttpResponse:
    """The header of one event."""
    event, newest = selectors.event(number), data_version()
    context = {
        "event": event,
        "record": record_name(event),
        "data_version": newest,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < newest else None,
    }
    return render(request, "registry/audit/event.html", context)


def record_name(event: Event) -> str:
    """What the event is about, in a word; nothing where its action says so itself."""
    if event.action == Action.ROLE:
        return ""
    for model in apps.get_models():
        if model._meta.db_table == event.table:
            return str(model._meta.verbose_name)
    return event.table


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
