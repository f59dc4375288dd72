"""Checks of the therapies after IsaPd: their order, and that IsaPd was over."""

from collections.abc import Iterator
from datetime import date

from registry.derivations.evidence_of_life import evidence_of_life
from registry.derivations.reading import day, whole
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

TOLERATED_DAYS = 7


def overlapping(context: Context) -> Iterator[Hit]:
    """C40: at the therapy's start. A dose of IsaPd up to a week later is a warning."""
    therapies = [
        (index, when)
        for index, row in enumerate(context.facts.rows("subsequent_therapy"))
        if (when := day(row, "subs_start")) is not None
    ]
    if not therapies:
        return
    misplaced, dose = _out_of_order(context), _last_dose(context)
    for index, when in therapies:
        late = 0 if dose is None else (dose - when).days
        too_early = context.start is not None and when <= context.start
        if too_early or index in misplaced or late > TOLERATED_DAYS:
            yield Hit("subsequent_therapy", index, "subs_start")
        elif late > 0:
            yield Hit("subsequent_therapy", index, "subs_start", severity=Severity.WARNING)


def _last_dose(context: Context) -> date | None:
    """Last day on which the entries show a dose of IsaPd, or a cycle begun."""
    shown = evidence_of_life(context.facts)
    return max((each.day for each in shown if each.form in ("isapd_treatment", "isapd_cycle")), default=None)


def _out_of_order(context: Context) -> set[int]:
    """Rows whose start lies before that of a lower number."""
    numbered = [
        (number, when, index)
        for index, row in enumerate(context.facts.rows("subsequent_therapy"))
        if (number := whole(row, "subs_line_no")) is not None and (when := day(row, "subs_start")) is not None
    ]
    return {
        index
        for number, when, index in numbered
        if any(before < number and when < earlier for before, earlier, _row in numbered)
    }


CHECKS = (
    Check(
        "C40",
        (Severity.ERROR, Severity.WARNING),
        _(
            "Next therapy not after the start of IsaPd, therapies not in the order of their dates, or a dose"
            " of IsaPd after its start (up to 7 days: warning)."
        ),
        _("Subsequent therapy overlaps IsaPd."),
        overlapping,
        replaces_limit=True,
    ),
)
