"""Overall survival, progression-free survival, time to next treatment (D22–D24).

Their origin is the start of the index regimen. A death on the day of progression is one
event, of type PD. Durations of zero are kept as zero.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from registry.derivations.dates import days_between
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.months import in_months
from registry.derivations.next_therapy import NextTherapy
from registry.derivations.observation import (
    ALIVE_INPUTS,
    AT_CUTOFF,
    AT_WITHDRAWAL,
    DEATH_INPUTS,
    NO_EVIDENCE,
    Observation,
)
from registry.derivations.parameters import Parameters
from registry.derivations.progression import INPUTS as PD_INPUTS
from registry.derivations.progression import UNDATED, UNDATED_THERAPY, Progression
from registry.derivations.reasons import missing
from registry.derivations.visits import Visit
from registry.terminology.text import gettext_noop as _

OS_INPUTS = tuple(dict.fromkeys(("isapd_start_date", *DEATH_INPUTS, *ALIVE_INPUTS)))
PFS_INPUTS = tuple(dict.fromkeys((*OS_INPUTS, *PD_INPUTS)))
TTNT_INPUTS = (*OS_INPUTS, "subs_drugs")

DIED = _("Death from any cause")
DIED_IMPUTED = _("Death from any cause, its day imputed")
PROGRESSED = _("Progression")
LAST_ALIVE = _("Censored at the last date known alive")
AFTER_CUTOFF = _("IsaPd began after the end of observation")
DEATH_BEFORE_START = _("Death is dated before the start of IsaPd")
CONTACT_BEFORE_START = _("The last evidence of life is before the start of IsaPd")
PD_BEFORE_START = _("Progression is dated before the start of IsaPd")
THERAPY_BEFORE_START = _("The next therapy is dated before the start of IsaPd")
THERAPY = _("Next therapy began")
COMPETING = _("Death without a next therapy, a competing event")
LAST_ASSESSMENT = _("Censored at the last evaluable assessment")
NEW_THERAPY = _("Censored at the last evaluable assessment before the new therapy")
NEVER_ASSESSED = _("Censored at the start: never assessed")
CAUSE_UNKNOWN = _("The cause of death is missing")


class Ending(StrEnum):
    """How an observation ended."""

    PD = "PD"
    DEATH = "DEATH"
    THERAPY = "THERAPY"
    CENSORED = "CENSORED"


class End(NamedTuple):
    """Last day of a duration and how it ended; without a day, `reason` says why it is not evaluable."""

    day: date | None
    type: Ending
    reason: str

    @property
    def is_event(self) -> bool:
        return self.day is not None and self.type is not Ending.CENSORED


def _gap(reason: str) -> End:
    return End(None, Ending.CENSORED, reason)


def overall_survival(start: date | None, observation: Observation) -> End:
    """Death from any cause; censored at the last date known alive."""
    if start is None:
        return _gap(missing("isapd_start_date"))
    if observation.end is not None and observation.end < start:
        return _gap(AFTER_CUTOFF)
    death, alive = observation.death, observation.last_alive
    if death.day is not None:
        if death.day < start:
            return _gap(DEATH_BEFORE_START)
        return End(death.day, Ending.DEATH, DIED_IMPUTED if death.imputed else DIED)
    if death.undated:
        return _gap(death.gap)
    if alive is None:
        return _gap(NO_EVIDENCE)
    if alive < start:
        return _gap(CONTACT_BEFORE_START)
    if alive == observation.end:
        return End(alive, Ending.CENSORED, AT_WITHDRAWAL if observation.withdrawn else AT_CUTOFF)
    return End(alive, Ending.CENSORED, LAST_ALIVE)


def progression_free_survival(start: date | None, survival: End, found: Progression) -> End:
    """The paper's rule: progression or death; censored at last follow-up, new therapy or not."""
    if start is None or survival.reason == AFTER_CUTOFF:
        return survival
    if found.day is not None:
        if found.day < start:
            return _gap(PD_BEFORE_START)
        if not (survival.is_event and survival.day is not None and survival.day < found.day):
            return End(found.day, Ending.PD, PROGRESSED)
    return _gap(UNDATED) if found.undated else survival


def pfs_censored_at_new_therapy(
    start: date | None, survival: End, found: Progression, visits: Sequence[Visit], therapy: NextTherapy
) -> End:
    """The alternative rule: a new therapy without progression before it censors at the last assessment.

    Progression by clinical judgment alone is not one here.
    """
    counted = Progression() if found.clinical_only else found
    end = progression_free_survival(start, survival, counted)
    if start is None or end.day is None:
        return end
    if therapy.undated:
        return _gap(UNDATED_THERAPY)
    if end.is_event and (therapy.start is None or end.day <= therapy.start):
        return end
    limit = end.day if therapy.start is None else min(therapy.start, end.day)
    assessed = max((visit.day for visit in visits if visit.day <= limit), default=None)
    if assessed is None:
        return End(start, Ending.CENSORED, NEVER_ASSESSED)
    return End(assessed, Ending.CENSORED, NEW_THERAPY if therapy.start else LAST_ASSESSMENT)


def time_to_next_treatment(start: date | None, survival: End, therapy: NextTherapy) -> End:
    """Start of the next therapy; death without one competes; censored at last follow-up."""
    if start is None or survival.reason == AFTER_CUTOFF:
        return survival
    if therapy.undated:
        return _gap(UNDATED_THERAPY)
    if therapy.start is None:
        return survival._replace(reason=COMPETING) if survival.is_event else survival
    if therapy.start < start:
        return _gap(THERAPY_BEFORE_START)
    if survival.is_event and survival.day is not None and survival.day < therapy.start:
        return survival._replace(reason=COMPETING)
    return End(therapy.start, Ending.THERAPY, THERAPY)


def days(end: End, origin: date | None, inputs: tuple[str, ...]) -> Answer:
    """Duration from the origin in days."""
    if end.day is None or origin is None:
        return ne(end.reason, inputs)
    return ok(days_between(origin, end.day), inputs, end.reason)


def months(duration: Answer, parameters: Parameters) -> Answer:
    """A duration in months, not rounded."""
    if not isinstance(duration.value, int):
        return duration
    return ok(in_months(duration.value, parameters), duration.inputs, duration.reason)


def event(end: End, inputs: tuple[str, ...]) -> Answer:
    """1 for the event, 0 for censored."""
    return ne(end.reason, inputs) if end.day is None else ok(int(end.is_event), inputs, end.reason)


def pfs_type(end: End) -> Answer:
    """`pfs_type`: PD, DEATH or CENSORED."""
    return ne(end.reason, PFS_INPUTS) if end.day is None else ok(end.type.value, PFS_INPUTS, end.reason)


def ttnt_status(end: End) -> Answer:
    """`ttnt_status`: 1 next therapy, 2 death without one, 0 censored."""
    if end.day is None:
        return ne(end.reason, TTNT_INPUTS)
    status = {Ending.THERAPY: 1, Ending.DEATH: 2}.get(end.type, 0)
    return ok(status, TTNT_INPUTS, end.reason)
