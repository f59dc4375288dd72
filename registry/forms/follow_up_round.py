"""One round of calls: what was typed for each patient, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from registry.dictionary.catalog import FORMS
from registry.dictionary.entry import EntryError, Raw, read
from registry.exceptions import Incomplete, InvalidEntries, Unconfirmed
from registry.forms.posted import CONFIRM, MISSING_MARK, new_token
from registry.forms.posted import read as read_posted
from registry.forms.wording import choice_text, label_of, message_of
from registry.selectors.follow_up_round import Followed

FORM = FORMS["follow_up"]
STATUS, CAUSE = FORM.variable("vital_status"), FORM.variable("death_cause")
ALIVE, DEAD, LOST = "ALIVE", "DEAD", "LTFU"
NOT_KNOWN = f"{MISSING_MARK}NK"
SAVED, REFUSED = "saved", "refused"


@dataclass(frozen=True)
class Doubt:
    """A warning to be confirmed; `name` is the field of its reason."""

    name: str
    message: str
    reason: str


@dataclass(frozen=True)
class Call:
    """One patient of the round.

    Attributes
    ----------
    is_ticked : alive on the date that stands above all.
    on : the date typed for this patient.
    result : SAVED, REFUSED or "" where nothing was sent.
    """

    patient: Followed
    token: str
    is_ticked: bool = False
    status: str = ""
    on: str = ""
    cause: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    messages: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def key(self) -> str:
        """What its fields begin with."""
        return self.patient.case.pk.hex

    @property
    def is_made(self) -> bool:
        """Whether there is something to save."""
        return self.is_ticked or bool(self.status or self.on.strip())


def new_round(patients: Sequence[Followed]) -> list[Call]:
    """The round before the first key."""
    return [Call(patient, new_token()) for patient in patients]


def read_round(post: QueryDict, patients: Sequence[Followed]) -> list[Call]:
    """What was typed; names of patients who are not in the round are passed over."""
    return [_read(post, patient) for patient in patients]


def entries(call: Call, shared: str, today: date) -> dict[str, Raw]:
    """The follow-up row that the call makes; `shared` is the date that stands above all."""
    status, on = call.status or ALIVE, call.on.strip() or shared.strip()
    if status == DEAD:
        # Of a death known by its month the news came today.
        cause: Raw = {"missing": "NK"} if call.cause == NOT_KNOWN else call.cause
        contact = on if _is_day(on) else today.isoformat()
        return {"contact_date": contact, "vital_status": DEAD, "death_date": on, "death_cause": cause}
    if status == LOST and not call.on.strip() and call.patient.last_alive:
        # "Lost" is counted from the last date known alive.
        on = call.patient.last_alive.isoformat()
    return {"contact_date": on, "vital_status": status}


def why(refused: InvalidEntries | Incomplete | Unconfirmed) -> list[str]:
    """What an action refused, in sentences that name their field."""
    if isinstance(refused, InvalidEntries):
        found = refused.errors.items()
        return [_at_field(name, " ".join(messages)) for (_form, _number, name), messages in found]
    return [_at_field(found.variable, message_of(found)) for found in refused.findings]


def _at_field(name: str, message: str) -> str:
    return f"{label_of(FORM.variable(name))}: {message}" if name else message


def doubts(call: Call, refused: Unconfirmed) -> tuple[Doubt, ...]:
    """The warnings of a refused call, each with a place for its reason."""
    return tuple(
        Doubt(f"{call.key}.{CONFIRM}{found.key}", message_of(found), call.reasons.get(found.key, ""))
        for found in refused.findings
    )


def statuses() -> list[tuple[str, str]]:
    """Code and label of what a contact can show."""
    return [(code, choice_text(STATUS, code)) for code in STATUS.codes]


def causes() -> list[tuple[str, str]]:
    """Code and label of the causes of death."""
    return [(code, choice_text(CAUSE, code)) for code in CAUSE.codes] + [(NOT_KNOWN, _("Not known"))]


def _read(post: QueryDict, patient: Followed) -> Call:
    prefix = f"{patient.case.pk.hex}."
    fields = QueryDict(mutable=True)
    for name, values in post.lists():
        if name.startswith(prefix):
            fields.setlist(name.removeprefix(prefix), values)
    posted = read_posted(fields, ())
    status = fields.get("status", "")
    return Call(
        patient,
        posted.token or new_token(),
        is_ticked=fields.get("tick") == "yes",
        status=status if status in STATUS.codes else "",
        on=fields.get("on", "")[:40],
        cause=fields.get("cause", ""),
        reasons=posted.confirmations,
    )


def _is_day(text: str) -> bool:
    try:
        return read(FORM.variable("contact_date"), text) is not None
    except EntryError:
        return False
