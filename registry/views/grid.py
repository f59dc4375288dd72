"""Rows of a repeating form as a grid: typed like a spreadsheet, saved in one action."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.actions import record
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    ReasonRequired,
    StaleVersion,
    TokenReused,
    Unconfirmed,
)
from registry.forms.fill_down import in_order, with_new_rows
from registry.forms.grid import grid as drawn
from registry.forms.grid_posted import PostedRow, read_rows
from registry.forms.grid_rows import Refused, outdated, refused_at, rows_to_send, stored_rows
from registry.forms.next_work import next_work
from registry.forms.posted import Posted, new_token, read
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors.case_page import case_page
from registry.today import today
from registry.views.actor import actor_of
from registry.views.form import COMPLETE, METHODS
from registry.views.opened import Opened, open_form

# The buttons that add rows, and how many each adds.
ADD = {"add": 1, "add6": 6}


@dataclass(frozen=True)
class Answer:
    """What the page says back."""

    errors: Sequence[str] = ()
    refused: Refused | None = None
    reason_error: str = ""
    said: str = ""
    fresh: str = ""
    status: int = 200


@login_required
@require_http_methods(METHODS)
def grid(request: HttpRequest, case_id: object, form: str) -> HttpResponse:
    """All rows of a form that repeats."""
    opened = open_form(request, case_id, form, repeats=True)
    check_user_can(request.user, Verb.RECORD, opened.case.center)
    if request.method != "POST":
        return _opened(opened)
    sent = read(request.POST, ())
    rows = read_rows(request.POST, opened.place.variables)
    return _with_more(opened, sent, rows) if sent.do in ADD else _save(opened, sent, rows)


def _opened(opened: Opened) -> HttpResponse:
    rows = stored_rows(in_order([state.row for state in opened.state.rows]))
    if not rows:
        rows = with_new_rows(opened.state.form, rows, opened.page.whole, today(), 1)
    return _show(opened, Posted({}), rows, Answer())


def _with_more(opened: Opened, sent: Posted, rows: list[PostedRow]) -> HttpResponse:
    more = with_new_rows(opened.state.form, rows, opened.page.whole, today(), ADD[sent.do])
    added = len(more) - len(rows)
    said = ngettext("%(count)s row added.", "%(count)s rows added.", added) % {"count": added}
    if not added:
        said = _("No further cycle has begun.")
    return _show(opened, sent, more, Answer(said=said, fresh=more[len(rows)].key if added else ""))


def _save(opened: Opened, sent: Posted, rows: list[PostedRow]) -> HttpResponse:
    form = opened.state.form
    complete = sent.do == COMPLETE
    due = rows_to_send(form, rows, opened.page.whole, complete=complete)
    keys = [row for row, _entries in due]
    try:
        record.save_all(
            actor_of(opened.request),
            opened.case,
            form.name,
            [entries for _row, entries in due],
            reason=sent.reason,
            token=sent.token,
        )
    except (InvalidEntries, Incomplete, Unconfirmed) as refused:
        return _show(opened, sent, rows, Answer(refused=refused_at(form.name, keys, refused), status=422))
    except ReasonRequired as required:
        return _show(opened, sent, rows, Answer(reason_error=str(required), status=422))
    except TokenReused as reused:
        return _show(opened, replace(sent, token=""), rows, Answer([str(reused)], status=422))
    except StaleVersion as stale:
        fresh = open_form(opened.request, opened.case.pk, form.name, repeats=True)
        kept, at_rows = outdated(form, rows, fresh.page.whole, stale)
        return _show(fresh, replace(sent, token=""), kept, Answer([str(stale)], at_rows, status=409))
    return _leave(opened, sent, len(due))


def _leave(opened: Opened, sent: Posted, count: int) -> HttpResponse:
    text = ngettext("%(form)s: %(count)s row saved.", "%(form)s: %(count)s rows saved.", count)
    what = text % {"form": _(opened.state.form.label), "count": count}
    # The token tells the browser whose typing is safe now, and need not be kept there any longer.
    messages.success(opened.request, what, extra_tags=sent.token)
    case, name = opened.case, opened.state.name
    if sent.do != COMPLETE:
        return redirect("grid", case.pk, name)
    page = case_page(case)
    following = next_work(page, next(form for form in page.forms if form.name == name), None)
    return redirect(following.address(case.pk) if following else reverse("form", args=[case.pk, name]))


def _show(opened: Opened, sent: Posted, rows: Sequence[PostedRow], answer: Answer) -> HttpResponse:
    context = {
        "case": opened.case,
        "case_page": opened.page,
        "state": opened.state,
        "form": opened.state.form,
        "grid": drawn(opened.state.form, rows, opened.page.whole, today(), refused=answer.refused),
        "answer": answer,
        "reason": sent.reason,
        "token": sent.token or new_token(),
    }
    return render(opened.request, "registry/grid/grid.html", context, status=answer.status)
