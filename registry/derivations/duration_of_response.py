"""Duration of response (D25): from the first PR or better to progression or death."""

from datetime import date

from registry.derivations.dates import days_between
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.response import NO_RESPONSE
from registry.derivations.survival import CAUSE_UNKNOWN, PFS_INPUTS, End, Ending, event
from registry.terminology.text import gettext_noop as _

INPUTS = PFS_INPUTS
IMWG_INPUTS = (*INPUTS, "death_cause")
AFTER_END = _("The first response is dated after progression or death")


def dor_days(first: date | None, end: End, bor: Answer, inputs: tuple[str, ...] = INPUTS) -> Answer:
    """`dor_days`; censored at last follow-up. `dor_imwg_days` ends on the same day."""
    gap = _gap(first, end, bor)
    if gap or first is None or end.day is None:
        return ne(gap, inputs)
    return ok(days_between(first, end.day), inputs, end.reason)


def dor_event(first: date | None, end: End, bor: Answer) -> Answer:
    """`dor_event`: 1 for progression or death from any cause."""
    gap = _gap(first, end, bor)
    return ne(gap, INPUTS) if gap else event(end, INPUTS)


def dor_imwg_event(first: date | None, end: End, bor: Answer, cause: str | None) -> Answer:
    """`dor_imwg_event`: a death not due to myeloma and without progression is censored."""
    gap = _gap(first, end, bor)
    if gap:
        return ne(gap, IMWG_INPUTS)
    if end.type is not Ending.DEATH:
        return event(end, IMWG_INPUTS)
    if cause is None:
        return ne(CAUSE_UNKNOWN, IMWG_INPUTS)
    return ok(int(cause == "MM"), IMWG_INPUTS, end.reason)


def _gap(first: date | None, end: End, bor: Answer) -> str:
    """Why there is no duration; "" when there is one."""
    if not bor.is_ok:
        return bor.reason
    if first is None:
        return NO_RESPONSE
    if end.day is None:
        return end.reason
    return AFTER_END if first > end.day else ""
