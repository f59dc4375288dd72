"""Checks of death against evidence of life, and of two reports of it."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.derivations.dates import Span
from registry.derivations.evidence_of_life import evidence_of_life
from registry.derivations.reading import code, span
from registry.dictionary.facts import Facts
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


class ReportedDeath(NamedTuple):
    """A dated death; `row` is the contact's place on the form."""

    row: int
    span: Span


def reported_deaths(facts: Facts) -> list[ReportedDeath]:
    """Deaths that contacts report with a date."""
    return [
        ReportedDeath(row, died)
        for row, contact in enumerate(facts.rows("follow_up"))
        if code(contact, "vital_status") == "DEAD" and (died := span(contact, "death_date")) is not None
    ]


def overlap(one: Span, other: Span) -> bool:
    """Whether both can be the same day."""
    return one.earliest <= other.latest and other.earliest <= one.latest


def death_before_life(context: Context) -> Iterator[Hit]:
    """C02: at the death, with the latest evidence against it; C03 stands at the evidence."""
    deaths = reported_deaths(context.facts)
    if not deaths:
        return
    latest = max(evidence_of_life(context.facts), key=lambda shown: (shown.day, shown.form), default=None)
    if latest is None:
        return
    for death in deaths:
        if death.span.latest < latest.day:
            params = {"date": latest.day.isoformat(), "form": latest.form}
            yield Hit("follow_up", death.row, "death_date", params)


def event_after_death(context: Context) -> Iterator[Hit]:
    """C03: after every reported death; which of two is wrong, C57 asks. Contacts are C02's."""
    last = max((death.span.latest for death in reported_deaths(context.facts)), default=None)
    if last is None:
        return
    for shown in evidence_of_life(context.facts):
        if shown.form != "follow_up" and shown.day > last:
            yield Hit(shown.form, shown.row, shown.variable, {"form": shown.form})


def two_deaths(context: Context) -> Iterator[Hit]:
    """C57: at both contacts, since either may be wrong."""
    deaths = reported_deaths(context.facts)
    for death in deaths:
        if not all(overlap(death.span, other.span) for other in deaths):
            yield Hit("follow_up", death.row, "death_date")


CHECKS = (
    Check(
        "C02",
        (Severity.ERROR,),
        _("Death before any evidence of life, even on the last day it can have been."),
        _("Death precedes evidence of life on %(date)s (%(form)s)."),
        death_before_life,
    ),
    Check(
        "C03",
        (Severity.ERROR,),
        _("Visit, cycle, dose, progression, new therapy or onset of an adverse event after death."),
        _("%(form)s dated after death."),
        event_after_death,
    ),
    Check(
        "C57",
        (Severity.ERROR,),
        _("Two contacts with dates of death that cannot be the same day."),
        _("Two death dates."),
        two_deaths,
    ),
)
