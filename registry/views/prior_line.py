"""A prior line together with its drugs: entered on one page, saved in one action."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.actions.entries import RowEntries
from registry.actions.prior_line import save_with_drugs
from registry.derivations.case import derive
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    NotFound,
    ReasonRequired,
    StaleVersion,
    TokenReused,
    Unconfirmed,
)
from registry.forms import prior_line as forms
from registry.forms.as_typed import as_typed
from registry.forms.form_page import Errors, form_page, live_remarks, set_aside
from registry.forms.grid import grid
from registry.forms.grid_posted import PostedRow, read_rows
from registry.forms.grid_rows import Refused, outdated, refused_at, rows_to_send, stored_rows
from registry.forms.live_values import Panel, panel
from registry.forms.next_work import next_work
from registry.forms.posted import Posted, new_token, read
from registry.forms.remark import usual_reasons
from registry.forms.row_table import row_name
from registry.forms.wording import label_of, text_of
from registry.models import CaseRow, State
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors.case_page import case_page
from registry.today import today
from registry.views.actor import actor_of
from registry.views.form import ANOTHER, COMPLETE, METHODS, REMOVE, SAVE, form_row, form_row_new
from registry.views.opened import Opened, open_form

# Buttons that save nothing.
REGIMEN, ADD = "regimen", "add"


@dataclass(frozen=True)
class Filled:
    """The page as it was posted: the line, the rows of its drugs, the regimen by name."""

    line: Posted
    drugs: list[PostedRow]
    regimen: str = ""
    maintenance: str = ""


@dataclass(frozen=True)
class Answer:
    """What the page says back."""

    errors: Errors | None = None
    refused: Refused | None = None
    reason_error: str = ""
    said: str = ""
    fresh: str = ""
    status: int = 200


@login_required
@require_http_methods(METHODS)
def prior_line_new(request: HttpRequest, case_id: object) -> HttpResponse:
    """A new line with its drugs."""
    opened = open_form(request, case_id, "prior_line", repeats=True)
    if not user_can(request.user, Verb.RECORD, opened.case.center):
        return form_row_new(request, case_id, "prior_line")
    return _page(opened)


@login_required
@require_http_methods(METHODS)
def prior_line(request: HttpRequest, case_id: object, seq: int) -> HttpResponse:
    """A stored line with its drugs; who may only read it, and whoever removes it, sees it as any row."""
    opened = open_form(request, case_id, "prior_line", repeats=True, seq=seq)
    may_record = user_can(request.user, Verb.RECORD, opened.case.center)
    if not may_record or opened.place.row is None or request.POST.get("do") == REMOVE:
        return form_row(request, case_id, "prior_line", seq)
    return _page(opened)


@require_POST
@login_required
def prior_line_preview(request: HttpRequest, case_id: object, seq: int | None = None) -> HttpResponse:
    """What follows from the line and its drugs as they are typed. Nothing of it is stored or logged."""
    opened = open_form(request, case_id, "prior_line", repeats=True, seq=seq)
    check_user_can(request.user, Verb.RECORD, opened.case.center)
    if seq is not None and opened.place.row is None:
        raise NotFound
    filled = _read(opened)
    context = {
        "panel": _panel(opened, filled),
        "remarks": live_remarks(as_typed(opened.place, filled.line), filled.line),
        "usual_reasons": usual_reasons(),
    }
    return render(request, "registry/form/preview.html", context)


def _panel(opened: Opened, filled: Filled) -> Panel:
    now = as_typed(opened.place, filled.line)
    facts = forms.with_drugs(now, filled.drugs, opened.page.whole)
    return panel(now.kept, facts, derive(facts), opened.page.whole.derived)


def _page(opened: Opened) -> HttpResponse:
    if opened.request.method != "POST":
        return _show(opened, _stored(opened), Answer())
    filled = _read(opened)
    if filled.line.do == REGIMEN:
        rows, said = forms.propose(filled.drugs, filled.line, filled.regimen, filled.maintenance)
        return _show(opened, replace(filled, drugs=rows), Answer(said=said))
    if filled.line.do == ADD:
        row = forms.blank(filled.drugs)
        return _show(opened, replace(filled, drugs=[*filled.drugs, row]), Answer(fresh=row.key))
    return _save(opened, filled)


def _stored(opened: Opened) -> Filled:
    row = opened.place.row
    stored = stored_rows(forms.drugs_of(opened.page.whole, row))
    line = Posted({} if row else forms.first_answers(opened.page.facts), version=row.version if row else None)
    return Filled(line, stored or [forms.blank([])])


def _read(opened: Opened) -> Filled:
    post = opened.request.POST
    rows = read_rows(post, [v for v in forms.DRUGS if v.name != forms.NUMBER])
    return Filled(
        read(post, opened.place.variables),
        forms.of_line(rows, opened.page.whole, opened.place.row),
        post.get("regimen", ""),
        post.get("maintenance", ""),
    )


def _save(opened: Opened, filled: Filled) -> HttpResponse:
    line, row = filled.line, opened.place.row
    was_complete = row is not None and row.state == State.COMPLETE
    complete = was_complete if line.do == SAVE else line.do in (COMPLETE, ANOTHER)
    blanked, lost = set_aside(opened.place, line)
    entries = RowEntries(
        line.entries(opened.place.variables) | blanked,
        opened.seq if line.version is not None else None,
        line.version,
        complete,
        line.confirmations,
    )
    sent = rows_to_send(
        forms.DRUGS, filled.drugs, opened.page.whole, complete=complete, everything=_renumbers(opened, line)
    )
    rows = [row for row, _entries in sent]
    try:
        saved, _drugs = save_with_drugs(
            actor_of(opened.request),
            opened.case,
            entries,
            [each for _row, each in sent],
            reason=line.reason,
            token=line.token,
        )
    except (InvalidEntries, Incomplete, Unconfirmed) as refused:
        at_rows = refused_at(forms.DRUGS.name, rows, refused)
        return _show(opened, filled, Answer(forms.line_errors(refused), at_rows, status=422))
    except ReasonRequired as required:
        return _show(opened, filled, Answer(reason_error=str(required), status=422))
    except TokenReused as reused:
        line = replace(line, token="")
        return _show(opened, replace(filled, line=line), Answer({"": [str(reused)]}, status=422))
    except StaleVersion as stale:
        return _outdated(opened, filled, stale)
    return _leave(opened, saved, line, [label_of(variable) for variable in lost])


def _renumbers(opened: Opened, line: Posted) -> bool:
    """Whether the line gets another number, and its drugs with it."""
    return as_typed(opened.place, line).record["line_no"] != opened.place.stored["line_no"]


def _leave(opened: Opened, saved: CaseRow, line: Posted, lost: Sequence[str]) -> HttpResponse:
    is_complete = saved.state == State.COMPLETE
    text = _("%(line)s: saved and complete.") if is_complete else _("%(line)s: saved as a draft.")
    # The token tells the browser whose typing is safe now, and need not be kept there any longer.
    messages.success(opened.request, text % {"line": row_name(saved)}, extra_tags=line.token)
    if lost:
        # The questions only: messages pass through a cookie, where no answer belongs.
        text = _("Cleared, because the question does not apply: %(questions)s.")
        messages.warning(opened.request, text % {"questions": ", ".join(lost)})
    case = opened.case
    if line.do == ANOTHER:
        return redirect("prior_line_new", case.pk)
    if line.do != COMPLETE:
        return redirect("prior_line", case.pk, saved.seq)
    page = case_page(case)
    here = next(form for form in page.forms if form.name == forms.LINE.name)
    following = next_work(page, here, saved)
    return redirect(following.address(case.pk) if following else reverse("form", args=[case.pk, here.name]))


def _outdated(opened: Opened, filled: Filled, stale: StaleVersion) -> HttpResponse:
    """Somebody else was faster: the page says what is stored now, and keeps what was typed."""
    fresh = open_form(opened.request, opened.case.pk, forms.LINE.name, repeats=True, seq=opened.seq)
    line, errors = _outdated_line(fresh, filled.line, stale)
    rows, refused = outdated(forms.DRUGS, filled.drugs, fresh.page.whole, stale)
    line = replace(line, token="")
    answer = Answer({"": [str(stale)], **errors}, refused, status=409)
    return _show(fresh, replace(filled, line=line, drugs=rows), answer)


def _outdated_line(fresh: Opened, line: Posted, stale: StaleVersion) -> tuple[Posted, Errors]:
    row = fresh.place.row
    if stale.place is None or stale.place[0] != forms.LINE.name or row is None:
        return (line if row else replace(line, version=None)), {}
    now = as_typed(fresh.place, line)
    errors = {
        name: [_("Stored now: %(value)s.") % {"value": text_of(variable, theirs) or _("nothing")}]
        for name in line.typed
        for variable, theirs in [(forms.LINE.variable(name), fresh.place.stored[name])]
        if name in now.unreadable or now.record[name] != theirs
    }
    return replace(line, version=row.version), errors


def _show(opened: Opened, filled: Filled, answer: Answer) -> HttpResponse:
    place, line, row = opened.place, filled.line, opened.place.row
    is_posted = opened.request.method == "POST"
    page = form_page(
        place,
        today(),
        posted=line if is_posted else None,
        errors=answer.errors,
        reason_error=answer.reason_error,
        prefilled=None if is_posted or row else dict(line.typed),
    )
    drugs = grid(
        forms.DRUGS,
        filled.drugs,
        opened.page.whole,
        today(),
        refused=answer.refused,
        without={forms.NUMBER},
        follows=forms.followed(filled.drugs),
    )
    regimens, maintenance = forms.regimen_names()
    context = {
        "case": opened.case,
        "case_page": opened.page,
        "form": opened.state.form,
        "page": page,
        "row": row,
        "name": row_name(row) if row else "",
        "version": "" if line.version is None else line.version,
        "token": line.token or new_token(),
        "grid": drugs,
        "filled": filled,
        "answer": answer,
        "regimens": regimens,
        "maintenance": maintenance,
        "usual_reasons": usual_reasons(),
        "panel": _panel(opened, filled),
        "preview": opened.preview_address,
        "next_work": opened.next_work,
    }
    return render(opened.request, "registry/prior_line/prior_line.html", context, status=answer.status)
