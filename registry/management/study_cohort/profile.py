"""What a synthetic patient is like, before any form is filled: the forms are written from it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

LAST_DAY = date(2024, 11, 22)
"""The day the study's manuscript was received: nothing in the cohort happens after it."""


class Dara(StrEnum):
    """Daratumumab before IsaPd."""

    REFRACTORY = "REFRACTORY"
    SENSITIVE = "SENSITIVE"
    NAIVE = "NAIVE"


class Status(StrEnum):
    """Disease status at IsaPd start."""

    REFRACTORY = "REFRACTORY"
    SYMPTOMATIC = "SYMPTOMATIC"
    BIOCHEMICAL = "BIOCHEMICAL"


class Cytogenetics(StrEnum):
    """FISH before IsaPd, all samples together."""

    HIGH = "HIGH"
    STANDARD = "STANDARD"
    INCOMPLETE = "INCOMPLETE"
    NOT_DONE = "NOT_DONE"


class Trait(StrEnum):
    """What sets a patient apart from the study population, or their record from a complete one."""

    NOT_MYELOMA = "E1"
    NOT_RELAPSED = "E2"
    OUTSIDE_ACCRUAL = "E3"
    NO_FULL_CYCLE = "E4"
    UNDER_AGE = "E5"
    REFUSED = "E6"
    IN_TRIAL = "E7"
    TRIAL_UNKNOWN = "E7_NK"
    WITHDRAWN = "WITHDRAWN"
    LOST = "LOST"
    DIALYSIS = "DIALYSIS"
    DARA_UNDECIDED = "DARA_UNDECIDED"


@dataclass(frozen=True)
class History:
    """Therapy before IsaPd.

    `dara_line` is the line that held daratumumab; `dara_interval` the calendar months from its last dose
    to IsaPd where the cohort prescribes them.
    """

    lines: int
    transplant: bool
    dara: Dara
    dara_line: int | None = None
    dara_drugs: tuple[str, ...] = ()
    dara_cycles: int | None = None
    dara_interval: int | None = None
    len_refractory: bool = True
    pi_refractory: bool = True

    @property
    def lines_after_dara(self) -> int:
        return self.lines - (self.dara_line or 0)


@dataclass(frozen=True)
class Course:
    """What happened after IsaPd start, in days from it.

    Attributes
    ----------
    best : best response; NE when no visit could be judged
    end : death, or the last day known alive
    died : whether `end` is the death
    pd : progression
    next_therapy : first qualifying therapy after IsaPd
    stop : last dose of IsaPd; None while it goes on
    stop_reason : why it stopped
    """

    best: str
    end: int
    died: bool
    pd: int | None = None
    next_therapy: int | None = None
    stop: int | None = None
    stop_reason: str | None = None
    death_cause: str | None = None

    @property
    def last_dose(self) -> int:
        return self.end if self.stop is None else self.stop


@dataclass(frozen=True)
class Profile:
    """A synthetic patient."""

    reference: str
    center: int
    start: date
    age: int
    sex: str
    heavy_chain: str
    light_chain: str
    crcl: int | None
    iss: str
    hb: Decimal
    ldh_high: bool
    status: Status
    cytogenetics: Cytogenetics
    history: History
    course: Course
    traits: frozenset[Trait] = frozenset()
    exact: bool = False
    """Whether every entry must be complete and exact, because the derived values are prescribed."""

    def day(self, number: int) -> date:
        """The date so many days after IsaPd start."""
        return self.start + timedelta(days=number)

    def has(self, trait: Trait) -> bool:
        return trait in self.traits
