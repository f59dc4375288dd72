"""The forms of a case: one page per form, and one per row of a form that repeats."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.actions import record
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    NotFound,
    ReasonRequired,
    StaleVersion,
    TokenReused,
    Unconfirmed,
)
from registry.forms.as_typed import Place, as_typed
from registry.forms.conflict import conflict
from registry.forms.form_page import Errors, form_page, set_aside
from registry.forms.live_values import Panel, panel
from registry.forms.posted import Posted, Typed, new_token, read
from registry.forms.refusal import at_fields
from registry.forms.remark import usual_reasons
from registry.forms.row_table import row_name, row_table
from registry.forms.wording import label_of
from registry.models import CaseRow, State
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors.case_page import FormState
from registry.today import today
from registry.views.actor import actor_of
from registry.views.case import why_not
from registry.views.data_query import field_context
from registry.views.opened import Opened, open_form

METHODS = ["GET", "HEAD", "POST"]
# The buttons. All of them save; they differ in the state they leave and in where they lead.
# `SAVE` leaves the row as complete, or as little so, as it was.
DRAFT, SAVE, COMPLETE, ANOTHER, REMOVE = "draft", "save", "complete", "another", "remove"


@login_required
@require_http_methods(METHODS)
def form(request: HttpRequest, case_id: object, form: str) -> HttpResponse:
    """A form that does not repeat; of one that does, its rows."""
    opened = open_form(request, case_id, form)
    if not opened.repeats:
        return _row(replace(opened, seq=1))
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(request, "registry/form/rows.html", _context(opened) | _rows_context(opened))


@login_required
@require_http_methods(METHODS)
def form_row_new(request: HttpRequest, case_id: object, form: str) -> HttpResponse:
    """A new row of a form that repeats."""
    return _row(open_form(request, case_id, form, repeats=True))


@login_required
@require_http_methods(METHODS)
def form_row(request: HttpRequest, case_id: object, form: str, seq: int) -> HttpResponse:
    """One row of a form that repeats."""
    opened = open_form(request, case_id, form, repeats=True, seq=seq)
    if request.method != "POST" and opened.place.row is None:
        raise NotFound
    return _row(opened)


def _row(opened: Opened) -> HttpResponse:
    if opened.request.method != "POST":
        return _form(opened, prefilled=_prefilled(opened))
    check_user_can(opened.request.user, Verb.RECORD, opened.case.center)
    posted = read(opened.request.POST, opened.place.variables)
    return _remove(opened, posted) if posted.do == REMOVE and opened.repeats else _save(opened, posted)


def _save(opened: Opened, posted: Posted) -> HttpResponse:
    place = opened.place
    blanked, lost = set_aside(place, posted)
    try:
        row = record.save(
            actor_of(opened.request),
            opened.case,
            opened.state.name,
            posted.entries(place.variables) | blanked,
            seq=None if posted.version is None else opened.seq,
            version=posted.version,
            complete=_completes(posted, place.row),
            confirmations=posted.confirmations,
            reason=posted.reason,
            token=posted.token,
        )
    except (InvalidEntries, Incomplete, Unconfirmed) as refused:
        return _form(opened, posted, at_fields(refused), status=422)
    except ReasonRequired as required:
        return _form(opened, posted, reason_error=str(required), status=422)
    except TokenReused as reused:
        return _form(opened, replace(posted, token=""), {"": [str(reused)]}, status=422)
    except StaleVersion as stale:
        return _conflict(opened, posted, stale.row)
    _say(opened, row, posted.token, [label_of(variable) for variable in lost])
    return redirect(_after(opened, row, posted.do))


def _completes(posted: Posted, row: CaseRow | None) -> bool:
    """Whether the save calls the row complete; a plain save leaves its state as it is."""
    if posted.do == SAVE:
        return row is not None and row.state == State.COMPLETE
    return posted.do in (COMPLETE, ANOTHER)


def _say(opened: Opened, row: CaseRow, token: str, lost: list[str]) -> None:
    form = _(opened.state.form.label)
    text = (
        _("%(form)s: saved and complete.")
        if row.state == State.COMPLETE
        else _("%(form)s: saved as a draft.")
    )
    # The token tells the browser whose typing is safe now, and need not be kept there any longer.
    messages.success(opened.request, text % {"form": form}, extra_tags=token)
    if lost:
        # The questions only: messages pass through a cookie, where no answer belongs.
        text = _("Cleared, because the question does not apply: %(questions)s.")
        messages.warning(opened.request, text % {"questions": ", ".join(lost)})


def _after(opened: Opened, row: CaseRow, do: str) -> str:
    """Where a save leads."""
    case_id, name = opened.case.pk, opened.state.name
    if do == ANOTHER:
        # The next drug usually belongs to the same line.
        line = f"?line={row.line_no_ref}" if name == "prior_line_drug" and row.line_no_ref else ""
        return reverse("form_row_new", args=[case_id, name]) + line
    if do == COMPLETE:
        return opened.next_work.address(case_id) if opened.next_work else _overview(opened)
    if opened.repeats:
        return reverse("form_row", args=[case_id, name, row.seq])
    return reverse("form", args=[case_id, name])


def _overview(opened: Opened) -> str:
    """Where one lands when nothing wants work any more."""
    if opened.repeats:
        return reverse("form", args=[opened.case.pk, opened.state.name])
    return reverse("case", args=[opened.case.pk])


def _following(opened: Opened) -> FormState | None:
    """The next form in clinical order; None after the last."""
    names = [state.name for state in opened.page.forms]
    after = opened.page.forms[names.index(opened.state.name) + 1 :]
    return after[0] if after else None


def _remove(opened: Opened, posted: Posted) -> HttpResponse:
    row = opened.place.row
    to_list = redirect("form", opened.case.pk, opened.state.name)
    if row is None:
        messages.info(opened.request, _("This row was removed already."))
        return to_list
    if not posted.confirmed:
        return _confirm_removal(opened, row)
    try:
        record.remove(
            actor_of(opened.request),
            opened.case,
            opened.state.name,
            row.seq,
            version=posted.version or 0,
            reason=posted.reason,
            token=posted.token,
        )
    except ReasonRequired:
        return _confirm_removal(opened, row, _("Please say why you remove this row."), status=422)
    except TokenReused as reused:
        return _confirm_removal(opened, row, str(reused), status=422)
    except StaleVersion as stale:
        return _confirm_removal(opened, row, str(stale), status=409)
    messages.success(opened.request, _("The row was removed. Its history is kept."))
    return to_list


def _confirm_removal(opened: Opened, row: CaseRow, error: str = "", status: int = 200) -> HttpResponse:
    context = _context(opened) | {
        "page": form_page(opened.place, today()),
        "row": row,
        "name": row_name(row),
        "error": error,
        "token": new_token(),
    }
    return render(opened.request, "registry/form/remove.html", context, status=status)


def _form(
    opened: Opened,
    posted: Posted | None = None,
    errors: Errors | None = None,
    *,
    reason_error: str = "",
    prefilled: dict[str, Typed] | None = None,
    status: int = 200,
) -> HttpResponse:
    place = opened.place
    page = form_page(
        place, today(), posted=posted, errors=errors, reason_error=reason_error, prefilled=prefilled
    )
    version = posted.version if posted else (place.row.version if place.row else None)
    context = _context(opened) | {
        "page": page,
        "row": place.row,
        "name": row_name(place.row) if place.row and opened.repeats else "",
        "version": "" if version is None else version,
        "token": posted.token if posted and posted.token else new_token(),
        "panel": _panel(place, posted),
        "usual_reasons": usual_reasons(),
        "next_work": opened.next_work,
        "history": _history(opened, place.row),
        "preview": opened.preview_address,
        **field_context(opened.request, place.row),
    }
    template = "registry/form/read.html" if context["why_not"] else "registry/form/form.html"
    return render(opened.request, template, context, status=status)


def _panel(place: Place, posted: Posted | None) -> Panel:
    """The derived values beside the form, before the first key and after a refused save."""
    assert place.whole is not None
    if posted:
        now = as_typed(place, posted)
        return panel(now.kept, now.facts, now.derived, place.whole.derived)
    return panel(place.stored, place.facts, place.whole.derived, place.whole.derived)


def _history(opened: Opened, row: CaseRow | None) -> str:
    """Address of the row's history, to which a field's name is added; "" where there is none to see."""
    if row is None or not user_can(opened.request.user, Verb.VIEW_HISTORY, opened.case.center):
        return ""
    parameters = urlencode({"form": opened.state.name, "seq": row.seq})
    return f"{reverse('case_history', args=[opened.case.pk])}?{parameters}"


def _conflict(opened: Opened, posted: Posted, row: CaseRow | None) -> HttpResponse:
    """Both versions side by side; nothing is lost, nothing is overwritten unseen."""
    found = conflict(opened.case, opened.state.name, opened.seq or 1, row, posted)
    if row is None and found.event is None:
        # There never was such a row.
        raise NotFound
    context = _context(opened) | {
        "conflict": found,
        "posted": posted,
        "pairs": posted.pairs(),
        "row": row,
        "name": row_name(row) if row and opened.repeats else "",
        "token": new_token(),
    }
    return render(opened.request, "registry/form/conflict.html", context, status=409)


def _prefilled(opened: Opened) -> dict[str, Typed]:
    """The line number of a drug that is added to a line."""
    line = opened.request.GET.get("line", "")
    if opened.state.name != "prior_line_drug" or opened.place.row or not (line.isascii() and line.isdigit()):
        return {}
    return {"line_no_ref": Typed(text=line[:2])}


def _context(opened: Opened) -> dict[str, Any]:
    user, center = opened.request.user, opened.case.center
    return {
        "case": opened.case,
        "case_page": opened.page,
        "state": opened.state,
        "form": opened.state.form,
        "why_not": why_not(user, Verb.RECORD, center),
        "may_view_history": user_can(user, Verb.VIEW_HISTORY, center),
    }


def _rows_context(opened: Opened) -> dict[str, Any]:
    states = {state.row.pk: state for state in opened.state.rows}
    return {
        "table": row_table(opened.state.name, [state.row for state in opened.state.rows]),
        "states": states,
        "following": _following(opened),
    }
