"""Where a data manager's day begins: what waits at their centers, and every patient's forms at a glance."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.quality import STALE_FOLLOW_UP
from registry.forms import my_work as words
from registry.models import Center
from registry.models.scoped import ScopedQuerySet
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.case_work import CaseWork, case_work, derived_values, quality_of
from registry.selectors.data_queries import open_queries
from registry.terminology.text import gettext_noop as _
from registry.views.access import needs

PER_PAGE = 25
# How many of each kind of work are shown; the grid shows them all.
SHOWN = 6

# What the grid can be narrowed to.
UNFINISHED, QUERIES, STALE, FINISHED = "unfinished", "queries", "stale", "finished"
FILTERS = {
    UNFINISHED: _("To finish"),
    QUERIES: _("With open queries"),
    STALE: _("Follow-up stale"),
    FINISHED: _("All forms complete"),
}


@dataclass(frozen=True)
class Work:
    """Everything there is to do at some centers.

    Attributes
    ----------
    places : case, form and check of every open query, errors first, then the oldest.
    """

    cases: list[CaseWork]
    places: list[tuple[UUID, str, str]]

    @cached_property
    def to_finish(self) -> list[CaseWork]:
        """Cases with a form that wants work; what takes least to finish comes first."""
        found = [case for case in self.cases if case.to_finish]
        return sorted(found, key=lambda case: (case.missing, case.patient_code))

    @cached_property
    def asked(self) -> Counter[UUID]:
        """Case → queries to answer."""
        return Counter(case_id for case_id, _form, check in self.places if check != STALE_FOLLOW_UP)

    @cached_property
    def stale(self) -> set[UUID]:
        """Cases whose follow-up is stale."""
        return {case_id for case_id, _form, check in self.places if check == STALE_FOLLOW_UP}

    @cached_property
    def narrowed(self) -> dict[str, Set[UUID]]:
        """Filter of the grid → the cases it shows."""
        unfinished = {case.pk for case in self.to_finish}
        return {
            UNFINISHED: unfinished,
            QUERIES: self.asked.keys(),
            STALE: self.stale,
            FINISHED: {case.pk for case in self.cases} - unfinished,
        }


@require_safe
@needs(Verb.RECORD)
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits, and the grid of patients and forms."""
    centers = [c for c in scope.centers(request.user) if user_can(request.user, Verb.RECORD, c)]
    chosen = next((c for c in centers if str(c.pk) == request.GET.get("center")), None)
    at = {c.pk for c in ([chosen] if chosen else centers)}
    opened = open_queries(request.user).filter(case__center_id__in=at)
    work = Work(case_work(request.user, at), list(opened.values_list("case_id", "form", "check_id")))
    context = {
        "centers": centers,
        "chosen": chosen,
        "work": work,
        "all": {name: _address(chosen.pk if chosen else None, name) for name in FILTERS},
    }
    context |= _lists(work, opened) | _grid(work, request) | _quality(work, [] if chosen else centers)
    return render(request, "registry/my_work/my_work.html", context)


def _lists(work: Work, opened: ScopedQuerySet) -> dict[str, Any]:
    """The first of each kind of work, with what it would change."""
    to_finish = work.to_finish[:SHOWN]
    queries = list(opened.exclude(check_id=STALE_FOLLOW_UP)[:SHOWN])
    contacts = list(opened.filter(check_id=STALE_FOLLOW_UP)[:SHOWN])
    shown = [*(case.pk for case in to_finish), *(query.case_id for query in (*queries, *contacts))]
    stored, references = derived_values(shown), {case.pk: case.reference for case in work.cases}
    return {
        "unfinished": words.unfinished(to_finish, stored),
        "queries": words.waiting(queries, references, stored),
        "contacts": words.waiting(contacts, references, stored, contact=True),
    }


def _grid(work: Work, request: HttpRequest) -> dict[str, Any]:
    """The page of the grid that is asked for."""
    state = request.GET.get("state", "")
    state = state if state in FILTERS else ""
    wanted = [case for case in work.cases if not state or case.pk in work.narrowed[state]]
    page = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    queries = Counter((case_id, form) for case_id, form, _check in work.places)
    return {
        "state": state,
        "filters": [(name, label, len(work.narrowed[name])) for name, label in FILTERS.items()],
        "page": page,
        "forms": [form.label for form in CASE_FORMS.values()],
        "grid": words.grid(page.object_list, queries),
    }


def _quality(work: Work, centers: list[Center]) -> dict[str, Any]:
    """Completeness (D34), by form, and by center where there are several."""
    quality = quality_of(work.cases)
    return {
        "quality": quality,
        "by_form": words.quality_by_form(work.cases, quality),
        "by_center": words.quality_by_center(centers, work.cases, work.asked, work.stale)
        if len(centers) > 1
        else [],
        "not_known": words.not_known(quality),
    }


def _address(center: UUID | None, state: str) -> str:
    """The grid narrowed to one kind of work."""
    parameters = {"center": str(center)} if center else {}
    return f"{reverse('my_work')}?{urlencode(parameters | {'state': state})}#grid"
