"""Enrolling a patient: eligibility and consent first; who is not eligible is kept as screened."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.actions.case import enroll
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.facts import Facts
from registry.exceptions import Incomplete, InvalidEntries, TokenReused, Unconfirmed
from registry.forms.as_typed import Place
from registry.forms.form_page import Errors, form_page, set_aside
from registry.forms.posted import Posted, new_token, read
from registry.forms.refusal import at_fields
from registry.forms.remark import usual_reasons
from registry.models import Center
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.today import today
from registry.views.actor import actor_of

FORM = CASE_FORMS["enrolment"]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest) -> HttpResponse:
    """The enrolment form of a patient who has no code yet."""
    check_user_can(request.user, Verb.ENROLL)
    centers = [c for c in scope.centers(request.user) if user_can(request.user, Verb.ENROLL, c)]
    if request.method == "POST":
        return _enroll(request, centers)
    return _page(request, centers, centers[0] if len(centers) == 1 else None)


def _enroll(request: HttpRequest, centers: list[Center]) -> HttpResponse:
    center = next((c for c in centers if str(c.pk) == request.POST.get("center")), None)
    place = _place(center)
    posted = read(request.POST, place.variables)
    if center is None:
        return _page(request, centers, center, posted, {"center": [_("Please choose a center.")]})
    blanked, _lost = set_aside(place, posted)
    entries = posted.entries(place.variables) | blanked
    try:
        case = enroll(
            actor_of(request),
            center,
            entries,
            complete=posted.do == "complete",
            confirmations=posted.confirmations,
            token=posted.token,
        )
    except (InvalidEntries, Incomplete, Unconfirmed) as refused:
        return _page(request, centers, center, posted, at_fields(refused))
    except TokenReused as reused:
        return _page(request, centers, center, posted, {"": [str(reused)]}, renew=True)
    said = _("The patient is in the registry, under a code of its own.")
    messages.success(request, said, extra_tags=posted.token)
    return redirect("case", case.pk)


def _page(
    request: HttpRequest,
    centers: list[Center],
    center: Center | None,
    posted: Posted | None = None,
    errors: Errors | None = None,
    *,
    renew: bool = False,
) -> HttpResponse:
    page = form_page(_place(center), today(), posted=posted, errors=errors)
    context = {
        "page": page,
        "usual_reasons": usual_reasons(),
        "centers": centers,
        "center": center,
        "token": new_token() if renew or not (posted and posted.token) else posted.token,
    }
    return render(request, "registry/case/case_new.html", context, status=422 if errors else 200)


def _place(center: Center | None) -> Place:
    facts = Facts(patient_code="", center=center.record()) if center else Facts(patient_code="")
    return Place(facts, FORM, 0, None)
