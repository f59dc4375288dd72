"""Forms for paper: one of a case as it is filled, and any of them blank."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form
from registry.exceptions import NotFound
from registry.forms.printed import blank, filled
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.facts import facts_of, rows_of
from registry.selectors.own_reference import own_reference
from registry.today import today


@require_safe
@login_required
def form_print(request: HttpRequest, case_id: object, form: str) -> HttpResponse:
    """A form of a case, with its answers."""
    case = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_CASES, case.center)
    known, rows = _form(form), rows_of(case)
    context = {
        "form": known,
        "sheets": filled(known, rows[form], facts_of(case, rows), today()),
        "case": case,
        "today": today(),
    }
    if user_can(request.user, Verb.VIEW_OWN_REFERENCE, case.center):
        context["own_reference"] = own_reference(case)
    return render(request, "registry/print/form.html", context)


@require_safe
@login_required
def form_print_blank(request: HttpRequest, form: str) -> HttpResponse:
    """A form to be filled by hand."""
    known = _form(form)
    context = {"form": known, "sheets": [blank(known, today())], "today": today()}
    return render(request, "registry/print/form.html", context)


def _form(name: str) -> Form:
    try:
        return CASE_FORMS[name]
    except KeyError:
        raise NotFound(_("There is no such form.")) from None
