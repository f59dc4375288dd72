"""Doses given and planned, relative total dose and relative dose intensity of each drug (D31)."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from registry.derivations.cycles import INPUTS as CYCLE_INPUTS
from registry.derivations.cycles import Cycle, Cycles
from registry.derivations.dates import days_between
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.dosing import CYCLE_DAYS, NO_WEIGHT, POM_CYCLE_MG, WEEKLY, isa_days, isa_mg
from registry.derivations.reading import day, number, whole
from registry.dictionary.facts import Record
from registry.terminology.text import gettext_noop as _

ISA_GIVEN = (*CYCLE_INPUTS, "isa_total_mg", "cycle_modification", "isa_last_dose_date")
ISA_PLANNED = (*CYCLE_INPUTS, "cycle_weight_kg", "weight_kg")
POM_GIVEN = (*CYCLE_INPUTS, "pom_total_mg", "cycle_modification", "pom_last_dose_date")
POM_PLANNED = CYCLE_INPUTS
DEX_GIVEN = (*CYCLE_INPUTS, "dex_weekly_mg", "dex_doses_n", "cycle_modification")
DEX_PLANNED = (*CYCLE_INPUTS, "birth_date", "isapd_start_date")

ISA_MISSING = _("The isatuximab total of a cycle is missing")
POM_MISSING = _("The pomalidomide total of a cycle is missing")
DEX_MISSING = _("The dexamethasone dose or number of doses of a cycle is missing")

Amount = Callable[[Cycle], Fraction | None]


class Dose(NamedTuple):
    """Total of one drug over the started cycles, in mg."""

    given: Answer
    planned: Answer


def doses(cycles: Cycles, treatment: Record, dexamethasone: Answer) -> Iterator[tuple[str, Dose]]:
    """Each drug with its dose; `dexamethasone` is the weekly dose that the age asks for."""
    isa_last, pom_last = day(treatment, "isa_last_dose_date"), day(treatment, "pom_last_dose_date")
    weekly = dexamethasone.value if isinstance(dexamethasone.value, int) else None

    def isa_given(cycle: Cycle) -> Fraction | None:
        return _given(cycle, "ISA", number(cycle.row, "isa_total_mg"), isa_last)

    def pom_given(cycle: Cycle) -> Fraction | None:
        return _given(cycle, "POM", number(cycle.row, "pom_total_mg"), pom_last)

    def dex_given(cycle: Cycle) -> Fraction | None:
        return _given(cycle, "DEX", _dexamethasone_total(cycle), None)

    def pom_planned(_cycle: Cycle) -> Fraction:
        return Fraction(POM_CYCLE_MG)

    def dex_planned(_cycle: Cycle) -> Fraction | None:
        return None if weekly is None else Fraction(len(WEEKLY) * weekly)

    yield (
        "isatuximab",
        Dose(
            _total(cycles, isa_given, ISA_GIVEN, ISA_MISSING),
            _total(cycles, _isatuximab_planned, ISA_PLANNED, NO_WEIGHT),
        ),
    )
    yield (
        "pomalidomide",
        Dose(
            _total(cycles, pom_given, POM_GIVEN, POM_MISSING),
            _total(cycles, pom_planned, POM_PLANNED, ""),
        ),
    )
    yield (
        "dexamethasone",
        Dose(
            _total(cycles, dex_given, DEX_GIVEN, DEX_MISSING),
            _total(cycles, dex_planned, DEX_PLANNED, dexamethasone.reason),
        ),
    )


def rtd(dose: Dose) -> Answer:
    """`rtd_isatuximab` and so on: the dose given as a share of the dose planned."""
    return _share(dose, Fraction(1))


def rdi(dose: Dose, cycles: Cycles) -> Answer:
    """`rdi_isatuximab` and so on: given per day treated as a share of planned per day planned."""
    if not cycles.started:
        return _share(dose, Fraction(1))
    days = days_between(cycles.started[0].start, cycles.started[-1].start) + CYCLE_DAYS
    return _share(dose, Fraction(CYCLE_DAYS * len(cycles.started), days))


def _share(dose: Dose, pace: Fraction) -> Answer:
    inputs = tuple(dict.fromkeys((*dose.given.inputs, *dose.planned.inputs)))
    given, planned = dose.given.value, dose.planned.value
    if not isinstance(given, Fraction):
        return ne(dose.given.reason, inputs)
    if not isinstance(planned, Fraction):
        return ne(dose.planned.reason, inputs)
    return ok(given / planned * pace, inputs)


def _total(cycles: Cycles, amount: Amount, inputs: tuple[str, ...], unknown: str) -> Answer:
    """Sum over the cycles; not evaluable when that of one cycle is missing."""
    if cycles.gap:
        return ne(cycles.gap, inputs)
    amounts = [amount(cycle) for cycle in cycles.started]
    known = [each for each in amounts if each is not None]
    return ok(sum(known, Fraction(0)), inputs) if len(known) == len(amounts) else ne(unknown, inputs)


def _given(cycle: Cycle, drug: str, total: Fraction | None, last: date | None) -> Fraction | None:
    """Total of a cycle. Where it is missing after the drug was stopped, nothing was given."""
    stopped = drug in cycle.stopped or (last is not None and last < cycle.start)
    return Fraction(0) if total is None and stopped else total


def _isatuximab_planned(cycle: Cycle) -> Fraction | None:
    """By the cycle's weight; further infusions stay planned after isatuximab was stopped."""
    if cycle.weight is None or cycle.weight <= 0:
        return None
    return isa_mg(cycle.weight) * len(isa_days(cycle.number))


def _dexamethasone_total(cycle: Cycle) -> Fraction | None:
    weekly, count = number(cycle.row, "dex_weekly_mg"), whole(cycle.row, "dex_doses_n")
    if weekly == 0 or count == 0:
        return Fraction(0)
    return None if weekly is None or count is None else weekly * count
