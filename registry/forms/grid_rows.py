"""Rows of a grid between the page and the action: what is sent, and what comes back refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from registry.actions.entries import RowEntries
from registry.dictionary.variable import Form
from registry.exceptions import Incomplete, InvalidEntries, StaleVersion, Unconfirmed
from registry.forms.as_typed import AsTyped, Place, as_typed
from registry.forms.grid_posted import PostedRow
from registry.forms.posted import Posted
from registry.forms.wording import message_of, text_of
from registry.models import CaseRow, State
from registry.selectors.whole_case import WholeCase


@dataclass
class Refused:
    """What an action said against the rows of a grid.

    Attributes
    ----------
    errors : row → question → messages; question "" is the row as a whole.
    doubts : (row, question, key of the warning, message) of what is to be confirmed.
    """

    errors: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    doubts: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, row: str, variable: str, message: str) -> None:
        self.errors.setdefault(row, {}).setdefault(variable, []).append(message)


def refused_at(
    form: str, sent: Sequence[PostedRow], refused: InvalidEntries | Incomplete | Unconfirmed
) -> Refused:
    """Put what an action refused at the cells it is about; `sent` are the form's rows in the order sent."""
    found = Refused()
    if isinstance(refused, InvalidEntries):
        for (name, number, variable), messages in refused.errors.items():
            for message in messages if name == form else ():
                found.add(sent[number - 1].key, variable, message)
        return found
    for finding, number in zip(refused.findings, refused.positions, strict=True):
        if finding.form != form:
            continue
        key = sent[number - 1].key
        if isinstance(refused, Unconfirmed):
            found.doubts.append((key, finding.variable, finding.key, message_of(finding)))
        else:
            found.add(key, finding.variable, message_of(finding))
    return found


def outdated(
    form: Form, rows: Sequence[PostedRow], whole: WholeCase, stale: StaleVersion
) -> tuple[list[PostedRow], Refused]:
    """Rows and errors after somebody else was faster: nothing typed is lost, nothing overwritten unseen.

    The row takes the version that is stored now, and its cells say what stands there; saved again, it is what
    was typed. A row that was removed meanwhile becomes a new one.
    """
    refused, kept = Refused(), list(rows)
    for number, (place, sent) in enumerate(places(form, rows, whole)):
        if sent.seq is None or stale.place != (form.name, sent.seq):
            continue
        if place.row is None:
            # Beyond the numbers that a page gives its new rows.
            key = f"n{1000 + sent.seq}"
            kept[number] = replace(sent, key=key, posted=replace(sent.posted, version=None))
            refused.add(key, "", _("Somebody else removed this row. Saved again, it is a new one."))
            continue
        kept[number] = replace(sent, posted=replace(sent.posted, version=place.row.version))
        text = _("Somebody else changed this row. The cells say what is stored; saved again, yours is kept.")
        refused.add(sent.key, "", text)
        for name in changed(place, as_typed(place, sent.posted), sent):
            theirs = text_of(form.variable(name), place.stored[name]) or _("nothing")
            refused.add(sent.key, name, _("Stored now: %(value)s.") % {"value": theirs})
    return kept, refused


def stored_rows(rows: Iterable[CaseRow]) -> list[PostedRow]:
    """The rows as a page just opened shows them."""
    return [PostedRow(f"s{row.seq}", Posted({}, version=row.version)) for row in rows]


def rows_to_send(
    form: Form, rows: Sequence[PostedRow], whole: WholeCase, *, complete: bool, everything: bool = False
) -> list[tuple[PostedRow, RowEntries]]:
    """The rows that a save sends to the action: new ones, changed ones, and drafts that are now complete.

    A row that is complete stays so: a grid never makes a draft of it. `everything` sends unchanged ones, too.
    """
    found = []
    for place, sent in places(form, rows, whole):
        if sent.is_blank or (sent.seq is None and sent.is_removed):
            continue
        if sent.is_removed:
            gone = RowEntries({}, sent.seq, sent.posted.version, is_removed=True)
            found.append((sent, gone))
            continue
        was_complete = place.row is not None and place.row.state == State.COMPLETE
        now = as_typed(place, sent.posted)
        is_due = sent.seq is None or everything or (complete and not was_complete)
        if is_due or changed(place, now, sent):
            entries = sent.posted.entries(place.variables) | dict.fromkeys(now.hidden)
            state = complete or was_complete
            version = sent.posted.version
            found.append((sent, RowEntries(entries, sent.seq, version, state, sent.posted.confirmations)))
    return found


def places(form: Form, rows: Sequence[PostedRow], whole: WholeCase) -> list[tuple[Place, PostedRow]]:
    """Each row with its place among the rows of its form; new ones come after those that are stored."""
    stored = whole.rows[form.name]
    indexes = {row.seq: index for index, row in enumerate(stored)}
    found, new = [], len(stored)
    for sent in rows:
        index = indexes.get(sent.seq or 0)
        row = None if index is None else stored[index]
        found.append((Place(whole.facts, form, new if index is None else index, row, whole), sent))
        new += index is None
    return found


def changed(place: Place, now: AsTyped, sent: PostedRow) -> list[str]:
    """Questions that are answered otherwise than stored, or cannot be read."""
    return [
        name for name in sent.posted.typed if name in now.unreadable or now.record[name] != place.stored[name]
    ]
