"""A center's own reference for a patient, set and taken away from the case page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.actions import own_reference as actions
from registry.exceptions import InvalidEntries
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.views.actor import actor_of


@require_POST
@login_required
def own_reference(request: HttpRequest, case_id: object) -> HttpResponse:
    """Set the reference; an empty one takes it away."""
    case = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_OWN_REFERENCE, case.center)
    typed = request.POST.get("own_reference", "")
    try:
        if typed.strip():
            actions.assign(actor_of(request), case, typed)
        else:
            actions.clear(actor_of(request), case)
    except InvalidEntries as refused:
        context = {"case": case, "typed": typed, "error": str(refused)}
        return render(request, "registry/own_reference/own_reference.html", context, status=422)
    messages.success(
        request, _("Your reference is saved.") if typed.strip() else _("Your reference is gone.")
    )
    return redirect("case", case.pk)
