"""Adverse events during IsaPd and what was done about them."""

from dataclasses import dataclass
from datetime import date

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Row, iso, missing, without_blanks
from registry.management.study_cohort.profile import Course, Profile

INFECTIONS = frozenset({"LUNGINF", "URTI", "SEPSIS", "INFOTH"})
WINDOW = 30
"""Days after the last dose in which an event still counts as emerging under treatment."""


@dataclass(frozen=True)
class Kind:
    """One kind of event: how often, how severe, how soon, what follows."""

    term: str
    probability: float
    grades: dict[str, int]
    days: tuple[int, int]
    lasts: tuple[int, int]
    related: tuple[str, ...]
    actions: dict[tuple[str, ...], int]
    text: str | None = None
    agent: str | None = None


KINDS = (
    Kind("IRR", 0.34, {"1": 3, "2": 6, "3": 1}, (0, 0), (0, 1), ("ISA",), {("ISA_INT",): 1}),
    Kind(
        "NEUT",
        0.5,
        {"3": 6, "4": 4},
        (12, 110),
        (5, 12),
        ("ISA", "POM"),
        {("POM_INT", "DELAY"): 3, ("POM_RED", "POM_INT"): 4, ("NONE",): 3},
    ),
    Kind("PLT", 0.2, {"3": 3, "4": 1}, (14, 100), (6, 20), ("POM",), {("POM_RED",): 2, ("NONE",): 2}),
    Kind("ANEM", 0.16, {"3": 1}, (10, 120), (7, 25), ("POM",), {("NONE",): 1}),
    Kind("FN", 0.05, {"3": 3, "4": 1}, (10, 90), (4, 9), ("ISA", "POM"), {("POM_RED", "POM_INT"): 1}, None),
    Kind(
        "LUNGINF",
        0.17,
        {"2": 2, "3": 5, "4": 1},
        (15, 260),
        (8, 20),
        ("POM", "DEX"),
        {("POM_INT", "DELAY"): 2, ("ISA_INT",): 1, ("NONE",): 1},
        agent="BACT",
    ),
    Kind("URTI", 0.2, {"1": 2, "2": 4}, (10, 300), (4, 12), ("NONE",), {("NONE",): 1}, agent="VIRAL"),
    Kind(
        "SEPSIS", 0.02, {"4": 1}, (20, 200), (8, 18), ("POM", "DEX"), {("POM_INT", "DELAY"): 1}, agent="BACT"
    ),
    Kind(
        "INFOTH",
        0.14,
        {"1": 2, "2": 4, "3": 2},
        (10, 320),
        (8, 21),
        ("NONE",),
        {("DELAY",): 2, ("NONE",): 2},
        "COVID-19",
        "SARS2",
    ),
    Kind(
        "INFOTH",
        0.04,
        {"2": 3, "3": 1},
        (20, 240),
        (7, 20),
        ("DEX",),
        {("NONE",): 1},
        "Herpes zoster",
        "VIRAL",
    ),
    Kind("FATIGUE", 0.12, {"2": 3, "3": 1}, (10, 150), (20, 60), ("POM",), {("POM_RED",): 1, ("NONE",): 2}),
    Kind("DIARR", 0.09, {"2": 3, "3": 1}, (10, 150), (3, 14), ("POM",), {("NONE",): 1}),
    Kind("CONST", 0.09, {"1": 1, "2": 3}, (7, 90), (10, 40), ("POM",), {("NONE",): 1}),
    Kind("DYSP", 0.05, {"2": 2, "3": 1}, (5, 150), (4, 20), ("ISA",), {("NONE",): 1}),
    Kind("TE", 0.05, {"2": 1, "3": 2}, (20, 200), (30, 90), ("POM", "DEX"), {("POM_INT",): 1}),
    Kind("PSN", 0.06, {"2": 3, "3": 1}, (30, 200), (40, 120), ("POM",), {("NONE",): 2, ("POM_RED",): 1}),
    Kind("RASH", 0.06, {"2": 2, "3": 1}, (7, 60), (5, 20), ("POM",), {("POM_INT",): 1, ("NONE",): 1}),
    Kind("OTHER", 0.06, {"3": 1}, (14, 180), (4, 20), ("DEX",), {("DEX_RED",): 1}, "Hyperglycemia"),
    Kind("OTHER", 0.05, {"2": 1}, (7, 90), (10, 40), ("DEX",), {("DEX_RED",): 1}, "Insomnia"),
)
STOPPING = ("LUNGINF", "PSN", "NEUT", "TE", "DYSP")
FATAL = {"INFECT": ("SEPSIS", None, "BACT"), "COVID": ("INFOTH", "COVID-19", "SARS2")}


