"""The start page: straight to where a role's work is, or a choice where there are several."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.selectors.memberships import memberships
from registry.terminology.roles import Role
from registry.terminology.text import gettext_noop


@dataclass(frozen=True)
class Workplace:
    """Where a role's work is."""

    url_name: str
    label: str
    text: str


_MY_WORK = Workplace(
    "my_work",
    gettext_noop("My work"),
    gettext_noop("Cases to finish, queries to answer, patients to hear from again."),
)
_CASES = Workplace(
    "case_list", gettext_noop("Cases"), gettext_noop("The patients of your center and their forms.")
)
_REPORTS = Workplace(
    "report_list", gettext_noop("Reports"), gettext_noop("The pooled results, as current as the data.")
)
_RELEASES = Workplace(
    "release_list",
    gettext_noop("Releases"),
    gettext_noop("Locked data sets, to propose, approve and download."),
)
_PEOPLE = Workplace("people", gettext_noop("People"), gettext_noop("Accounts, roles and invitations."))
_AUDIT = Workplace("audit", gettext_noop("Audit"), gettext_noop("Who did what, when and from where."))

WORKPLACES: dict[Role, Workplace] = {
    Role.DATA_MANAGER: _MY_WORK,
    Role.INVESTIGATOR: _CASES,
    Role.MONITOR: _CASES,
    Role.COORDINATOR: _REPORTS,
    Role.STATISTICIAN: _RELEASES,
    Role.ADMINISTRATOR: _PEOPLE,
    Role.AUDITOR: _AUDIT,
}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Open the one place this person works in; let them choose where there are several."""
    places = list(dict.fromkeys(WORKPLACES[m.get_role()] for m in memberships(request.user)))
    if len(places) == 1:
        return redirect(places[0].url_name)
    choices = [
        {"url": reverse(place.url_name), "label": _(place.label), "text": _(place.text)} for place in places
    ]
    return render(request, "registry/home/home.html", {"choices": choices})
