"""Checks of the cycles and their doses: C24, C26, C28, C29."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from registry.derivations.dates import days_between
from registry.derivations.dosing import POM_CYCLE_MG, POM_DAYS, isa_days
from registry.derivations.reading import code, day, number, whole
from registry.dictionary.facts import Facts, Record
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.edit_checks.rounding import shown
from registry.terminology.text import gettext_noop as _

FORM = "isapd_cycle"
HIGHER_DAILY_DOSE = _("Pomalidomide %(dose)s mg after %(previous)s mg in the cycle before: intended?")


class Numbered(NamedTuple):
    """A row that says which cycle it is."""

    cycle: int
    place: int
    row: Record


def _numbered(facts: Facts) -> list[Numbered]:
    rows = enumerate(facts.rows(FORM))
    found = [
        Numbered(cycle, place, row) for place, row in rows if (cycle := whole(row, "cycle_no")) is not None
    ]
    return sorted(found, key=lambda each: (each.cycle, each.place))


def _neighbors(cycles: Sequence[Numbered]) -> Iterator[tuple[Numbered, Numbered]]:
    """Each cycle with the one after it."""
    return ((one, other) for one, other in pairwise(cycles) if other.cycle == one.cycle + 1)


def starts(context: Context) -> Iterator[Hit]:
    """C24: cycle numbers with gaps or twice; a cycle too soon or too late after the one before it."""
    cycles = _numbered(context.facts)
    before = 0
    for one in cycles:
        if one.cycle != before + 1:
            yield Hit(FORM, one.place, "cycle_no", {"n": one.cycle})
        before = one.cycle
    for one, other in _neighbors(cycles):
        began, next_began = day(one.row, "cycle_start"), day(other.row, "cycle_start")
        if began is None or next_began is None:
            continue
        days = days_between(began, next_began)
        if days < context.rules.cycle_days_min:
            yield Hit(FORM, other.place, "cycle_start", {"n": other.cycle})
        elif days > context.rules.cycle_days_max:
            yield Hit(FORM, other.place, "cycle_start", {"n": other.cycle}, Severity.WARNING)


def isatuximab_dose(context: Context) -> Iterator[Hit]:
    """C26: milligrams per kilogram and infusion, by the weight last known."""
    weight = number(context.facts.one("baseline"), "weight_kg")
    for one in _numbered(context.facts):
        weighed = number(one.row, "cycle_weight_kg")
        weight = weight if weighed is None else weighed
        total, infusions = number(one.row, "isa_total_mg"), whole(one.row, "isa_infusions_n")
        if not weight or not total or not infusions:
            continue
        dose = total / infusions / weight
        if not context.rules.isa_mgkg_min <= dose <= context.rules.isa_mgkg_max:
            yield Hit(FORM, one.place, "isa_total_mg", {"dose": shown(dose)})


def pomalidomide_dose(context: Context) -> Iterator[Hit]:
    """C28: more than the daily dose allows; a daily dose that rises again."""
    for index, row in enumerate(context.facts.rows(FORM)):
        total, daily = number(row, "pom_total_mg"), code(row, "pom_daily_mg")
        allowed = POM_CYCLE_MG if daily is None else min(POM_CYCLE_MG, int(daily) * POM_DAYS)
        if total is not None and total > allowed:
            yield Hit(FORM, index, "pom_total_mg")
    for one, other in _neighbors(_numbered(context.facts)):
        before, daily = code(one.row, "pom_daily_mg"), code(other.row, "pom_daily_mg")
        if before is not None and daily is not None and int(daily) > int(before):
            params = {"dose": daily, "previous": before}
            yield Hit(FORM, other.place, "pom_daily_mg", params, message=HIGHER_DAILY_DOSE)


def infusions(context: Context) -> Iterator[Hit]:
    """C29: more infusions than are planned; infusions without a dose, a dose without infusions."""
    for index, row in enumerate(context.facts.rows(FORM)):
        count, total, cycle = (
            whole(row, "isa_infusions_n"),
            number(row, "isa_total_mg"),
            whole(row, "cycle_no"),
        )
        if count is None:
            continue
        too_many = cycle is not None and count > len(isa_days(cycle))
        if too_many or (total is not None and (count == 0) != (total == 0)):
            yield Hit(FORM, index, "isa_infusions_n")


CHECKS = (
    Check(
        "C24",
        (Severity.ERROR, Severity.WARNING),
        _(
            "Cycle numbers not contiguous from 1, or a cycle less than 21 days after the one before it. "
            "Warning: more than 56 days after it."
        ),
        _("Check cycle %(n)s start."),
        starts,
    ),
    Check(
        "C26",
        (Severity.WARNING,),
        _("Isatuximab per infusion outside 9–11 mg/kg."),
        _("%(dose)s mg/kg; isatuximab is 10 mg/kg."),
        isatuximab_dose,
    ),
    Check(
        "C28",
        (Severity.WARNING,),
        _(
            "Pomalidomide total above 84 mg, or above 21 times the daily dose; daily dose higher than in "
            "the cycle before."
        ),
        _("Pomalidomide total does not match the daily dose."),
        pomalidomide_dose,
    ),
    Check(
        "C29",
        (Severity.ERROR,),
        _(
            "More than 4 infusions in cycle 1, or more than 2 later; no infusions with a dose, or "
            "infusions without."
        ),
        _("Infusion count and dose disagree."),
        infusions,
    ),
)
