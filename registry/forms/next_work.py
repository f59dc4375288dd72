"""What comes next in entering a patient: the rows and forms that want work, in clinical order."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.forms.row_table import row_name
from registry.models import CaseRow
from registry.selectors.case_page import NOT_STARTED, CasePage, FormState, RowState


@dataclass(frozen=True)
class NextWork:
    """A form to go to, or the row of one.

    Attributes
    ----------
    row : of a form that repeats, its row that is not complete yet.
    is_new : whether the form's first row is to be made.
    """

    form: FormState
    row: CaseRow | None = None
    is_new: bool = False

    @property
    def label(self) -> str:
        label = _(self.form.form.label)
        return f"{label}, {row_name(self.row)}" if self.row else label

    def address(self, case_id: UUID) -> str:
        """Address of its page."""
        if self.row:
            return reverse("form_row", args=[case_id, self.form.name, self.row.seq])
        if self.is_new:
            return reverse("form_row_new", args=[case_id, self.form.name])
        return reverse("form", args=[case_id, self.form.name])


def next_work(page: CasePage, here: FormState, row: CaseRow | None) -> NextWork | None:
    """What wants work once `row` of `here` is complete; None when nothing does.

    The other drafts of this form come first, then the forms after it, then those before it. Of events that
    may not have happened the person is asked once, on the way to what is not begun yet.
    """
    if drafts := [each for each in here.rows if not each.is_complete and each.row != row]:
        return NextWork(here, _following(drafts, row).row)
    position = page.forms.index(here)
    after, before = page.forms[position + 1 :], page.forms[:position]
    return next((_opened(form) for form in (*_wanting(after), *_wanting(before))), None)


def _following(drafts: list[RowState], row: CaseRow | None) -> RowState:
    """The draft after this row, or else the first."""
    return next((each for each in drafts if row and each.row.seq > row.seq), drafts[0])


def _wanting(forms: tuple[FormState, ...]) -> Iterator[FormState]:
    for index, form in enumerate(forms):
        later = forms[index + 1 :]
        passed = form.state == NOT_STARTED and any(
            each.is_expected and each.state == NOT_STARTED for each in later
        )
        if form.wants_work or (not form.is_expected and passed):
            yield form


def _opened(form: FormState) -> NextWork:
    if not form.form.repeating:
        return NextWork(form)
    draft = next((each.row for each in form.rows if not each.is_complete), None)
    return NextWork(form, draft, is_new=draft is None and form.is_expected)
