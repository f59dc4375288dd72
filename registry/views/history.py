"""The history of a case: every change, who made it, when, from where, why; of one field beside it."""

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.audit import history
from registry.dictionary.catalog import CASE_FORMS
from registry.exceptions import NotFound
from registry.forms.history import told
from registry.forms.wording import label_of
from registry.models import CASE_ROWS, Case
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.facts import rows_of

PER_PAGE = 50


@require_safe
@login_required
def case_history(request: HttpRequest, case_id: object) -> HttpResponse:
    """All changes, those of one form (`form`), or those of one field (`form`, `seq`, `field`)."""
    case = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_HISTORY, case.center)
    form = request.GET.get("form", "")
    if form and form not in CASE_ROWS:
        raise NotFound
    if form and request.GET.get("field"):
        return _field(request, case, form, request.GET["field"])
    before = request.GET.get("before", "")
    entries = history.of_case(
        case.pk,
        table=CASE_ROWS[form]._meta.db_table if form else "",
        limit=PER_PAGE + 1,
        before=int(before) if re.fullmatch(r"[0-9]{1,18}", before) else None,
    )
    context = {
        "case": case,
        "entries": told(entries[:PER_PAGE]),
        "older": entries[PER_PAGE - 1].event.number if len(entries) > PER_PAGE else None,
        "forms": [(name, _(each.label)) for name, each in CASE_FORMS.items()],
        "chosen": form,
        "is_first_page": not before,
    }
    return render(request, "registry/history/case.html", context)


def _field(request: HttpRequest, case: Case, form: str, name: str) -> HttpResponse:
    seq = request.GET.get("seq", "")
    row = next((row for row in rows_of(case)[form] if str(row.seq) == seq), None)
    variable = next((v for v in CASE_ROWS[form].variables if v.name == name), None)
    if row is None or variable is None:
        raise NotFound
    context = {
        "case": case,
        "row": row,
        "form": CASE_FORMS[form],
        "label": label_of(variable),
        "entries": told(history.of_field(case.pk, str(row.pk), name), only=name),
    }
    template = "registry/history/field_changes.html" if request.htmx else "registry/history/field.html"
    return render(request, template, context)
