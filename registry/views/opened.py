"""The form, or the row of one, that a request works on."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from registry.actions import record
from registry.exceptions import NotFound
from registry.forms.as_typed import Place
from registry.forms.next_work import NextWork, next_work
from registry.models import Case
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.case_page import CasePage, FormState, case_page


@dataclass(frozen=True)
class Opened:
    """What one request works on.

    Attributes
    ----------
    seq : of the row; None for a new one.
    """

    request: HttpRequest
    case: Case
    page: CasePage
    state: FormState
    seq: int | None

    @cached_property
    def place(self) -> Place:
        found = next((each for each in self.state.rows if each.row.seq == self.seq), None)
        index = found.index if found else len(self.state.rows)
        return Place(self.page.facts, self.state.form, index, found.row if found else None, self.page.whole)

    @property
    def repeats(self) -> bool:
        return bool(self.state.form.repeating)

    @cached_property
    def next_work(self) -> NextWork | None:
        """What is to be done once this row is complete."""
        return next_work(self.page, self.state, self.place.row)

    @property
    def preview_address(self) -> str:
        """Where the page asks what follows from the typing."""
        where = [self.case.pk, self.state.name]
        if self.repeats and self.place.row:
            return reverse("form_row_preview", args=[*where, self.place.row.seq])
        return reverse("form_preview", args=where)


def open_form(
    request: HttpRequest, case_id: object, form: str, *, repeats: bool = False, seq: int | None = None
) -> Opened:
    """Open a form for somebody who may see the case.

    Parameters
    ----------
    repeats : whether the address is one that only forms that repeat have.

    Raises
    ------
    NotFound, NotPermitted
    """
    case = scope.case(request.user, case_id)
    check_user_can(request.user, Verb.VIEW_CASES, case.center)
    model = record.model_of(form)
    if repeats and not model.form.repeating:
        raise NotFound
    page = case_page(case)
    state = next(each for each in page.forms if each.name == form)
    return Opened(request, case, page, state, seq)
