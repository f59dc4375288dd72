"""Two people changed one row: what I typed, what is stored now, and what was there when I opened it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.audit import history
from registry.audit.canonical import Image
from registry.dictionary.entry import EntryError, read
from registry.dictionary.values import Value
from registry.dictionary.variable import Variable
from registry.forms.images import value_in
from registry.forms.posted import Posted, Typed
from registry.forms.wording import choice_text, label_of, text_of, unit_text
from registry.models import CASE_ROWS, Case, CaseRow, Event
from registry.terminology.missing import Missing

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Difference:
    """One question that the two versions answer differently.

    Attributes
    ----------
    keep : MINE or THEIRS where only one of the two people changed the answer; "" where both did.
    """

    variable: Variable
    label: str
    mine: str
    theirs: str
    opened: str
    keep: str


@dataclass(frozen=True)
class Conflict:
    """A refused save.

    Attributes
    ----------
    row : as stored now; None when it was removed.
    event : the change that came in between; None when there is no trace of it.
    """

    row: CaseRow | None
    event: Event | None
    differences: tuple[Difference, ...]


def conflict(case: Case, form: str, seq: int, row: CaseRow | None, posted: Posted) -> Conflict:
    """Compare what was typed with the row as it is now, field by field."""
    model = CASE_ROWS[form]
    entries = [
        entry
        for entry in history.of_case(case.pk, table=model._meta.db_table, limit=1000)
        if entry.seq == seq
    ]
    opened = next((e.after for e in entries if e.after and e.after["version"] == posted.version), None)
    differences = [
        _difference(variable, posted.typed[variable.name], row, opened)
        for variable in model.variables
        if variable.name in posted.typed and variable.name not in posted.theirs
    ]
    return Conflict(
        row, entries[0].event if entries else None, tuple(each for each in differences if each is not None)
    )


def _difference(
    variable: Variable, typed: Typed, row: CaseRow | None, opened: Image | None
) -> Difference | None:
    theirs = row.record()[variable.name] if row else None
    before = value_in(variable, opened)
    try:
        mine: Value = read(variable, typed.raw(variable))
        is_readable = True
    except EntryError:
        mine, is_readable = None, False
    if is_readable and mine == theirs:
        return None
    keep = ""
    if theirs == before:
        keep = MINE
    elif is_readable and mine == before:
        keep = THEIRS
    return Difference(
        variable=variable,
        label=label_of(variable),
        mine=text_of(variable, mine) if is_readable else _as_typed(variable, typed),
        theirs=text_of(variable, theirs),
        opened=text_of(variable, before),
        keep=keep,
    )


def _as_typed(variable: Variable, typed: Typed) -> str:
    """What was typed, where it makes no value."""
    parts = [typed.text, unit_text(variable, typed.unit) if typed.unit else ""]
    parts += [choice_text(variable, code) for code in typed.options]
    if typed.missing in variable.missing:
        parts.append(_(Missing(typed.missing).label))
    return " ".join(part for part in parts if part)
