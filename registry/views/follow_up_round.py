"""One grid of all patients who are still followed: who is alive, dead or lost, and since when."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.actions import record
from registry.audit.actor import Actor
from registry.exceptions import Incomplete, InvalidEntries, TokenReused, Unconfirmed
from registry.forms import follow_up_round as forms
from registry.forms.follow_up_round import Call
from registry.forms.posted import new_token
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.follow_up_round import Followed, followed
from registry.today import today
from registry.views.access import needs
from registry.views.actor import actor_of
from registry.views.form import METHODS


@require_http_methods(METHODS)
@needs(Verb.RECORD)
def follow_up_round(request: HttpRequest) -> HttpResponse:
    """The round; each patient is saved in a transaction of their own, with an answer of their own."""
    patients = _patients(request)
    if request.method != "POST":
        return _show(request, forms.new_round(patients))
    shared = request.POST.get("shared", "")[:40]
    actor = actor_of(request)
    calls = [
        _made(actor, call, shared) if call.is_made else call
        for call in forms.read_round(request.POST, patients)
    ]
    refused = [call for call in calls if call.result == forms.REFUSED]
    saved = sum(call.result == forms.SAVED for call in calls)
    if refused:
        return _show(request, calls, shared, saved, status=422)
    if saved:
        text = ngettext("%(count)s follow-up saved.", "%(count)s follow-ups saved.", saved)
        messages.success(request, text % {"count": saved})
    return redirect("follow_up_round")


def _patients(request: HttpRequest) -> list[Followed]:
    centers = [c.pk for c in scope.centers(request.user) if user_can(request.user, Verb.RECORD, c)]
    return followed(request.user, centers, today())


def _made(actor: Actor, call: Call, shared: str) -> Call:
    """Save one call; what was refused keeps what was typed."""
    entries = forms.entries(call, shared, today())
    if not entries["contact_date"]:
        return replace(call, result=forms.REFUSED, messages=(_("Which day? Type the date here or above."),))
    try:
        record.save(
            actor,
            call.patient.case,
            forms.FORM.name,
            entries,
            complete=True,
            confirmations=call.reasons,
            token=call.token,
        )
    except Unconfirmed as unusual:
        return replace(call, result=forms.REFUSED, doubts=forms.doubts(call, unusual))
    except (InvalidEntries, Incomplete) as refused:
        return replace(call, result=forms.REFUSED, messages=tuple(forms.why(refused)))
    except TokenReused as reused:
        return replace(call, result=forms.REFUSED, messages=(str(reused),), token=new_token())
    return Call(call.patient, new_token(), result=forms.SAVED)


def _show(
    request: HttpRequest, calls: list[Call], shared: str = "", saved: int = 0, status: int = 200
) -> HttpResponse:
    context = {
        # What was refused is wanted first.
        "calls": sorted(calls, key=lambda call: call.result != forms.REFUSED),
        "shared": shared,
        "saved": saved,
        "refused": sum(call.result == forms.REFUSED for call in calls),
        "stale": sum(call.patient.is_stale for call in calls),
        "statuses": forms.statuses(),
        "causes": forms.causes(),
    }
    return render(request, "registry/follow_up_round/follow_up_round.html", context, status=status)
