"""The 219 other patients on IsaPd: whoever the daratumumab-refractory cohort leaves out, and why."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from registry.management.study_cohort.calendar_months import weekday_on_or_before
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.others_course import course_of
from registry.management.study_cohort.profile import (
    Cytogenetics,
    Dara,
    History,
    Profile,
    Status,
    Trait,
)
from registry.management.study_cohort.published import ACCRUAL, DARA_REGIMENS

FIRST, LAST = 52, 270
COUNTS = {
    Trait.NOT_MYELOMA: 2,
    Trait.NOT_RELAPSED: 2,
    Trait.OUTSIDE_ACCRUAL: 6,
    Trait.NO_FULL_CYCLE: 6,
    Trait.UNDER_AGE: 1,
    Trait.REFUSED: 3,
    Trait.IN_TRIAL: 4,
    Trait.TRIAL_UNKNOWN: 1,
    Trait.WITHDRAWN: 2,
    Trait.LOST: 7,
    Trait.DIALYSIS: 3,
    Trait.DARA_UNDECIDED: 4,
}
SPACING = 5
BIRTH_YEAR_ONLY_START = date(2023, 4, 12)
HEAVY_CHAINS = {
    "IGG": 112,
    "IGA": 44,
    "NONE": 34,
    "IGD": 5,
    "NONSEC": 4,
    "BICLONAL": 3,
    "NK": 3,
    "IGM": 2,
    "IGE": 1,
}
MAY_BE_DARA_REFRACTORY = (Trait.NO_FULL_CYCLE, Trait.OUTSIDE_ACCRUAL, Trait.IN_TRIAL)
"""Exclusions that also take daratumumab-refractory patients, so that the flow of that cohort shows them."""


def profiles(centers: Iterator[int]) -> Iterator[Profile]:
    """One profile per patient; `centers` deals the centers out."""
    traits = [trait for trait, count in COUNTS.items() for _ in range(count)]
    for position, number in enumerate(range(FIRST, LAST + 1)):
        index, rest = divmod(position, SPACING)
        trait = traits[index] if rest == 2 and index < len(traits) else None
        yield _profile(f"SYN{number:03d}", next(centers), trait)


def _profile(reference: str, center: int, trait: Trait | None) -> Profile:
    draw = Draw(reference, "profile")
    age = 17 if trait is Trait.UNDER_AGE else (draw.between(44, 84) + draw.between(56, 84)) // 2
    iss = draw.weighted({"I": 41, "II": 38, "III": 21})
    hb = _hemoglobin(iss, draw)
    history, status = _history(trait, age, draw)
    if status is Status.BIOCHEMICAL:
        # Below 10 g/dL the relapse would be symptomatic.
        hb = max(hb, draw.decimal(10, 13.5))
    start = _start(trait, draw)
    cytogenetics = draw.weighted(
        {
            Cytogenetics.NOT_DONE: 36,
            Cytogenetics.INCOMPLETE: 9,
            Cytogenetics.HIGH: 14,
            Cytogenetics.STANDARD: 41,
        }
    )
    ldh_high = draw.chance(0.22)
    hazard = (
        (1.9 if hb < 11 else 1.0)
        * (1.3 if iss == "III" else 1.0)
        * (1.6 if cytogenetics is Cytogenetics.HIGH else 1.0)
        * (1.2 if ldh_high else 1.0)
        * (1.0 if history.dara is Dara.NAIVE else 1.2)
    )
    heavy = draw.weighted(HEAVY_CHAINS)
    return Profile(
        reference=reference,
        center=center,
        start=start,
        age=age,
        sex=draw.weighted({"M": 54, "F": 46}),
        heavy_chain=heavy,
        light_chain=draw.weighted({"K": 2, "L": 1}),
        crcl=None if trait is Trait.DIALYSIS else _clearance(age, draw),
        iss=iss,
        hb=hb,
        ldh_high=ldh_high,
        status=status,
        cytogenetics=cytogenetics,
        history=history,
        course=course_of(reference, start, hazard, trait, heavy),
        traits=frozenset({trait} if trait else ()),
    )


def _hemoglobin(iss: str, draw: Draw) -> Decimal:
    middle = {"I": 11.9, "II": 11.2, "III": 9.6}[iss]
    spread = (draw.unit() + draw.unit() + draw.unit() - 1.5) * 3.4
    return Decimal(round(max(6.4, min(16.2, middle + spread)) * 10)).scaleb(-1)


def _clearance(age: int, draw: Draw) -> int:
    return max(17, min(140, 78 - (age - 68) + draw.between(-38, 38)))


def _start(trait: Trait | None, draw: Draw) -> date:
    if trait is Trait.UNDER_AGE:
        return BIRTH_YEAR_ONLY_START
    first, last = ACCRUAL
    if trait is Trait.OUTSIDE_ACCRUAL:
        windows = ((date(2020, 2, 3), date(2020, 12, 22)), (date(2024, 7, 3), date(2024, 9, 20)))
        first, last = draw.pick(windows)
    day = first + timedelta(days=draw.between(0, (last - first).days))
    return max(weekday_on_or_before(day), first)


def _history(trait: Trait | None, age: int, draw: Draw) -> tuple[History, Status]:
    lines = draw.weighted({1: 24, 2: 92, 3: 66, 4: 26, 5: 7})
    status = draw.weighted({Status.REFRACTORY: 42, Status.SYMPTOMATIC: 38, Status.BIOCHEMICAL: 20})
    transplant = draw.chance(0.65 if age < 70 else 0.06)
    if trait is Trait.NOT_RELAPSED:
        return History(
            0, transplant=False, dara=Dara.NAIVE, len_refractory=False, pi_refractory=False
        ), Status.SYMPTOMATIC
    dara = draw.weighted({Dara.NAIVE: 68, Dara.SENSITIVE: 32})
    if trait is Trait.DARA_UNDECIDED:
        dara, lines = Dara.SENSITIVE, max(2, lines)
    elif trait in MAY_BE_DARA_REFRACTORY and draw.chance(0.5):
        dara, lines = Dara.REFRACTORY, max(2, lines)
    elif trait is Trait.UNDER_AGE:
        dara, lines = Dara.NAIVE, 1
    len_refractory, pi_refractory = draw.chance(0.68), draw.chance(0.4)
    if lines == 1:
        if status is Status.REFRACTORY:
            len_refractory, pi_refractory = True, False
            dara = Dara.NAIVE
        else:
            len_refractory = pi_refractory = False
    if dara is Dara.NAIVE:
        history = History(lines, transplant, dara, len_refractory=len_refractory, pi_refractory=pi_refractory)
        return history, status
    # A line of daratumumab that worked cannot be the last of somebody refractory to the last line.
    latest = lines - 1 if status is Status.REFRACTORY and dara is Dara.SENSITIVE else lines
    line = draw.between(1, latest)
    if dara is Dara.REFRACTORY and line == lines:
        status = Status.REFRACTORY
    names = ["DVd", "DVCd"] if line > 1 or transplant else ["DVMP"]
    names += ["DVTd"] if line == 1 and transplant else []
    names += ["DRd", "DRd"] if dara is Dara.REFRACTORY or not len_refractory else []
    return (
        History(
            lines,
            transplant,
            dara,
            dara_line=line,
            dara_drugs=DARA_REGIMENS[draw.pick(names)],
            dara_cycles=draw.between(5, 28),
            len_refractory=len_refractory,
            pi_refractory=pi_refractory,
        ),
        status,
    )
