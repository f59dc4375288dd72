"""The audit trail of a case in a reader's words: what changed, from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.audit.history import Entry
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Form
from registry.forms.images import value_in
from registry.forms.row_table import COLUMNS
from registry.forms.wording import label_of, message_of, text_of
from registry.models import Case, DataQuery, Event, OwnReference, QueryState, State
from registry.terminology.roles import Role

# What is about a case without being one of its forms; what changed of it is shown at its own place.
_ABOUT = {model._meta.db_table: model for model in (DataQuery, OwnReference)}


@dataclass(frozen=True)
class Changed:
    """One answer before and after; "" is blank."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One event as it is read.

    Attributes
    ----------
    row : which row of a repeating form; "" for the others.
    """

    event: Event
    role: str
    form: str
    row: str
    changes: tuple[Changed, ...]


def told(entries: Iterable[Entry], only: str = "") -> list[Told]:
    """The entries in words; `only` one variable where it is named."""
    return [_tell(entry, only) for entry in entries]


def _tell(entry: Entry, only: str) -> Told:
    if entry.event.table == DataQuery._meta.db_table:
        return _tell_query(entry)
    form = CASE_FORMS.get(entry.form)
    return Told(
        event=entry.event,
        role=role_text(entry.event.actor_role),
        form=_(form.label) if form else capfirst(_ABOUT.get(entry.event.table, Case)._meta.verbose_name),
        row=_row(form, entry) if form and form.repeating else "",
        changes=tuple(_changes(form, entry, only)) if form else (),
    )


def _tell_query(entry: Entry) -> Told:
    """A query opened, answered or closed: what it says, and how far it is."""
    image = entry.after or entry.before or {}
    form = CASE_FORMS.get(str(image.get("form")))
    before, after = (
        str(QueryState(each["state"]).label) if each else "" for each in (entry.before, entry.after)
    )
    query = DataQuery(message=str(image.get("message", "")), params=image.get("params") or {})
    return Told(
        event=entry.event,
        role=role_text(entry.event.actor_role),
        form=capfirst(DataQuery._meta.verbose_name),
        row=_(form.label) if form else "",
        changes=(Changed(message_of(query), before, after),),
    )


def role_text(text: str) -> str:
    """The roles of an event in words: "DATA_MANAGER IT001" → "Data manager IT001"."""
    parts = []
    for held in filter(None, text.split(", ")):
        code, _space, center = held.partition(" ")
        label = _(Role(code).label) if code in Role.__members__ else code.capitalize()
        parts.append(f"{label} {center}".strip())
    return ", ".join(parts)


def _row(form: Form, entry: Entry) -> str:
    """The row by its first column, such as "Line 2"; by its number where that is blank."""
    name, heading = next(iter(COLUMNS[form.name].items()))
    image = entry.after or entry.before
    text = text_of(form.variable(name), value_in(form.variable(name), image))
    return f"{_(heading)} {text}" if text else _("Row %(number)s") % {"number": entry.seq}


def _changes(form: Form, entry: Entry, only: str) -> Iterable[Changed]:
    for variable in form:
        if only and variable.name != only:
            continue
        before, after = value_in(variable, entry.before), value_in(variable, entry.after)
        if before != after:
            yield Changed(label_of(variable), text_of(variable, before), text_of(variable, after))
    before_state, after_state = (
        str(State(image["state"]).label) if image else "" for image in (entry.before, entry.after)
    )
    if before_state != after_state and not only:
        yield Changed(_("State of the form"), before_state, after_state)
