"""The first therapy after IsaPd that counts as one (D24)."""

from datetime import date
from typing import NamedTuple

from registry.derivations.observation import Observation
from registry.derivations.reading import codes, day, whole
from registry.dictionary.facts import Facts, Record

NOT_SYSTEMIC = frozenset({"RT", "PALL"})


class NextTherapy(NamedTuple):
    """Start of the next therapy; `undated` when one began whose start is not entered."""

    start: date | None = None
    undated: bool = False


def next_therapy(facts: Facts, observation: Observation) -> NextTherapy:
    """Earliest start of a systemic line, transplant or CAR-T; radiotherapy or palliation alone is none.

    Without its start, a line matters only when no dated one has a lower number.
    """
    rows = [row for row in facts.rows("subsequent_therapy") if _qualifies(row)]
    dated = [(start, _number(row)) for row in rows if (start := day(row, "subs_start")) is not None]
    first_number = min((number for _start, number in dated), default=None)
    undated = [row for row in rows if day(row, "subs_start") is None]
    if any(first_number is None or _number(row) < first_number for row in undated):
        return NextTherapy(undated=True)
    return NextTherapy(min((start for start, _number in dated if observation.includes(start)), default=None))


def _qualifies(row: Record) -> bool:
    drugs = codes(row, "subs_drugs")
    return drugs is None or not NOT_SYSTEMIC.issuperset(drugs)


def _number(row: Record) -> int:
    return whole(row, "subs_line_no") or 0
