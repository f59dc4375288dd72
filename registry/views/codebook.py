"""The codebook: every variable, derived variable and edit check, as declared; and the dictionary as files."""

import csv
from collections.abc import Iterable, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.dictionary.catalog import FORMS
from registry.forms import codebook_csv, redcap
from registry.forms.codebook import codebook as sections_of
from registry.forms.codebook_checks import check_entries
from registry.forms.codebook_derived import derived_entries
from registry.imports.cells import guarded
from registry.today import today


@require_safe
@login_required
def codebook(request: HttpRequest) -> HttpResponse:
    """Everything, or what fits a search."""
    search, core = request.GET.get("q", "").strip()[:100], request.GET.get("core") == "yes"
    form = request.GET.get("form", "")
    form = form if form in FORMS else ""
    sections = sections_of(today(), search=search, core=core, form=form)
    context = {
        "sections": sections,
        "derived": [] if core else derived_entries(search=search, form=form),
        "checks": [] if core else check_entries(search=search, form=form),
        "forms": FORMS.values(),
        "search": search,
        "core": core,
        "form": form,
        "found": sum(len(section.entries) for section in sections),
    }
    return render(request, "registry/codebook/codebook.html", context)


@require_safe
@login_required
def codebook_variables(request: HttpRequest) -> HttpResponse:
    """The data dictionary as CSV."""
    return _csv("variables.csv", codebook_csv.HEADER, codebook_csv.variables())


@require_safe
@login_required
def codebook_redcap(request: HttpRequest) -> HttpResponse:
    """The data dictionary for REDCap."""
    return _csv("redcap.csv", redcap.HEADER, redcap.fields())


def _csv(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return response
