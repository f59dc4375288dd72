"""What follows from a form as it is typed: derived values and remarks. Nothing of it is stored or logged."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from registry.exceptions import NotFound
from registry.forms.as_typed import as_typed
from registry.forms.form_page import live_remarks
from registry.forms.live_values import panel
from registry.forms.posted import read
from registry.forms.remark import usual_reasons
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.views.opened import Opened, open_form


@require_POST
@login_required
def form_preview(request: HttpRequest, case_id: object, form: str) -> HttpResponse:
    """Of a form that does not repeat, or of a new row of one that does."""
    opened = open_form(request, case_id, form)
    return _preview(opened if opened.repeats else replace(opened, seq=1))


@require_POST
@login_required
def form_row_preview(request: HttpRequest, case_id: object, form: str, seq: int) -> HttpResponse:
    """Of a stored row of a form that repeats."""
    opened = open_form(request, case_id, form, repeats=True, seq=seq)
    if opened.place.row is None:
        raise NotFound
    return _preview(opened)


def _preview(opened: Opened) -> HttpResponse:
    check_user_can(opened.request.user, Verb.RECORD, opened.case.center)
    place = opened.place
    posted = read(opened.request.POST, place.variables)
    now = as_typed(place, posted)
    context = {
        "panel": panel(now.kept, now.facts, now.derived, opened.page.whole.derived),
        "remarks": live_remarks(now, posted),
        "usual_reasons": usual_reasons(),
    }
    return render(opened.request, "registry/form/preview.html", context)
