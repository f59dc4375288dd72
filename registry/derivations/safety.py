"""Safety of one patient: worst grades, infusion reactions, infections, stopped drugs (D33).

Only treatment-emergent events count, and only of patients with at least one dose.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from registry.derivations.adverse_events import EMERGENT_INPUTS, AdverseEvent, adverse_events
from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.logic import all_of, any_of
from registry.derivations.observation import Observation
from registry.derivations.reasons import missing
from registry.dictionary.adverse_event import FORM
from registry.dictionary.facts import Facts
from registry.terminology.text import gettext_noop as _

DOSE_INPUTS = ("isapd_start_date",)
GRADE_INPUTS = (*EMERGENT_INPUTS, "ae_grade")
INFUSION_INPUTS = (*EMERGENT_INPUTS, "irr_infusion_no")
AGENT_INPUTS = (*EMERGENT_INPUTS, "infection_agent")
ACTION_INPUTS = (*EMERGENT_INPUTS, "ae_action")

REACTION = "IRR"
INFECTIONS = frozenset({"LUNGINF", "URTI", "SEPSIS", "INFOTH"})
COVID = "SARS2"
SEVERE = 3
TERMS = FORM.variable("ae_term").codes

NOT_YET_TREATED = _("IsaPd had not begun by the end of observation")
EMERGENT_UNDECIDED = _("Whether an adverse event was treatment-emergent is not decided")
DETAIL_UNDECIDED = _("The term, onset, grade or another detail of an adverse event is missing")
NO_EVENT = _("No treatment-emergent adverse event")
NO_REACTION = _("No infusion reaction")

Property = Callable[[AdverseEvent], bool | None]


class Safety(NamedTuple):
    """The events of a treated patient that were or may have been emergent; `gap` says why not treated."""

    events: tuple[AdverseEvent, ...]
    dosed: bool | None
    gap: str = ""


def read_safety(facts: Facts, start: date | None, observation: Observation) -> Safety:
    """What is known of the safety of a case."""
    if start is None:
        return Safety((), dosed=None, gap=missing("isapd_start_date"))
    if not observation.includes(start):
        return Safety((), dosed=False, gap=NOT_YET_TREATED)
    events = adverse_events(facts, start, observation)
    return Safety(tuple(event for event in events if event.emergent is not False), dosed=True)


def safety_population(safety: Safety) -> Answer:
    """`safety_population`: at least one dose; the denominator of every rate."""
    return yes_no(safety.dosed, DOSE_INPUTS, safety.gap)


def teae_any(safety: Safety) -> Answer:
    """`teae_any`: any treatment-emergent adverse event."""
    return _any(safety, lambda _event: True, EMERGENT_INPUTS, EMERGENT_UNDECIDED)


def teae_n(safety: Safety) -> Answer:
    """`teae_n`, how many treatment-emergent adverse events."""
    if safety.gap:
        return ne(safety.gap, EMERGENT_INPUTS)
    if any(event.emergent is None for event in safety.events):
        return ne(EMERGENT_UNDECIDED, EMERGENT_INPUTS)
    return ok(len(safety.events), EMERGENT_INPUTS)


def teae_worst_grade(safety: Safety) -> Answer:
    """`teae_worst_grade`, over all terms."""
    return _worst(safety, safety.events, NO_EVENT)


def teae_worst_grades(safety: Safety) -> Answer:
    """`teae_worst_grades`: term → worst grade, or NE, of every term that occurred or may have."""
    if safety.gap:
        return ne(safety.gap, GRADE_INPUTS)
    grades = {}
    for term in TERMS:
        events = [event for event in safety.events if event.term == term]
        if events:
            worst = worst_grade(events)
            grades[term] = "NE" if worst is None else str(worst)
    return ok(grades, GRADE_INPUTS)


def teae_ge3(safety: Safety) -> Answer:
    """`teae_ge3`: any treatment-emergent adverse event of grade 3 or more."""
    return _any(safety, _is_severe, GRADE_INPUTS, DETAIL_UNDECIDED)


def irr_any(safety: Safety) -> Answer:
    """`irr_any`: any infusion reaction."""
    return _any(safety, _is_reaction, EMERGENT_INPUTS, DETAIL_UNDECIDED)


def irr_max_grade(safety: Safety) -> Answer:
    """`irr_max_grade`; not evaluable without a reaction."""
    reactions = [event for event in safety.events if _is_reaction(event) is not False]
    if any(event.term is None for event in reactions):
        return ne(DETAIL_UNDECIDED, GRADE_INPUTS)
    return _worst(safety, reactions, NO_REACTION)


def irr_first_infusion(safety: Safety) -> Answer:
    """`irr_first_infusion`: any infusion reaction at the first infusion."""
    return _any(safety, _is_at_first_infusion, INFUSION_INPUTS, DETAIL_UNDECIDED)


def infection_ge3(safety: Safety) -> Answer:
    """`infection_ge3`: any infection of grade 3 or more; febrile neutropenia is none in CTCAE."""
    return _any(
        safety,
        lambda event: all_of((_is_infection(event), _is_severe(event))),
        GRADE_INPUTS,
        DETAIL_UNDECIDED,
    )


def covid_any(safety: Safety) -> Answer:
    """`covid_any`: any infection with SARS-CoV-2."""
    return _any(safety, _is_covid, AGENT_INPUTS, DETAIL_UNDECIDED)


def ae_led_to_stop(safety: Safety) -> Answer:
    """`ae_led_to_stop`: any event for which a drug was stopped."""
    return _any(safety, _stopped_a_drug, ACTION_INPUTS, DETAIL_UNDECIDED)


def worst_grade(events: Sequence[AdverseEvent]) -> int | None:
    """Highest grade; None when a grade is missing or an event is not certainly emergent."""
    grades = [event.grade for event in events if event.emergent and event.grade is not None]
    return max(grades) if len(grades) == len(events) else None


def _any(safety: Safety, holds: Property, inputs: tuple[str, ...], unknown: str) -> Answer:
    if safety.gap:
        return ne(safety.gap, inputs)
    found = any_of([all_of((event.emergent, holds(event))) for event in safety.events])
    return yes_no(found, inputs, unknown)


def _worst(safety: Safety, events: Sequence[AdverseEvent], none: str) -> Answer:
    if safety.gap or not events:
        return ne(safety.gap or none, GRADE_INPUTS)
    worst = worst_grade(events)
    return ne(DETAIL_UNDECIDED, GRADE_INPUTS) if worst is None else ok(worst, GRADE_INPUTS)


def _is_severe(event: AdverseEvent) -> bool | None:
    return None if event.grade is None else event.grade >= SEVERE


def _is_reaction(event: AdverseEvent) -> bool | None:
    return None if event.term is None else event.term == REACTION


def _is_infection(event: AdverseEvent) -> bool | None:
    return None if event.term is None else event.term in INFECTIONS


def _is_at_first_infusion(event: AdverseEvent) -> bool | None:
    return all_of((_is_reaction(event), None if event.infusion is None else event.infusion == 1))


def _is_covid(event: AdverseEvent) -> bool | None:
    return all_of((_is_infection(event), None if event.agent is None else event.agent == COVID))


def _stopped_a_drug(event: AdverseEvent) -> bool | None:
    return None if event.actions is None else any(action.endswith("_STOP") for action in event.actions)
