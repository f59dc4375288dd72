"""The treatment form and every cycle of IsaPd."""

from dataclasses import dataclass
from decimal import Decimal

from registry.management.study_cohort import centers
from registry.management.study_cohort.baseline_form import kidney_of
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Row, iso, missing, number, typed_date
from registry.management.study_cohort.profile import Profile
from registry.management.study_cohort.safety import events

CYCLE = 28
INFUSION_DAYS = ((0, 7, 14, 21), (0, 14))
POMALIDOMIDE_DAYS = 21
REASONS = {
    "NEUT": "NEUTRO",
    "FN": "NEUTRO",
    "PLT": "THROMBO",
    "IRR": "IRR",
    "LUNGINF": "INFECT",
    "URTI": "INFECT",
    "SEPSIS": "INFECT",
    "INFOTH": "INFECT",
}
MODIFICATIONS = ("ISA_STOP", "POM_RED", "POM_INT", "POM_STOP", "DEX_RED", "DEX_STOP", "DELAY")


@dataclass(frozen=True)
class Cycle:
    """One cycle: when it began, what was changed in it and why."""

    number: int
    start: int
    changes: tuple[str, ...]
    reasons: tuple[str, ...]


def dex_start_dose(profile: Profile) -> int:
    """Weekly dexamethasone by age: 20 mg over 75 years, as in the paper; at 75 both are seen."""
    if profile.age == 75:
        return Draw(profile.reference, "dex").pick((40, 20))
    return 20 if profile.age > 75 else 40


def pom_start_dose(profile: Profile) -> int:
    """Daily pomalidomide; some centers start lower when the kidneys fail."""
    impaired = profile.crcl is None or profile.crcl < 30
    return 3 if impaired and Draw(profile.reference, "pom").chance(0.5) else 4


def treatment(profile: Profile) -> Row:
    """Start, planned doses, prophylaxis and end of IsaPd."""
    draw = Draw(profile.reference, "treatment")
    course = profile.course
    row: Row = {
        "isapd_start_date": typed_date(profile.start, draw),
        "isa_start_dose_mgkg": "10",
        "pom_start_dose": str(pom_start_dose(profile)),
        "dex_start_dose": str(dex_start_dose(profile)),
        "premedication": ["ANTIH", "APAP", *(["MONTE"] if draw.chance(0.4) else [])],
        "proph_antiviral": "Y" if draw.chance(0.9) else "N",
        "proph_antibacterial": "Y" if draw.chance(0.6) else "N",
        "proph_antithrombotic": draw.weighted({"ASA": 6, "LMWH": 3, "DOAC": 2, "NONE": 1}),
        "ig_replacement": "Y" if draw.chance(0.12) else "N",
        "gcsf_use": "Y" if draw.chance(0.4) else "N",
        "isapd_ongoing": "Y" if course.stop is None else "N",
    }
    if course.stop is not None:
        last_infusion = _last_infusion(profile)
        row |= {
            "isapd_end_date": iso(profile.day(course.stop)),
            "isa_last_dose_date": iso(profile.day(last_infusion)),
            "pom_last_dose_date": missing("NK") if draw.chance(0.1) else iso(profile.day(course.stop)),
            "isapd_stop_reason": course.stop_reason,
        }
    return row


def _last_infusion(profile: Profile) -> int:
    last = cycles(profile)[-1]
    return max(last.start + day for day in _infusion_days(profile, last))


def cycles(profile: Profile) -> list[Cycle]:
    """Every cycle begun up to the last dose."""
    pending = [event for event in events(profile) if set(event.actions) & set(MODIFICATIONS)]
    made: list[Cycle] = []
    start = 0
    while start <= profile.course.last_dose:
        within = [event for event in pending if start <= event.day < start + CYCLE]
        changes = tuple(code for code in MODIFICATIONS if any(code in event.actions for event in within))
        reasons = tuple(dict.fromkeys(REASONS.get(event.term, "OTHTOX") for event in within))
        made.append(Cycle(len(made) + 1, start, changes, reasons))
        start += CYCLE + (7 if "DELAY" in changes else 0)
    return made


def _infusion_days(profile: Profile, cycle: Cycle) -> list[int]:
    planned = INFUSION_DAYS[0 if cycle.number == 1 else 1]
    return [day for day in planned if cycle.start + day <= profile.course.last_dose]


def cycle_rows(profile: Profile) -> list[Row]:
    """One row per cycle, with the doses given."""
    comma = centers.writes_comma(profile.center)
    weight = kidney_of(profile).weight
    per_infusion = (weight * 10).quantize(Decimal(10))
    pom, dex = pom_start_dose(profile), dex_start_dose(profile)
    rows = []
    for cycle in cycles(profile):
        pom = max(1, pom - 1) if "POM_RED" in cycle.changes else pom
        dex = max(10, dex // 2) if "DEX_RED" in cycle.changes else dex
        days = profile.course.last_dose - cycle.start + 1
        infusions = len(_infusion_days(profile, cycle))
        on_pom = min(POMALIDOMIDE_DAYS - (7 if "POM_INT" in cycle.changes else 0), days)
        row: Row = {
            "cycle_no": cycle.number,
            "cycle_start": iso(profile.day(cycle.start)),
            "cycle_completed": "Y" if days > CYCLE - 7 else "N",
            "cycle_weight_kg": number(weight, comma),
            "isa_infusions_n": infusions,
            "isa_total_mg": number(per_infusion * infusions),
            "pom_daily_mg": str(pom),
            "pom_total_mg": number(Decimal(pom * max(1, on_pom))),
            "dex_weekly_mg": str(dex),
            "dex_doses_n": min(4, (days - 1) // 7 + 1),
            "cycle_modification": list(cycle.changes) or ["NONE"],
        }
        if cycle.changes:
            row["cycle_mod_reason"] = list(cycle.reasons)
        rows.append(row)
    return rows
