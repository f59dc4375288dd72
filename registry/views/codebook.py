"""The codebook: every variable of every form, as declared."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.forms.codebook import codebook as sections_of
from registry.today import today


@require_safe
@login_required
def codebook(request: HttpRequest) -> HttpResponse:
    """All variables, or those that fit a search."""
    search, core = request.GET.get("q", "").strip()[:100], request.GET.get("core") == "yes"
    sections = sections_of(today(), search=search, core=core)
    context = {
        "sections": sections,
        "search": search,
        "core": core,
        "found": sum(len(section.entries) for section in sections),
    }
    return render(request, "registry/codebook/codebook.html", context)
