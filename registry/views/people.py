"""People: who has an account, which roles they hold, and everything an administrator does about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import invitation
from registry.actions import people as actions
from registry.audit.actor import Actor
from registry.audit.person_history import of_person
from registry.exceptions import InvalidEntries, NotPermitted
from registry.forms.people import (
    ActionForm,
    GrantForm,
    InviteForm,
    NameForm,
    PeopleFilterForm,
    ReasonForm,
)
from registry.models import Source, User
from registry.permissions.verbs import Verb
from registry.selectors import people as selectors
from registry.terminology.roles import Role
from registry.views.access import needs

PER_PAGE = 50


@require_safe
@needs(Verb.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    form = PeopleFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = selectors.people(
        search=chosen.get("q", ""),
        role=Role(chosen["role"]) if chosen.get("role") else None,
        status=chosen.get("status", ""),
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(user, selectors.status_of(user)) for user in page]
    context = {"form": form, "page": page, "rows": rows, "filtered": any(chosen.values())}
    return render(request, "registry/people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Verb.MANAGE_PEOPLE)
def person_invite(request: HttpRequest) -> HttpResponse:
    """Open an account with its first roles, and mail its owner a link to set the password."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = _actor(request)
        try:
            with transaction.atomic():
                user = actions.invite(actor, form.cleaned_data["email"], form.cleaned_data["name"])
                for role in form.roles():
                    actions.grant(
                        actor, user, role, form.center_for(role), reason=form.cleaned_data["reason"]
                    )
        except InvalidEntries as refusal:
            form.add_refusal(refusal)
        else:
            _send_link(request, user)
            return redirect("person", user.pk)
    return render(request, "registry/people/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@needs(Verb.MANAGE_PEOPLE)
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One person: account, roles, and what was changed about them."""
    return _person_page(request, selectors.person(user_id))


@require_POST
@needs(Verb.MANAGE_PEOPLE)
def person_rename(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Change the name."""
    user, form = selectors.person(user_id), NameForm(request.POST)
    if form.is_valid():
        try:
            actions.update(_actor(request), user, name=form.cleaned_data["name"])
        except InvalidEntries as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The name was changed."))
            return redirect("person", user.pk)
    return _person_page(request, user, name_form=form)


@require_POST
@needs(Verb.MANAGE_PEOPLE)
def person_active(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Switch the account off or on, with a reason."""
    user, form = selectors.person(user_id), ReasonForm(request.POST)
    switch_on = request.POST.get("active") == "yes"
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: give a reason."))
        return redirect("person", user.pk)
    actions.update(_actor(request), user, is_active=switch_on, reason=form.cleaned_data["reason"])
    messages.success(
        request, _("The account is switched on.") if switch_on else _("The account is switched off.")
    )
    return redirect("person", user.pk)


@require_POST
@needs(Verb.MANAGE_PEOPLE)
def person_grant(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Give one more role, with a reason."""
    user, form = selectors.person(user_id), GrantForm(request.POST)
    if form.is_valid():
        (role,) = form.roles()
        try:
            actions.grant(
                _actor(request), user, role, form.center_for(role), reason=form.cleaned_data["reason"]
            )
        except InvalidEntries as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The role was given. It acts at once."))
            return redirect("person", user.pk)
    return _person_page(request, user, grant_form=form)


@require_POST
@needs(Verb.MANAGE_PEOPLE)
def person_revoke(request: HttpRequest, user_id: UUID, membership_id: UUID) -> HttpResponse:
    """End a role, with a reason."""
    user, form = selectors.person(user_id), ReasonForm(request.POST)
    membership = selectors.membership(user, membership_id)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: give a reason."))
        return redirect("person", user.pk)
    actions.revoke(_actor(request), membership, reason=form.cleaned_data["reason"])
    messages.success(request, _("The role has ended. It acts at once."))
    return redirect("person", user.pk)


@require_POST
@needs(Verb.MANAGE_PEOPLE)
def person_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Mail a link to set the password (again)."""
    user = selectors.person(user_id)
    _send_link(request, user)
    return redirect("person", user.pk)


def _person_page(request: HttpRequest, user: User, **forms: ActionForm) -> HttpResponse:
    try:
        actions.check_not_oneself(_actor(request), user)
        refusal = ""
    except NotPermitted as refused:
        refusal = str(refused)
    context: dict[str, Any] = {
        "person": user,
        "status": selectors.status_of(user),
        "refusal": refusal,
        "history": of_person(user),
        "name_form": forms.get("name_form") or NameForm(initial={"name": user.name}),
        "grant_form": forms.get("grant_form") or GrantForm(),
    }
    return render(request, "registry/people/person.html", context, status=422 if forms else 200)


def _send_link(request: HttpRequest, user: User) -> None:
    site = f"{request.scheme}://{request.get_host()}"
    try:
        invitation.send(_actor(request), user, site)
    except OSError:
        # The account is there; only the mail is not. SMTP's own errors are OSErrors, too.
        messages.warning(
            request,
            _("The mail could not be sent. Try again later with “Send a link”; nothing else is lost."),
        )
    else:
        messages.success(
            request, _("A link to set the password was sent to %(email)s.") % {"email": user.email}
        )


def _actor(request: HttpRequest) -> Actor:
    return Actor.person(request.user, Source.PAGE, request.request_id)
