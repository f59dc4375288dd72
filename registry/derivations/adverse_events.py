"""Adverse events as they were recorded, and whether each was treatment-emergent (D33)."""

from datetime import date
from typing import NamedTuple

from registry.derivations.dates import Span, plus_days
from registry.derivations.logic import all_of, any_of
from registry.derivations.observation import Observation
from registry.derivations.reading import code, codes, day, said, span, whole
from registry.dictionary.facts import Facts, Record

WINDOW_DAYS = 30
DRUGS = frozenset({"ISA", "POM", "DEX"})

EMERGENT_INPUTS = (
    "isapd_start_date",
    "isapd_ongoing",
    "isapd_end_date",
    "ae_term",
    "ae_start",
    "ae_related",
)


class AdverseEvent(NamedTuple):
    """One adverse event. `emergent` is None where the entries do not decide."""

    term: str | None
    grade: int | None
    emergent: bool | None
    actions: tuple[str, ...] | None
    infusion: int | None
    agent: str | None


class LastDose(NamedTuple):
    """Last dose of any IsaPd drug.

    `day` is None while treatment goes on. When it is not `certain`, the last dose was that day or later.
    """

    day: date | None
    certain: bool


def last_dose(facts: Facts, start: date) -> LastDose:
    """Last dose of IsaPd."""
    treatment = facts.one("isapd_treatment")
    ended = day(treatment, "isapd_end_date")
    if ended is not None:
        return LastDose(ended, certain=True)
    if said(treatment, "isapd_ongoing"):
        return LastDose(None, certain=True)
    seen = [
        day(treatment, "isa_last_dose_date"),
        day(treatment, "pom_last_dose_date"),
        *(day(row, "cycle_start") for row in facts.rows("isapd_cycle")),
    ]
    return LastDose(max([start, *(known for known in seen if known is not None)]), certain=False)


def emergent(onset: Span | None, related: tuple[str, ...] | None, start: date, last: LastDose) -> bool | None:
    """Whether an event is treatment-emergent, by the lower bound of its onset.

    From the first dose until 30 days after the last one; later only if related to one of the drugs.
    """
    if onset is None:
        return None
    by_drug = None if related is None else not DRUGS.isdisjoint(related)
    return all_of((onset.earliest >= start, any_of((_within(onset.earliest, last), by_drug))))


def _within(onset: date, last: LastDose) -> bool | None:
    if last.day is None or onset <= plus_days(last.day, WINDOW_DAYS):
        return True
    return False if last.certain else None


def adverse_events(facts: Facts, start: date, observation: Observation) -> tuple[AdverseEvent, ...]:
    """The events that began, or may have begun, up to the end of observation."""
    last = last_dose(facts, start)
    return tuple(
        AdverseEvent(
            term=code(row, "ae_term"),
            grade=_grade(row),
            emergent=emergent(onset, codes(row, "ae_related"), start, last),
            actions=codes(row, "ae_action"),
            infusion=whole(row, "irr_infusion_no"),
            agent=code(row, "infection_agent"),
        )
        for row in facts.rows("adverse_event")
        if (onset := span(row, "ae_start")) is None or observation.includes(onset.earliest)
    )


def _grade(row: Record) -> int | None:
    grade = code(row, "ae_grade")
    return None if grade is None else int(grade)
