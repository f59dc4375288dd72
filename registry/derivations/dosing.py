"""The dosing schedule of IsaPd: what is due on which day of a cycle (D30)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from registry.derivations.dates import plus_days
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.parameters import DexAgeRule, Parameters
from registry.derivations.reasons import missing
from registry.terminology.text import gettext_noop as _

CYCLE_DAYS = 28
ISA_MG_PER_KG = 10
ISA_MG_PER_ML = 20
POM_DAILY_MG = 4
POM_DAYS = 21
POM_CYCLE_MG = POM_DAILY_MG * POM_DAYS
WEEKLY = (1, 8, 15, 22)
FORTNIGHTLY = (1, 15)
DEX_MG = 40
DEX_REDUCED_MG = 20
DEX_AGE = 75

ISA_INPUTS = ("cycle_no", "cycle_weight_kg", "weight_kg")
DAYS_INPUTS = ("isapd_start_date",)
DEX_INPUTS = ("birth_date", "isapd_start_date")
NO_WEIGHT = _("The weight used for dosing is missing")


def isa_days(cycle: int) -> tuple[int, ...]:
    """Days of a cycle on which isatuximab is due: weekly in cycle 1, every two weeks afterwards."""
    return WEEKLY if cycle == 1 else FORTNIGHTLY


def isa_mg(weight: Fraction) -> Fraction:
    """Isatuximab per infusion, 10 mg/kg of the actual weight; its dose is never reduced."""
    return weight * ISA_MG_PER_KG


def dex_mg(age: int, parameters: Parameters) -> int:
    """Weekly dexamethasone: halved above 75 (the paper), or from 75 on (the Sarclisa SmPC)."""
    from_75 = parameters.dex_age_rule is DexAgeRule.SMPC_GE75
    return DEX_REDUCED_MG if age > DEX_AGE or (from_75 and age == DEX_AGE) else DEX_MG


def on_days(first_day: date, days: Sequence[int]) -> tuple[date, ...]:
    """Dates of the days of a cycle; its first day is day 1."""
    return tuple(plus_days(first_day, day - 1) for day in days)


def isa_dose_mg(weight: Fraction | None) -> Answer:
    """`isa_dose_mg`, per infusion."""
    return ne(NO_WEIGHT, ISA_INPUTS) if weight is None else ok(isa_mg(weight), ISA_INPUTS)


def isa_volume_ml(weight: Fraction | None) -> Answer:
    """`isa_volume_ml`, of the concentrate (20 mg/mL) per infusion."""
    return ne(NO_WEIGHT, ISA_INPUTS) if weight is None else ok(isa_mg(weight) / ISA_MG_PER_ML, ISA_INPUTS)


def dex_dose_by_age(age: Answer, parameters: Parameters) -> Answer:
    """`dex_dose_by_age`, the weekly dose in mg that the age at cycle 1 asks for."""
    if not isinstance(age.value, int):
        return ne(age.reason, DEX_INPUTS)
    return ok(dex_mg(age.value, parameters), DEX_INPUTS, age.reason)


def isa_dates(cycle: int, first_day: date | None) -> Answer:
    """`isa_dates`, the infusions due in a cycle."""
    return _dates(() if first_day is None else on_days(first_day, isa_days(cycle)))


def pom_dates(first_day: date | None) -> Answer:
    """`pom_dates`, the first and the last day of pomalidomide in a cycle."""
    return _dates(() if first_day is None else (first_day, plus_days(first_day, POM_DAYS - 1)))


def dex_dates(first_day: date | None) -> Answer:
    """`dex_dates`, the doses due in a cycle."""
    return _dates(() if first_day is None else on_days(first_day, WEEKLY))


def _dates(days: tuple[date, ...]) -> Answer:
    return ok(days, DAYS_INPUTS) if days else ne(missing("isapd_start_date"), DAYS_INPUTS)
