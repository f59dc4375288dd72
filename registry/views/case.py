"""One case: who it is, what follows from its data, and the state of its forms."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.exceptions import NotPermitted
from registry.forms.derived_values import groups
from registry.forms.eligibility import why_ineligible
from registry.forms.remark import usual_reasons
from registry.forms.row_table import row_table
from registry.forms.timeline import timeline
from registry.models import User
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.case_page import FormState, case_page
from registry.selectors.own_reference import own_reference
from registry.views.data_query import open_panel


@require_safe
@login_required
def case(request: HttpRequest, case_id: object) -> HttpResponse:
    """The case page."""
    found = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_CASES, found.center)
    page = case_page(found)
    context = {
        "case": found,
        "page": page,
        "forms": [(form, _table(form)) for form in page.forms],
        "groups": groups(page.derived.values) if page.derived else [],
        "timeline": timeline(page.whole.facts, page.whole.derived),
        "why_ineligible": why_ineligible(page.facts.one("enrolment")),
        "why_not": why_not(request.user, Verb.RECORD, found.center),
        "may_view_history": user_can(request.user, Verb.VIEW_HISTORY, found.center),
        "panel": open_panel(request, page.whole),
        "reasons": usual_reasons(),
        "may_refer": user_can(request.user, Verb.VIEW_OWN_REFERENCE, found.center),
    }
    if context["may_refer"]:
        context["own_reference"] = own_reference(found)
    return render(request, "registry/case/case.html", context)


def why_not(user: User, verb: Verb, center: object) -> str:
    """Why the person may not do something, for the button that is not theirs; "" when they may."""
    try:
        check_user_can(user, verb, center)
    except NotPermitted as refusal:
        return str(refusal)
    return ""


def _table(form: FormState) -> object:
    return (
        row_table(form.name, [state.row for state in form.rows])
        if form.form.repeating and form.rows
        else None
    )
