"""Derived variables of the treatment itself: doses due and given, fitness for them, safety (D30–D33)."""

from collections.abc import Iterator
from datetime import date

from registry.derivations import charlson, cycles, dose_intensity, dosing, frailty, safety
from registry.derivations.age import age_at_start
from registry.derivations.derived import Answer
from registry.derivations.observation import Observation
from registry.derivations.parameters import Parameters
from registry.derivations.reading import code, codes, span
from registry.dictionary.facts import Facts

FIRST = 1
"""The cycle the doses due are answered for: the patient's own first one."""

Named = Iterator[tuple[str, Answer]]


def treatment(facts: Facts, start: date | None, observation: Observation, parameters: Parameters) -> Named:
    """Every derived variable of D30 to D33, by name."""
    age = age_at_start(span(facts.one("demographics"), "birth_date"), start)
    dexamethasone = dosing.dex_dose_by_age(age, parameters)
    yield from _due(facts, start, dexamethasone)
    yield from _given(facts, observation, dexamethasone)
    yield from _fitness(facts, age)
    yield from _safety(facts, start, observation)


def _due(facts: Facts, start: date | None, dexamethasone: Answer) -> Named:
    weight = cycles.first_weight(facts)
    yield "isa_dose_mg", dosing.isa_dose_mg(weight)
    yield "isa_volume_ml", dosing.isa_volume_ml(weight)
    yield "isa_dates", dosing.isa_dates(FIRST, start)
    yield "pom_dates", dosing.pom_dates(start)
    yield "dex_dose_by_age", dexamethasone
    yield "dex_dates", dosing.dex_dates(start)


def _given(facts: Facts, observation: Observation, dexamethasone: Answer) -> Named:
    started = cycles.read_cycles(facts, observation)
    yield "n_cycles", cycles.n_cycles(started)
    yield "cycle_delay_days", cycles.cycle_delay_days(started)
    yield "cycles_delayed", cycles.cycles_delayed(started)
    for drug, dose in dose_intensity.doses(started, facts.one("isapd_treatment"), dexamethasone):
        yield f"given_mg_{drug}", dose.given
        yield f"planned_mg_{drug}", dose.planned
        yield f"rtd_{drug}", dose_intensity.rtd(dose)
        yield f"rdi_{drug}", dose_intensity.rdi(dose, started)


def _fitness(facts: Facts, age: Answer) -> Named:
    baseline = facts.one("baseline")
    comorbidity = charlson.charlson(codes(baseline, "comorbidities"))
    score = frailty.frailty_score(age, comorbidity, code(baseline, "ecog"))
    yield "charlson", comorbidity
    yield "frailty_score", score
    yield "frailty_simplified", frailty.frailty_simplified(score)


def _safety(facts: Facts, start: date | None, observation: Observation) -> Named:
    found = safety.read_safety(facts, start, observation)
    yield "safety_population", safety.safety_population(found)
    yield "teae_any", safety.teae_any(found)
    yield "teae_n", safety.teae_n(found)
    yield "teae_ge3", safety.teae_ge3(found)
    yield "teae_worst_grade", safety.teae_worst_grade(found)
    yield "teae_worst_grades", safety.teae_worst_grades(found)
    yield "irr_any", safety.irr_any(found)
    yield "irr_max_grade", safety.irr_max_grade(found)
    yield "irr_first_infusion", safety.irr_first_infusion(found)
    yield "infection_ge3", safety.infection_ge3(found)
    yield "covid_any", safety.covid_any(found)
    yield "ae_led_to_stop", safety.ae_led_to_stop(found)
