"""How far a case is observed: data cutoff, withdrawal of consent, death, last date known alive (D22)."""

from datetime import date
from typing import NamedTuple

from registry.derivations.dates import Span, settle
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.evidence_of_life import evidence_of_life
from registry.derivations.reading import code, day, span
from registry.dictionary.facts import Facts
from registry.terminology.text import gettext_noop as _

DEATH_INPUTS = ("vital_status", "death_date")
ALIVE_INPUTS = (
    "contact_date",
    "vital_status",
    "resp_date",
    "cycle_start",
    "isapd_end_date",
    "isa_last_dose_date",
    "pom_last_dose_date",
    "pd_date",
    "subs_start",
    "ae_start",
    "consent_withdrawal_date",
)

NO_EVIDENCE = _("Nothing shows until when the patient was alive")
UNDATED_DEATH = _("The date of death is missing")
TWO_DEATHS = _("Two contacts give different dates of death")
KNOWN_ALIVE = _("The last date known alive")
AT_CUTOFF = _("Known alive at the data cutoff")
AT_WITHDRAWAL = _("Consent was withdrawn")


class Death(NamedTuple):
    """Death up to the end of observation; `gap` says why it has no date."""

    day: date | None = None
    imputed: bool = False
    cause: str | None = None
    gap: str = ""

    @property
    def undated(self) -> bool:
        return bool(self.gap)


class Observation(NamedTuple):
    """Until when a case is observed, and what ended it.

    `end` is the data cutoff or the withdrawal of consent, whichever is earlier; None when neither is set.
    `last_alive` counts evidence after `end` as being alive at `end`.
    """

    end: date | None
    withdrawn: bool
    last_alive: date | None
    death: Death

    def includes(self, when: date | None) -> bool:
        """Whether something of that day is observed."""
        return when is not None and (self.end is None or when <= self.end)


def observe(facts: Facts, start: date | None, cutoff: date | None) -> Observation:
    """Observation of a case up to a data cutoff."""
    withdrawal = withdrawn_on(facts)
    ends = [end for end in (cutoff, withdrawal) if end is not None]
    end = min(ends, default=None)
    evidence = [shown.day for shown in evidence_of_life(facts)]
    alive = max(evidence if withdrawal is None else [*evidence, withdrawal], default=None)
    death = _death(facts, start, alive, end)
    if end is not None and (_died_later(facts, end) or (alive is not None and alive > end)):
        alive = end
    return Observation(end, withdrawal is not None and end == withdrawal, alive, death)


def withdrawn_on(facts: Facts) -> date | None:
    """Day of withdrawal of consent; nothing after it is analyzed."""
    enrolment = facts.one("enrolment")
    return (
        day(enrolment, "consent_withdrawal_date")
        if code(enrolment, "consent_status") == "WITHDRAWN"
        else None
    )


def last_alive_date(observation: Observation) -> Answer:
    """`last_alive_date`: the latest evidence of life, no later than the end of observation."""
    if observation.last_alive is None:
        return ne(NO_EVIDENCE, ALIVE_INPUTS)
    if observation.last_alive == observation.end:
        return ok(observation.end, ALIVE_INPUTS, AT_WITHDRAWAL if observation.withdrawn else AT_CUTOFF)
    return ok(observation.last_alive, ALIVE_INPUTS, KNOWN_ALIVE)


def _deaths(facts: Facts) -> list[Span | None]:
    """Date of death of every contact that reports one; None where it is missing."""
    return [span(row, "death_date") for row in facts.rows("follow_up") if code(row, "vital_status") == "DEAD"]


def _died_later(facts: Facts, end: date) -> bool:
    """Whether a death after the end of observation proves the patient alive at it."""
    return any(death is not None and death.earliest > end for death in _deaths(facts))


def _death(facts: Facts, start: date | None, alive: date | None, end: date | None) -> Death:
    reported = _deaths(facts)
    known = [death for death in reported if death is not None]
    if not known:
        # A death reported without its date is none yet at an end of observation the patient outlived.
        outlived = end is not None and alive is not None and alive >= end
        return Death(cause=_cause(facts), gap=UNDATED_DEATH) if reported and not outlived else Death()
    earliest, latest = max(death.earliest for death in known), min(death.latest for death in known)
    if earliest > latest:
        return Death(cause=_cause(facts), gap=TWO_DEATHS)
    exact = next((death.imputed for death in known if death.is_exact), None)
    narrowest = min(known, key=lambda death: death.latest - death.earliest)
    neighbors = [neighbor for neighbor in (start, alive) if neighbor is not None]
    died = exact or settle(narrowest, max(neighbors, default=None), _reported_by(facts, end))
    if end is not None and died > end:
        return Death()
    return Death(died, exact is None, _cause(facts))


def _reported_by(facts: Facts, end: date | None) -> date | None:
    """The end of observation, if a contact up to it already reported the death."""
    if end is None:
        return None
    contacts = [
        day(row, "contact_date") for row in facts.rows("follow_up") if code(row, "vital_status") == "DEAD"
    ]
    return end if any(contact is not None and contact <= end for contact in contacts) else None


def _cause(facts: Facts) -> str | None:
    """Cause of death; None when it is missing or two contacts disagree."""
    causes = {
        code(row, "death_cause") for row in facts.rows("follow_up") if code(row, "vital_status") == "DEAD"
    } - {None}
    return causes.pop() if len(causes) == 1 else None
