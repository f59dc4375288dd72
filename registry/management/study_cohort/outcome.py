"""After IsaPd: subsequent therapy and follow-up."""

from datetime import timedelta

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Row, iso, missing, typed_date
from registry.management.study_cohort.profile import LAST_DAY, Profile, Trait
from registry.management.study_cohort.safety import fatal_event

REGIMENS = {
    ("CAR", "DEX"): 5,
    ("BOR", "DEX", "SEL"): 4,
    ("BELA",): 4,
    ("TEC",): 3,
    ("TALQ",): 1,
    ("ELRA",): 1,
    ("IDECEL",): 1,
    ("CYC", "DEX"): 3,
    ("BEND", "DEX"): 2,
    ("MEL", "PRED"): 1,
}
RESPONSES = {"VGPR": 2, "PR": 4, "MR": 1, "SD": 4, "PD": 5, "CR": 1}
CONTACT_INTERVAL = 182


def subsequent_rows(profile: Profile) -> list[Row]:
    """Lines after IsaPd, in order; radiotherapy or palliation alone may come before or instead."""
    course = profile.course
    draw = Draw(profile.reference, "subsequent")
    rows: list[Row] = []
    palliation = _palliation(profile, draw)
    if palliation is not None:
        rows.append(palliation)
    if course.next_therapy is None:
        return rows
    used: set[tuple[str, ...]] = set()
    day = course.next_therapy
    while day < course.end and len(rows) < 4:
        regimen = draw.weighted({drugs: weight for drugs, weight in REGIMENS.items() if drugs not in used})
        used.add(regimen)
        lasts = draw.between(40, 200)
        first = not any(row["subs_drugs"] != ["RT"] for row in rows)
        row: Row = {
            "subs_line_no": len(rows) + 1,
            "subs_start": iso(profile.day(day)),
            "subs_drugs": list(regimen),
            "subs_reason": _reason(profile, day) if first else "PD",
            "subs_best_response": draw.weighted(RESPONSES),
        }
        if day + lasts < course.end:
            row["subs_stop"] = iso(profile.day(day + lasts))
        else:
            row["subs_best_response"] = draw.pick(("NE", missing("NA"), "SD"))
        rows.append(row)
        if row["subs_reason"] != "PD" or not draw.chance(0.6):
            break
        day += lasts + draw.between(10, 30)
    return rows


def _palliation(profile: Profile, draw: Draw) -> Row | None:
    """Radiotherapy or a steroid pulse after progression: no qualifying therapy (D24)."""
    course = profile.course
    if profile.exact or course.pd is None or not draw.chance(0.06):
        return None
    day = course.pd + 3
    latest = course.end if course.next_therapy is None else course.next_therapy
    if day >= latest or day <= course.last_dose:
        return None
    return {
        "subs_line_no": 1,
        "subs_start": iso(profile.day(day)),
        "subs_drugs": ["RT" if course.next_therapy is not None else draw.pick(("RT", "PALL"))],
        "subs_reason": "PD",
        "subs_best_response": missing("NA"),
    }


def _reason(profile: Profile, day: int) -> str:
    course = profile.course
    if course.pd is not None and course.pd <= day:
        return "PD"
    return {"TOX": "TOX", "TRANSPLANT": "PLANNED"}.get(course.stop_reason or "", "NORESP")


def follow_up_rows(profile: Profile) -> list[Row]:
    """A contact every half year and the last one."""
    course = profile.course
    draw = Draw(profile.reference, "contacts")
    contacts = range(CONTACT_INTERVAL, course.end - 45, CONTACT_INTERVAL)
    rows: list[Row] = [
        {"contact_date": typed_date(profile.day(day), draw), "vital_status": "ALIVE", "spm_occurred": "N"}
        for day in contacts
    ]
    rows.append(_last_contact(profile, draw))
    return rows


def _last_contact(profile: Profile, draw: Draw) -> Row:
    course = profile.course
    day = profile.day(course.end)
    row: Row = {"contact_date": iso(day), "vital_status": "ALIVE", "spm_occurred": "N"}
    second = not profile.exact and course.end > 150 and draw.chance(0.04)
    if second or course.death_cause == "SPM":
        row |= {
            "spm_occurred": "Y",
            "spm_date": iso(profile.day(course.end - min(100, course.end // 2)))[:7],
            "spm_type": draw.pick(("SOLID", "SKIN", "HAEM")) if course.death_cause != "SPM" else "SOLID",
        }
    if course.died:
        # The news may reach the center days later.
        told = day if profile.exact else min(day + timedelta(days=draw.between(0, 12)), LAST_DAY)
        row |= {
            "contact_date": iso(told),
            "vital_status": "DEAD",
            "death_date": _death(profile, draw),
            "death_cause": course.death_cause or missing("NK"),
        }
    elif profile.has(Trait.LOST):
        row["vital_status"] = "LTFU"
    return row


def _death(profile: Profile, draw: Draw) -> str:
    day = iso(profile.day(profile.course.end))
    if profile.exact or fatal_event(profile.course) or not draw.chance(0.08):
        return day
    return day[:7]
