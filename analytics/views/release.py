"""Releases: proposed, approved, built, downloaded."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics.exceptions import DamagedBundle, Decided
from analytics.models import Release
from analytics.models.release import ReleaseState
from analytics.releases import workflow
from analytics.releases.verify import check_stored
from analytics.views.forms import ProposalForm, RejectionForm
from registry.public import Action, Actor, NotPermitted, Verb, check_user_can, record_event, today, user_can


@require_safe
@login_required
def release_list(request: HttpRequest) -> HttpResponse:
    """All releases, the newest first, and the form to propose one."""
    check_user_can(request.user, Verb.VIEW_RELEASES)
    form = ProposalForm(initial={"cutoff": today(), "token": secrets.token_urlsafe(24)})
    return _list(request, form)


@require_POST
@login_required
def release_propose(request: HttpRequest) -> HttpResponse:
    """Propose a release."""
    check_user_can(request.user, Verb.PROPOSE_RELEASE)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    release = workflow.propose(
        _actor(request),
        reason=form.cleaned_data["reason"],
        cutoff=form.cleaned_data["cutoff"],
        token=form.cleaned_data["token"],
    )
    return redirect("release", release.number)


@require_safe
@login_required
def release(request: HttpRequest, number: int) -> HttpResponse:
    """One release: where it stands, who decided, what is in it."""
    return render(request, "analytics/release/release.html", _context(request, number))


@require_safe
@login_required
def release_progress(request: HttpRequest, number: int) -> HttpResponse:
    """The state of a release that is on its way; 204 while nothing differs from what the page shows."""
    context = _context(request, number)
    if request.GET.get("state") == context["progress_state"]:
        return HttpResponse(status=204)
    return render(request, "analytics/release/_release.html", context)


@require_POST
@login_required
def release_approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a proposal of somebody else."""
    _get(request, number)
    try:
        workflow.approve(_actor(request), number)
    except Decided as decided:
        messages.warning(request, str(decided))
    return redirect("release", number)


@require_POST
@login_required
def release_reject(request: HttpRequest, number: int) -> HttpResponse:
    """Reject a proposal, or withdraw one's own."""
    _get(request, number)
    form = RejectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the release is rejected."))
        return redirect("release", number)
    try:
        workflow.reject(_actor(request), number, reason=form.cleaned_data["reason"])
    except Decided as decided:
        messages.warning(request, str(decided))
    return redirect("release", number)


@require_safe
@login_required
def release_download(request: HttpRequest, number: int) -> HttpResponse:
    """The bundle, byte for byte as it was locked. Every download is an event, finished or not."""
    release = _get(request, number)
    check_user_can(request.user, Verb.DOWNLOAD_RELEASE)
    if release.state != ReleaseState.LOCKED:
        raise Http404
    etag = f'"{release.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        try:
            path = check_stored(release)
        except DamagedBundle as damaged:
            messages.error(request, str(damaged))
            return redirect("release", number)
        if request.method == "GET":
            content = {"number": release.number, "sha256": release.sha256}
            record_event(_actor(request), Action.EXPORT, workflow.TABLE, str(release.number), content)
        response = FileResponse(
            path.open("rb"), as_attachment=True, filename=release.bundle_name, content_type="application/zip"
        )
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _actor(request: HttpRequest) -> Actor:
    return Actor.person(request.user, batch=getattr(request, "request_id", ""))


def _get(request: HttpRequest, number: int) -> Release:
    check_user_can(request.user, Verb.VIEW_RELEASES)
    found: Release | None = Release.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _list(request: HttpRequest, form: ProposalForm, status: int = 200) -> HttpResponse:
    check_user_can(request.user, Verb.VIEW_RELEASES)
    context = {
        "releases": Release.objects.defer("contents", "secret"),
        "form": form,
        "may_propose": user_can(request.user, Verb.PROPOSE_RELEASE),
    }
    return render(request, "analytics/release/list.html", context, status=status)


def _context(request: HttpRequest, number: int) -> dict[str, object]:
    release = _get(request, number)
    return {
        "release": release,
        "why_not_approve": workflow.refusal(request.user, release),
        "may_reject": _may_reject(request, release),
        "is_own": release.proposed_by_id == str(request.user.pk),
        "may_download": user_can(request.user, Verb.DOWNLOAD_RELEASE),
        "is_under_way": release.state in (ReleaseState.APPROVED, ReleaseState.BUILDING),
        "progress_state": f"{release.state}.{release.step}.{release.attempts}.{bool(release.failure)}",
    }


def _may_reject(request: HttpRequest, release: Release) -> bool:
    try:
        workflow.check_user_can_reject(request.user, release)
    except NotPermitted:
        return False
    return True