@dataclass(frozen=True)
class Event:
    """One adverse event, in days from IsaPd start; `end` is None while it lasts."""

    term: str
    grade: str
    day: int
    end: int | None
    related: tuple[str, ...]
    actions: tuple[str, ...]
    text: str | None = None
    agent: str | None = None
    outcome: str = "RESOLVED"


def events(profile: Profile) -> list[Event]:
    """The events of one patient, in order of onset."""
    course = profile.course
    found = []
    for position, kind in enumerate(KINDS):
        draw = Draw(profile.reference, "event", position)
        day = draw.between(*kind.days)
        if not draw.chance(kind.probability) or day > course.last_dose:
            continue
        end = day + draw.between(*kind.lasts)
        outcome = "RESOLVED" if end < course.end else "NOTRES"
        found.append(
            Event(
                kind.term,
                draw.weighted(kind.grades),
                day,
                end if outcome == "RESOLVED" else None,
                kind.related,
                draw.weighted(kind.actions),
                kind.text,
                kind.agent,
                outcome,
            )
        )
    if course.stop_reason == "TOX" and course.stop is not None:
        found.append(_stopping(profile, course.stop))
    if fatal := fatal_event(course):
        found.append(fatal)
    return sorted(found, key=lambda event: event.day)


def _stopping(profile: Profile, stop: int) -> Event:
    """The event that ended IsaPd."""
    term = Draw(profile.reference, "stopping").pick(STOPPING)
    actions = ("ISA_STOP", "POM_STOP", "DEX_STOP")
    agent = "BACT" if term in INFECTIONS else None
    return Event(term, "3", stop, None, ("ISA", "POM"), actions, None, agent, "RESOLVING")


def fatal_event(course: Course) -> Event | None:
    """The infection a patient died of within the window of the last dose."""
    if not course.died or course.death_cause not in FATAL or course.end > course.last_dose + WINDOW:
        return None
    term, text, agent = FATAL[course.death_cause]
    onset = max(1, course.end - 9)
    return Event(term, "5", onset, course.end, ("NONE",), ("NONE",), text, agent, "FATAL")


def adverse_event_rows(profile: Profile) -> list[Row]:
    """One row per event."""
    return [_row(profile, event, position) for position, event in enumerate(events(profile))]


def _row(profile: Profile, event: Event, position: int) -> Row:
    draw = Draw(profile.reference, "event form", position)
    serious = event.grade in ("4", "5") or (event.grade == "3" and event.term in INFECTIONS | {"FN", "TE"})
    onset = profile.day(event.day)
    # The month of IsaPd start would leave open whether the event came before the treatment.
    in_first_month = (onset.year, onset.month) == (profile.start.year, profile.start.month)
    exact = profile.exact or event.outcome == "FATAL" or in_first_month
    row: Row = {
        "ae_term": event.term,
        "ae_other_text": event.text,
        "ae_grade": event.grade,
        "ae_start": _date(onset, exact, draw),
        "ae_outcome": event.outcome,
        "ae_serious": "Y" if serious else "N",
        "ae_related": list(event.related),
        "ae_action": list(event.actions),
        "irr_infusion_no": 1 if event.term == "IRR" else None,
        "infection_agent": event.agent,
    }
    if event.end is not None:
        row["ae_end"] = iso(profile.day(event.end))
    if serious:
        row["ae_serious_criteria"] = {"5": ["DTH"], "4": ["LIFE", "HOSP"]}.get(event.grade, ["HOSP"])
    if not profile.exact and event.outcome != "FATAL" and draw.chance(0.02):
        row["ae_related"] = missing("NK")
    return without_blanks(row)


def _date(day: date, exact: bool, draw: Draw) -> str:
    return iso(day) if exact or draw.chance(0.9) else iso(day)[:7]
