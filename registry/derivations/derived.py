"""What a derivation answers: a value, whether it is evaluable, why, from what, by which rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from registry.terminology.text import gettext_noop as _

Part = str | int | date | None
Value = str | int | float | Fraction | date | tuple[Part, ...] | Mapping[str, str] | None
Json = str | int | float | list[str | int | None] | dict[str, str] | None

YES, NO = "YES", "NO"


class Status(StrEnum):
    """Whether the case holds enough to decide. Not evaluable is an answer, never silently dropped."""

    OK = "OK"
    NE = "NE"


class Answer(NamedTuple):
    """What one rule says of one case."""

    value: Value
    status: Status
    reason: str
    inputs: tuple[str, ...]

    @property
    def is_ok(self) -> bool:
        return self.status is Status.OK


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived variable of one case.

    Attributes
    ----------
    value : str, int, float, Fraction, date, tuple, mapping or None
        None when not evaluable. Yes and no are "YES" and "NO"; durations are not rounded.
    status : Status
        OK or NE.
    reason : str
        One English sentence, marked for translation; for results per drug, their provenance.
    inputs : tuple of str
        Names of the variables the answer rests on.
    rule_version : str
        Rules and parameters the answer was computed under.
    """

    value: Value
    status: Status
    reason: str
    inputs: tuple[str, ...]
    rule_version: str

    @property
    def is_ok(self) -> bool:
        return self.status is Status.OK

    def to_json(self) -> dict[str, Json]:
        """Value, status and reason as JSON: dates ISO, exact fractions as floats, not rounded."""
        return {"value": json_value(self.value), "status": self.status.value, "reason": self.reason}


def json_value(value: Value) -> Json:
    """A derived value as JSON."""
    match value:
        # Most values are these, and telling a fraction or a mapping takes far longer.
        case None | str() | int():
            return value
        case Fraction():
            return float(value)
        case date():
            return value.isoformat()
        case tuple():
            return [part.isoformat() if isinstance(part, date) else part for part in value]
        case Mapping():
            return dict(value)
        case _:
            return value


COMPUTED = _("Computed from the entries")


def ok(value: Value, inputs: tuple[str, ...], reason: str = COMPUTED) -> Answer:
    """An evaluable answer."""
    return Answer(value, Status.OK, reason, inputs)


def ne(reason: str, inputs: tuple[str, ...]) -> Answer:
    """Not evaluable, and why."""
    return Answer(None, Status.NE, reason, inputs)


def yes_no(
    holds: bool | None,
    inputs: tuple[str, ...],
    unknown: str,
    reason: str = COMPUTED,
) -> Answer:
    """YES or NO; not evaluable for the reason `unknown` when undecided (None)."""
    if holds is None:
        return ne(unknown, inputs)
    return ok(YES if holds else NO, inputs, reason)


def truth(answer: Answer) -> bool | None:
    """Whether a yes/no answer is YES; None when it is not evaluable."""
    return answer.value == YES if answer.is_ok else None
