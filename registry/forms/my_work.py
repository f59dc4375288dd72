"""The page "My work": what waits, with the way to the very form, and every patient's forms at a glance."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.completeness import Completeness
from registry.edit_checks.finding import Severity
from registry.edit_checks.quality import Quality
from registry.forms import effect
from registry.forms.wording import label_of, message_of
from registry.models import Center, DataQuery, State
from registry.selectors.case_page import NOT_STARTED
from registry.selectors.case_work import NONE, CaseWork, FormWork, quality_of
from registry.terminology.text import gettext_noop

# (case, form) → open queries there.
Counts = Mapping[tuple[UUID, str], int]

# State → (icon, tone, word of the cell, what is said of it).
_STATES = {
    State.COMPLETE: ("check-circle", "success", gettext_noop("done"), gettext_noop("complete")),
    State.DRAFT: ("circle-half", "warning", gettext_noop("draft"), gettext_noop("draft")),
    NOT_STARTED: ("circle-dashed", "", gettext_noop("to do"), gettext_noop("not begun")),
    NONE: ("minus-circle", "", gettext_noop("none"), gettext_noop("none, or not entered yet")),
}
MOST_FORMS = 3


@dataclass(frozen=True)
class Cell:
    """One form of one patient in the grid; `label` says it in full to whoever does not see the table."""

    url: str
    icon: str
    tone: str
    word: str
    label: str
    queries: int


@dataclass(frozen=True)
class GridLine:
    """One patient in the grid."""

    case: CaseWork
    percent: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Duty:
    """One thing to do: where, what, and what it would change."""

    url: str
    label: str
    text: str = ""


@dataclass(frozen=True)
class Unfinished:
    """A case to finish, with its first forms that want work; `more` are the others."""

    case: CaseWork
    forms: tuple[Duty, ...]
    more: int
    effect: str


@dataclass(frozen=True)
class Waiting:
    """An open query: at which question of which patient, since when, and what rests on the answer."""

    query: DataQuery
    reference: str
    url: str
    form: str
    label: str
    message: str
    effect: str

    @property
    def severity(self) -> Severity:
        return Severity(self.query.severity)


@dataclass(frozen=True)
class CenterQuality:
    """Metrics of one center (D34)."""

    code: str
    patients: int
    core: Completeness
    queries: int
    stale: int


@dataclass(frozen=True)
class FormQuality:
    """How complete one form is at a center, over its patients."""

    label: str
    core: Completeness
    drafts: int
    to_do: int


def grid(cases: Iterable[CaseWork], queries: Counts) -> list[GridLine]:
    """A line per patient, a cell per form."""
    return [
        GridLine(
            case,
            case.quality.core.percent,
            tuple(_cell(case, form, queries.get((case.pk, form.name), 0)) for form in case.forms.values()),
        )
        for case in cases
    ]


def unfinished(cases: Iterable[CaseWork], stored: Mapping[UUID, effect.Stored]) -> list[Unfinished]:
    """Cases to finish, as they are given."""
    return [_unfinished(case, stored.get(case.pk, {})) for case in cases]


def waiting(
    queries: Iterable[DataQuery],
    references: Mapping[UUID, str],
    stored: Mapping[UUID, effect.Stored],
    *,
    contact: bool = False,
) -> list[Waiting]:
    """Open queries as they are given; `contact` where all they want is a contact with the patient."""
    found = []
    for query in queries:
        form, values = CASE_FORMS[query.form], stored.get(query.case_id, {})
        label = label_of(form.variable(query.variable)) if query.variable in form.names else ""
        what = effect.of_contact(values) if contact else effect.of_answer(query.variable, values)
        url = reverse("form_row_new", args=[query.case_id, "follow_up"]) if contact else field_url(query)
        reference = references.get(query.case_id, "")
        found.append(Waiting(query, reference, url, _(form.label), label, message_of(query), what))
    return found


def quality_by_form(cases: Sequence[CaseWork], quality: Quality) -> list[FormQuality]:
    """Completeness of each form of which a core answer is asked."""
    found = []
    for name, form in CASE_FORMS.items():
        core = quality.forms.get(name, Completeness())
        states = [case.forms[name].state for case in cases]
        if core.applicable:
            found.append(
                FormQuality(_(form.label), core, states.count(State.DRAFT), states.count(NOT_STARTED))
            )
    return found


def quality_by_center(
    centers: Iterable[Center], cases: Sequence[CaseWork], queries: Mapping[UUID, int], stale: Set[UUID]
) -> list[CenterQuality]:
    """Metrics of each center; `queries` open by case, `stale` the cases whose follow-up is."""
    found = []
    for center in centers:
        own = [case for case in cases if case.center_id == center.pk]
        found.append(
            CenterQuality(
                str(center),
                len(own),
                quality_of(own).core,
                sum(queries.get(case.pk, 0) for case in own),
                sum(case.pk in stale for case in own),
            )
        )
    return found


def not_known(quality: Quality) -> list[tuple[str, int]]:
    """Key variables with how many times they are not known (D34), in the dictionary's order."""
    return [
        (label_of(variable), quality.not_known[variable.name])
        for form in CASE_FORMS.values()
        for variable in form
        if variable.name in quality.not_known
    ]


def field_url(query: DataQuery) -> str:
    """Where the question stands that a query is about."""
    form = CASE_FORMS[query.form]
    place = [query.case_id, query.form, *([query.seq] if form.repeating else [])]
    url = reverse("form_row" if form.repeating else "form", args=place)
    return f"{url}#{query.variable}" if query.variable else url


def _form_url(case: CaseWork, form: FormWork) -> str:
    """The very form: of several rows the first draft, of none a new one, where one is owed."""
    if not CASE_FORMS[form.name].repeating:
        return reverse("form", args=[case.pk, form.name])
    if form.drafts:
        return reverse("form_row", args=[case.pk, form.name, form.drafts[0]])
    if form.state == NOT_STARTED:
        return reverse("form_row_new", args=[case.pk, form.name])
    return reverse("form", args=[case.pk, form.name])


def _cell(case: CaseWork, form: FormWork, queries: int) -> Cell:
    icon, tone, word, spoken = _STATES[form.state]
    parts = [f"{_(CASE_FORMS[form.name].label)}, {case.patient_code}: {_(spoken)}"]
    if form.state == State.DRAFT and form.core.missing:
        parts.append(_missing(form.core.missing))
    if queries:
        parts.append(ngettext("%(count)s open query", "%(count)s open queries", queries) % {"count": queries})
    return Cell(_form_url(case, form), icon, tone, _(word), ", ".join(parts), queries)


def _unfinished(case: CaseWork, stored: effect.Stored) -> Unfinished:
    forms = case.to_finish
    owed = {name for form in forms for name in form.owed or _core(form)}
    duties = tuple(
        Duty(_form_url(case, form), _(CASE_FORMS[form.name].label), _owes(form))
        for form in forms[:MOST_FORMS]
    )
    return Unfinished(case, duties, len(forms) - len(duties), effect.of_owed(owed, stored))


def _core(form: FormWork) -> list[str]:
    """What a form not begun will ask."""
    if form.state != NOT_STARTED:
        return []
    return [variable.name for variable in CASE_FORMS[form.name] if variable.core]


def _owes(form: FormWork) -> str:
    if form.state == NOT_STARTED:
        return _("not begun")
    return _missing(form.core.missing) if form.core.missing else _("ready to be marked complete")


def _missing(count: int) -> str:
    return ngettext("%(count)s core answer missing", "%(count)s core answers missing", count) % {
        "count": count
    }
