"""The pooled reports: stored results shown, nothing computed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from analytics.extraction.cohorts import COHORTS, Cohort
from analytics.models import Drawing, ReportSnapshot
from analytics.reports.layout import headlines, recolored, sections_of
from analytics.reports.snapshot import freshness, newest
from registry.public import Verb, check_user_can

A_YEAR = 365 * 24 * 60 * 60


@require_safe
@login_required
def report_list(request: HttpRequest) -> HttpResponse:
    """All cohorts with the numbers a reader comes for."""
    check_user_can(request.user, Verb.VIEW_REPORTS)
    reports = []
    for cohort in COHORTS.values():
        snapshot = newest(cohort.name)
        summary = _summary(snapshot.pk, snapshot.result_digest) if snapshot else {}
        reports.append({"cohort": cohort, "fresh": freshness(snapshot)} | summary)
    return render(request, "analytics/report/list.html", {"reports": reports})


@require_safe
@login_required
def report(request: HttpRequest, cohort: str) -> HttpResponse:
    """The newest report on a cohort; with `?part=body` only what a newer snapshot replaces."""
    check_user_can(request.user, Verb.VIEW_REPORTS)
    defined = _cohort(cohort)
    snapshot = newest(defined.name)
    body = _body(snapshot.pk, snapshot.result_digest) if snapshot else ""
    if request.GET.get("part") == "body":
        return HttpResponse(body)
    context = {"cohort": defined, "body": body, "fresh": freshness(snapshot)} | _polling(snapshot)
    return render(request, "analytics/report/report.html", context)


@require_safe
@login_required
def report_freshness(request: HttpRequest, cohort: str) -> HttpResponse:
    """How current the report is; 204 while nothing differs from what the page shows.

    A newer snapshot than the one on the page is announced to it, which then fetches the body.
    """
    check_user_can(request.user, Verb.VIEW_REPORTS)
    defined = _cohort(cohort)
    snapshot = newest(defined.name)
    fresh = freshness(snapshot)
    if request.GET.get("state") == fresh.state:
        return HttpResponse(status=204)
    response = render(
        request,
        "analytics/report/_freshness.html",
        {"cohort": defined, "fresh": fresh} | _polling(snapshot),
    )
    if snapshot and request.GET.get("shown") != str(snapshot.pk):
        response["HX-Trigger-After-Swap"] = "report-newer"
    return response


@require_safe
@login_required
def report_figure(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """A figure as SVG: of the newest snapshot, or with `?d=` the one of that digest, which never changes."""
    check_user_can(request.user, Verb.VIEW_REPORTS)
    wanted = request.GET.get("d")
    layout = "narrow" if request.GET.get("layout") == "narrow" else "wide"
    digest = wanted or _newest_digest(_cohort(cohort), key, layout)
    is_dark = request.GET.get("theme") == "dark"
    etag = f'"{digest}{"-dark" if is_dark else ""}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        drawing = Drawing.objects.filter(pk=digest).first()
        if drawing is None:
            raise Http404
        svg = recolored(drawing.svg) if is_dark else drawing.svg
        response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response["ETag"] = etag
    if wanted:
        patch_cache_control(response, private=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _cohort(name: str) -> Cohort:
    if name not in COHORTS:
        raise Http404
    return COHORTS[name]


def _newest_digest(cohort: Cohort, key: str, layout: str) -> str:
    snapshot = newest(cohort.name)
    if snapshot is None or key not in snapshot.drawings:
        raise Http404
    digest: str = snapshot.drawings[key][layout]["digest"]
    return digest


def _polling(snapshot: ReportSnapshot | None) -> dict[str, Any]:
    return {"shown": snapshot.pk if snapshot else 0}


# A snapshot never changes, so neither does what is made of it: each web process renders it once. The digest
# is part of the key because a restored database may give an old number to another snapshot.
@lru_cache(maxsize=16)
def _body(pk: int, digest: str) -> SafeString:
    snapshot = ReportSnapshot.objects.get(pk=pk, result_digest=digest)
    content = snapshot.content
    context = {
        "snapshot": snapshot,
        "report": content,
        "headlines": headlines(content),
        "sections": sections_of(content, snapshot.drawings, _addresses(snapshot.cohort)),
    }
    # Results speak the language of publication, whatever that of the page around them: tables and figures
    # hold stored sentences, and half of them in another language would be neither.
    with translation.override("en"):
        return render_to_string("analytics/report/_body.html", context)


@lru_cache(maxsize=16)
def _summary(pk: int, digest: str) -> dict[str, Any]:
    content = ReportSnapshot.objects.get(pk=pk, result_digest=digest).content
    return {"n": content["n"], "headlines": headlines(content)}


def _addresses(cohort: str) -> Any:
    def picture(key: str, drawn: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        address = reverse("report_figure", args=[cohort, key])
        return {
            layout: drawn[layout]
            | {
                "light": f"{address}?d={drawn[layout]['digest']}",
                "dark": f"{address}?d={drawn[layout]['digest']}&theme=dark",
            }
            for layout in ("wide", "narrow")
        }

    return picture
