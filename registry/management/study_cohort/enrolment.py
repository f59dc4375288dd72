"""The enrolment form: when and on what legal basis a patient came into the registry."""

from datetime import date, timedelta

from registry.management.study_cohort import centers
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import Row, iso, missing
from registry.management.study_cohort.profile import LAST_DAY, Profile, Trait


def enrolment(profile: Profile) -> Row:
    """The enrolment form; the registry issues the patient code."""
    draw = Draw(profile.reference, "enrolment")
    last_seen = profile.day(profile.course.end)
    day = _enrolled_on(profile, last_seen, draw)
    row: Row = {
        "enrolment_date": iso(day),
        "enrolment_mode": _mode(profile, day, last_seen),
        "index_regimen": "ISAPD",
        "elig_mm_confirmed": "N" if profile.has(Trait.NOT_MYELOMA) else "Y",
        "elig_rrmm": "N" if profile.has(Trait.NOT_RELAPSED) else "Y",
        "in_interventional_trial": "Y" if profile.has(Trait.IN_TRIAL) else "N",
    }
    if profile.has(Trait.TRIAL_UNKNOWN):
        row["in_interventional_trial"] = missing("NK")
    return row | _consent(profile, day, last_seen, draw)


def _enrolled_on(profile: Profile, last_seen: date, draw: Draw) -> date:
    """After the center's activation; while the patient can still sign, where that is possible."""
    earliest = max(centers.activation(profile.center), profile.start - timedelta(days=7))
    latest = last_seen if last_seen >= earliest else LAST_DAY
    return earliest + timedelta(days=draw.between(0, max(0, min(400, (latest - earliest).days))))


def _mode(profile: Profile, day: date, last_seen: date) -> str:
    if day <= profile.start:
        return "PROSP"
    return "RETRO" if day >= last_seen else "AMBI"


def _consent(profile: Profile, day: date, last_seen: date, draw: Draw) -> Row:
    if profile.has(Trait.REFUSED):
        return {"consent_status": "REFUSED"}
    signed = {"consent_date": iso(day - timedelta(days=draw.between(0, 5)))}
    if profile.has(Trait.WITHDRAWN):
        return {"consent_status": "WITHDRAWN", **signed, "consent_withdrawal_date": iso(last_seen)}
    if day <= last_seen:
        return {"consent_status": "SIGNED", **signed}
    return {"consent_status": "WAIVED_DECEASED" if profile.course.died else "WAIVED_UNREACHABLE"}
