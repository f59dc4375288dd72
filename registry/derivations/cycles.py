"""The cycles that were started, in order, and how late each of them was (D31)."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from registry.derivations.dates import days_between
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.dosing import CYCLE_DAYS
from registry.derivations.observation import Observation
from registry.derivations.reading import codes, day, number, whole
from registry.dictionary.facts import Facts, Record
from registry.terminology.text import gettext_noop as _

INPUTS = ("cycle_no", "cycle_start")

LATE_DAYS = 3

NO_CYCLE = _("No cycle of IsaPd is recorded")
UNDATED = _("The start of a cycle is missing")
NOT_COUNTED = _("The cycles are not numbered from 1 on, each once")
OUT_OF_ORDER = _("A cycle starts no later than the one before it")
ONLY_CYCLE = _("Only one cycle was started")


class Cycle(NamedTuple):
    """One started cycle.

    `weight` is the one last known at its start. `stopped` names the drugs (ISA, POM, DEX) that an earlier
    cycle says were stopped.
    """

    number: int
    start: date
    weight: Fraction | None
    stopped: frozenset[str]
    row: Record


class Cycles(NamedTuple):
    """Started cycles 1 to N; none of them when `gap` says why they cannot be counted."""

    started: tuple[Cycle, ...]
    gap: str = ""


def read_cycles(facts: Facts, observation: Observation) -> Cycles:
    """Cycles started up to the end of observation."""
    rows = [row for row in facts.rows("isapd_cycle") if not _is_later(day(row, "cycle_start"), observation)]
    rows.sort(key=lambda row: whole(row, "cycle_no") or 0)
    dated = [(start, row) for row in rows if (start := day(row, "cycle_start")) is not None]
    if not rows:
        return Cycles((), NO_CYCLE)
    if len(dated) < len(rows):
        return Cycles((), UNDATED)
    if [whole(row, "cycle_no") for row in rows] != list(range(1, len(rows) + 1)):
        return Cycles((), NOT_COUNTED)
    if any(later <= earlier for (earlier, _row), (later, _next) in pairwise(dated)):
        return Cycles((), OUT_OF_ORDER)
    return Cycles(tuple(_cycles(dated, number(facts.one("baseline"), "weight_kg"))))


def first_weight(facts: Facts) -> Fraction | None:
    """The weight cycle 1 is dosed by: that cycle's own, otherwise the one at baseline."""
    own = [number(row, "cycle_weight_kg") for row in facts.rows("isapd_cycle") if whole(row, "cycle_no") == 1]
    # Two first cycles: which of their weights counts is not known.
    if len(own) == 1 and own[0] is not None:
        return own[0]
    return number(facts.one("baseline"), "weight_kg")


def _is_later(start: date | None, observation: Observation) -> bool:
    return start is not None and not observation.includes(start)


def _cycles(dated: Iterable[tuple[date, Record]], weight: Fraction | None) -> Iterable[Cycle]:
    stopped: frozenset[str] = frozenset()
    for count, (start, row) in enumerate(dated, start=1):
        weighed = number(row, "cycle_weight_kg")
        weight = weight if weighed is None else weighed
        yield Cycle(count, start, weight, stopped, row)
        stopped |= {
            change.removesuffix("_STOP")
            for change in codes(row, "cycle_modification") or ()
            if change.endswith("_STOP")
        }


def n_cycles(cycles: Cycles) -> Answer:
    """`n_cycles`, how many cycles were started."""
    return ne(cycles.gap, INPUTS) if cycles.gap else ok(len(cycles.started), INPUTS)


def cycle_delay_days(cycles: Cycles) -> Answer:
    """`cycle_delay_days`: for each next cycle how many days later than planned it started."""
    if cycles.gap:
        return ne(cycles.gap, INPUTS)
    late = _delays(cycles)
    return ok(late, INPUTS) if late else ok(late, INPUTS, ONLY_CYCLE)


def cycles_delayed(cycles: Cycles) -> Answer:
    """`cycles_delayed`, how many cycles started more than three days late."""
    if cycles.gap:
        return ne(cycles.gap, INPUTS)
    return ok(sum(late > LATE_DAYS for late in _delays(cycles)), INPUTS)


def _delays(cycles: Cycles) -> tuple[int, ...]:
    starts = (cycle.start for cycle in cycles.started)
    return tuple(days_between(earlier, later) - CYCLE_DAYS for earlier, later in pairwise(starts))
