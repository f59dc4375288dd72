"""Checks of adverse events: fatal ones against vital status, late ones against their relation."""

from collections.abc import Iterator

from registry.derivations.adverse_events import DRUGS, last_dose
from registry.derivations.dates import plus_days
from registry.derivations.reading import code, codes, span
from registry.dictionary.facts import Record
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.deaths import overlap, reported_deaths
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def fatal(context: Context) -> Iterator[Hit]:
    """C38: at the event's outcome (its grade without one), or at its end where that is not the day of death.

    While no contact tells the vital status there is nothing yet to disagree with.
    """
    statuses = {code(contact, "vital_status") for contact in context.facts.rows("follow_up")} - {None}
    deaths = [death.span for death in reported_deaths(context.facts)]
    for index, event in enumerate(context.facts.rows("adverse_event")):
        if not _is_fatal(event):
            continue
        outcome, ended = code(event, "ae_outcome"), span(event, "ae_end")
        if outcome not in ("FATAL", None) or (statuses and "DEAD" not in statuses):
            yield Hit("adverse_event", index, "ae_grade" if outcome is None else "ae_outcome")
        if ended is not None and not all(overlap(ended, death) for death in deaths):
            yield Hit("adverse_event", index, "ae_end")


def _is_fatal(event: Record) -> bool:
    return code(event, "ae_grade") == "5" or code(event, "ae_outcome") == "FATAL"


def late_and_related(context: Context) -> Iterator[Hit]:
    """C39: only after a last dose that is certain; while treatment goes on every event is within."""
    last = None if context.start is None else last_dose(context.facts, context.start)
    if last is None or last.day is None or not last.certain:
        return
    end = plus_days(last.day, context.rules.related_after_days)
    for index, event in enumerate(context.facts.rows("adverse_event")):
        onset, related = span(event, "ae_start"), codes(event, "ae_related") or ()
        if onset is not None and onset.earliest > end and not DRUGS.isdisjoint(related):
            yield Hit("adverse_event", index, "ae_start")


CHECKS = (
    Check(
        "C38",
        (Severity.ERROR,),
        _(
            "Adverse event of grade 5 or fatal without a death, or ended on another day than the death;"
            " grade 5 with another outcome than fatal."
        ),
        _("Fatal event and vital status disagree."),
        fatal,
    ),
    Check(
        "C39",
        (Severity.WARNING,),
        _("Adverse event more than 30 days after the last dose of IsaPd and marked as related."),
        _("Outside the treatment-emergent window."),
        late_and_related,
    ),
)
