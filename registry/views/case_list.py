"""The cases of a person's centers.

A patient code or own reference is searched for by POST: it is in no address, no log and no browser history.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from registry.models import Center
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.case_list import COMPLETENESS, ORDERS, QUERIES, STATES, Wanted
from registry.selectors.case_list import case_list as cases_of
from registry.terminology.text import gettext_noop as _

PER_PAGE = 50
MAX_SEARCH = 40

# (key, heading, whether it holds a number)
COLUMNS = (
    ("code", _("Patient"), False),
    ("reference", _("Own reference"), False),
    ("start", _("IsaPd start"), False),
    ("forms", _("Forms complete"), True),
    ("core", _("Core answers"), True),
    ("queries", _("Open queries"), True),
    ("changed", _("Last change"), False),
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: HttpRequest) -> HttpResponse:
    """The list; a POST searches."""
    check_user_can(request.user, Verb.VIEW_CASES)
    centers = scope.centers(request.user)
    given = request.POST if request.method == "POST" else request.GET
    references = frozenset(c.pk for c in centers if user_can(request.user, Verb.VIEW_OWN_REFERENCE, c))
    wanted = _wanted(given, centers, references, search=request.POST.get("search", ""))
    address = _address(wanted)
    # Somebody who types a code into the address is led away from it: links of the page would repeat it.
    if "search" in request.GET or (request.method == "POST" and not wanted.search and not request.htmx):
        return redirect(address)
    page = Paginator(cases_of(request.user, wanted), PER_PAGE).get_page(given.get("page"))
    context = {
        "page": page,
        "wanted": wanted,
        "centers": centers,
        "columns": [_column(wanted, *column) for column in COLUMNS if column[0] != "reference" or references],
        "address": address,
        "may_enroll": user_can(request.user, Verb.ENROLL),
    }
    template = "registry/case_list/table.html" if request.htmx else "registry/case_list/case_list.html"
    response = render(request, template, context)
    if request.htmx:
        response["HX-Replace-Url"] = address
    return response


def _wanted(given: QueryDict, centers: list[Center], references: frozenset[UUID], search: str) -> Wanted:
    """What was asked for; a filter or order there is not counts as not given."""
    order = given.get("order", "")
    return Wanted(
        search=search.replace("\x00", "").strip()[:MAX_SEARCH],
        references=references,
        center=_center(given.get("center", ""), centers),
        state=_one_of(given.get("state", ""), STATES),
        completeness=_one_of(given.get("completeness", ""), COMPLETENESS),
        queries=_one_of(given.get("queries", ""), QUERIES),
        order=order if order.removeprefix("-") in ORDERS else "code",
    )


def _center(text: str, centers: list[Center]) -> UUID | None:
    return next((center.pk for center in centers if str(center.pk) == text), None)


def _one_of(text: str, known: tuple[str, ...]) -> str:
    return text if text in known else ""


def _address(wanted: Wanted) -> str:
    """The list's address with its filters, and without what was searched for."""
    parameters = {
        "center": str(wanted.center or ""),
        "state": wanted.state,
        "completeness": wanted.completeness,
        "queries": wanted.queries,
        "order": wanted.order if wanted.order != "code" else "",
    }
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{reverse('case_list')}?{query}" if query else reverse("case_list")


def _column(wanted: Wanted, key: str, heading: str, is_number: bool) -> dict[str, object]:
    current = wanted.order.removeprefix("-") == key
    descending = wanted.order.startswith("-")
    order = f"-{key}" if current and not descending else key
    return {
        "heading": heading,
        "is_number": is_number,
        "order": order,
        "sorted": ("descending" if descending else "ascending") if current else "",
    }
