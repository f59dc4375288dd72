"""Data queries on pages: those of a case, those of one field; answered where they are read."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.actions import data_query
from registry.audit import history
from registry.dictionary.catalog import CASE_FORMS
from registry.exceptions import InvalidEntries, NotFound, ReasonRequired, StaleVersion
from registry.forms.data_query import Shown, said_of, shown
from registry.forms.remark import usual_reasons
from registry.forms.row_table import row_name
from registry.forms.wording import label_of
from registry.models import CASE_ROWS, Case, CaseRow, DataQuery
from registry.models.data_query import WAITING
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.policies.data_query import MAX_TEXT, Step
from registry.selectors import scope
from registry.selectors.data_queries import queries_at, queries_of, query_of
from registry.selectors.facts import rows_of
from registry.selectors.whole_case import WholeCase
from registry.views.actor import actor_of

# Which queries a panel lists: what waits on the case page, everything, or what is about one field.
OPEN, ALL, FIELD = "open", "all", "field"
MOST_EVENTS = 2000


@dataclass(frozen=True)
class Field:
    """The field a panel is about; `variable` is "" for the row as a whole."""

    row: CaseRow
    variable: str

    @property
    def form(self) -> str:
        return self.row.form.name

    @property
    def label(self) -> str:
        return label_of(self.row.form.variable(self.variable)) if self.variable else ""

    @property
    def name(self) -> str:
        return row_name(self.row) if self.row.form.repeating else ""


@dataclass(frozen=True)
class Panel:
    """A list of queries, and what is needed to answer them in place.

    Attributes
    ----------
    of : OPEN, ALL or FIELD.
    notice : why an answer came too late.
    may_ask, question, question_error : whether one can ask here; what was typed, and why it was refused.
    """

    case: Case
    of: str
    queries: list[Shown]
    field: Field | None = None
    notice: str = ""
    may_ask: bool = False
    question: str = ""
    question_error: str = ""

    @property
    def waiting(self) -> list[Shown]:
        return [each for each in self.queries if each.query.is_waiting]

    @property
    def settled(self) -> list[Shown]:
        return [each for each in self.queries if not each.query.is_waiting]

    def after(self, query: DataQuery, typed: str, error: str) -> "Panel":
        """The panel with what was typed at one query, and why it was refused."""
        return replace(
            self,
            queries=[
                replace(each, typed=typed, error=error) if each.query.pk == query.pk else each
                for each in self.queries
            ],
        )


def open_panel(request: HttpRequest, whole: WholeCase) -> Panel:
    """What waits for somebody, for the case page."""
    return _panel(request, whole, OPEN)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_queries(request: HttpRequest, case_id: object) -> HttpResponse:
    """Every query of a case, or of one field (`form`, `seq`, `field`); a POST asks a question there."""
    case = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_CASES, case.center)
    whole = WholeCase(case, rows_of(case))
    if request.method == "POST":
        return _ask(request, whole)
    field = _field(whole, request.GET)
    return _answer(request, _panel(request, whole, FIELD if field else ALL, field))


@login_required
@require_POST
def case_query(request: HttpRequest, case_id: object, query_id: object) -> HttpResponse:
    """Confirm, answer, close or ask again."""
    case = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_CASES, case.center)
    query = query_of(case, query_id)
    text = request.POST.get("text", "")[:MAX_TEXT]
    notice, error = "", ""
    try:
        _take(request, query, text)
    except ReasonRequired as required:
        error = str(required)
    except StaleVersion as stale:
        notice = str(stale)
    if not (notice or error or request.htmx):
        messages.success(request, _("Saved."))
        return redirect(_back(request, query))
    whole = WholeCase(case, rows_of(case))
    of = request.POST.get("of", "")
    field = _field_of(whole, query) if of == FIELD else None
    panel = _panel(request, whole, FIELD if field else of if request.htmx and of == OPEN else ALL, field)
    status = 409 if notice else 422 if error else 200
    return _answer(request, replace(panel.after(query, text, error), notice=notice), status)


def _take(request: HttpRequest, query: DataQuery, text: str) -> None:
    actor = actor_of(request)
    match request.POST.get("do"):
        case Step.CONFIRM:
            data_query.confirm(actor, query, text)
        case Step.ANSWER:
            data_query.answer(actor, query, text)
        case Step.CLOSE:
            data_query.close(actor, query)
        case Step.REOPEN:
            data_query.reopen(actor, query, text)
        case _:
            raise NotFound


def _ask(request: HttpRequest, whole: WholeCase) -> HttpResponse:
    field = _field(whole, request.POST)
    if field is None:
        raise NotFound
    question = request.POST.get("question", "")
    try:
        data_query.raise_question(
            actor_of(request), whole.case, field.form, field.row.seq, field.variable, question
        )
    except InvalidEntries as invalid:
        panel = _panel(request, whole, FIELD, field)
        return _answer(request, replace(panel, question=question, question_error=str(invalid)), 422)
    if request.htmx:
        return _answer(request, _panel(request, whole, FIELD, field))
    messages.success(request, _("Your question was sent to the center."))
    return redirect(field_address(whole.case, field.form, field.row.seq, field.variable))


def field_context(request: HttpRequest, row: CaseRow | None) -> dict[str, Any]:
    """What the fields of a stored row need to show their queries, and to be asked about."""
    if row is None:
        return {}
    form, place = row.form.name, urlencode({"form": row.form.name, "seq": row.seq})
    return {
        "field_queries": queries_at(row.case, form, row.seq),
        "queries_address": f"{reverse('case_queries', args=[row.case_id])}?{place}",
        "may_ask": user_can(request.user, Verb.RAISE_QUERY, row.case.center),
    }


def field_address(case: Case, form: str, seq: int, variable: str) -> str:
    """Address of the queries about a field."""
    place = urlencode({"form": form, "seq": seq, "field": variable})
    return f"{reverse('case_queries', args=[case.pk])}?{place}"


def _panel(request: HttpRequest, whole: WholeCase, of: str, field: Field | None = None) -> Panel:
    actor, case = actor_of(request), whole.case
    queries = queries_of(case, states=WAITING) if of == OPEN else queries_of(case)
    if field is not None:
        here = (field.form, field.row.seq, field.variable)
        queries = [each for each in queries if (each.form, each.seq, each.variable) == here]
    said = (
        said_of(history.of_case(case.pk, table=DataQuery._meta.db_table, limit=MOST_EVENTS))
        if queries and of != OPEN
        else {}
    )
    for query in queries:
        query.case = case
    can = {query.pk: data_query.allowed(actor, query) for query in queries}
    may_ask = field is not None and user_can(request.user, Verb.RAISE_QUERY, case.center)
    return Panel(case, of, shown(whole, queries, can, said), field, may_ask=may_ask)


def _field(whole: WholeCase, given: QueryDict) -> Field | None:
    """The field an address names; None when it names none, NotFound when there is no such field."""
    form, seq, variable = given.get("form", ""), given.get("seq", ""), given.get("field", "")
    if not form:
        return None
    row = next((row for row in whole.rows.get(form, ()) if str(row.seq) == seq), None)
    known = {""} | {each.name for each in CASE_ROWS[form].variables} if form in CASE_ROWS else set()
    if row is None or variable not in known:
        raise NotFound
    return Field(row, variable)


def _field_of(whole: WholeCase, query: DataQuery) -> Field | None:
    row = next((row for row in whole.rows[query.form] if row.seq == query.seq), None)
    return Field(row, query.variable) if row is not None else None


def _back(request: HttpRequest, query: DataQuery) -> str:
    """Where the answer was given."""
    case = query.case
    match request.POST.get("of"):
        case "open":
            return reverse("case", args=[case.pk]) + "#queries"
        case "field":
            return field_address(case, query.form, query.seq, query.variable)
        case _:
            return reverse("case_queries", args=[case.pk])


def _answer(request: HttpRequest, panel: Panel, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "case": panel.case,
        "panel": panel,
        "form": CASE_FORMS[panel.field.form] if panel.field else None,
        "reasons": usual_reasons(),
    }
    template = "registry/data_query/_panel.html" if request.htmx else "registry/data_query/queries.html"
    return render(request, template, context, status=status)
