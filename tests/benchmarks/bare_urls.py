"""The registry's addresses, and beside them views that do nothing but show rows: what is compared with."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from analytics.models import ReportSnapshot
from registry.models import Case

ROWS = """<!doctype html><title>Cases</title><table>
{% for case in cases %}
<tr><td><a href="{% url 'case' case.pk %}">{{ case.patient_code }}</a></td>
<td>{{ case.derived.start_date|date }}</td>
<td>{{ case.derived.forms_complete }} / {{ case.derived.forms_started }}</td>
<td>{{ case.derived.core_percent }} %</td>
<td>{{ case.derived.changed_at|date:"SHORT_DATETIME_FORMAT" }} {{ case.derived.changed_by }}</td></tr>
{% endfor %}
</table>"""
ROW = "{{ snapshot.cohort }} {{ snapshot.data_version }} {{ snapshot.finished_at }}"
FRAMED = f'{{% extends "base.html" %}}{{% block content %}}{ROW}{{% endblock %}}'


@login_required
def bare_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows of the same columns, of everybody's."""
    cases = Case.objects.select_related("derived").defer("derived__values").order_by("patient_code")
    return _rendered(request, LIST, {"cases": cases.scoped()[:50]})


@login_required
def bare_row(request: HttpRequest) -> HttpResponse:
    """One row, by itself or with `?framed` on a page of the house."""
    snapshot = ReportSnapshot.objects.defer("result", "drawings").first()
    return _rendered(request, FRAMED_ROW if "framed" in request.GET else ONE_ROW, {"snapshot": snapshot})


def _rendered(request: HttpRequest, template, context: dict) -> HttpResponse:
    return HttpResponse(template.render(context, request))


LIST, ONE_ROW, FRAMED_ROW = (engines["django"].from_string(text) for text in (ROWS, ROW, FRAMED))

urlpatterns = [
    path("bare/list/", bare_list),
    path("bare/row/", bare_row),
    path("", include("registry.urls")),
]
