"""Response assessments and progression."""

from decimal import Decimal

from registry.management.study_cohort import centers, disease
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.entries import (
    Row,
    iso,
    measured,
    missing,
    number,
    typed_date,
    without_blanks,
)
from registry.management.study_cohort.profile import Profile

LADDERS = {
    "SD": ("SD",),
    "MR": ("SD", "MR"),
    "PR": ("MR", "PR"),
    "VGPR": ("MR", "PR", "VGPR"),
    "CR": ("PR", "VGPR", "CR"),
    "SCR": ("PR", "VGPR", "CR", "SCR"),
}
MONTHLY = 28
MONTHLY_UNTIL = 112
INTERVAL = 56
"""Days between visits: monthly at first, later every other cycle."""


def schedule(profile: Profile) -> list[tuple[int, str]]:
    """(day, investigator's response) of every visit."""
    course = profile.course
    draw = Draw(profile.reference, "schedule")
    limits = (course.pd and course.pd - 1, course.next_therapy, course.end - course.died)
    last = min(day for day in limits if day is not None)
    days = _days(last, draw)
    if course.best in ("PD", "NE"):
        planned = [(day, "NE") for day in days[:1]] if course.best == "NE" or draw.chance(0.3) else []
    else:
        days = days or [max(1, last - draw.between(0, 3))]
        planned = list(zip(days, _path(course.best, _usual(profile), len(days), draw), strict=True))
    if course.pd is None:
        return planned
    planned.append((course.pd, "PD"))
    again = course.pd + draw.between(8, 16)
    if again <= course.end - 1 and draw.chance(0.8):
        planned.append((again, "PD"))
    return planned


def _days(last: int, draw: Draw) -> list[int]:
    days = []
    day = MONTHLY
    while day <= last:
        jittered = day + draw.between(-1, 2)
        if jittered <= last:
            days.append(jittered)
        day += INTERVAL if day >= MONTHLY_UNTIL else MONTHLY
    return days


def _usual(profile: Profile) -> tuple[str, ...]:
    """The steps to the best response; without an M-spike there is no minimal response (D18)."""
    ladder = LADDERS[profile.course.best]
    if profile.heavy_chain in ("NONE", "NONSEC"):
        ladder = tuple("SD" if step == "MR" else step for step in ladder)
    if profile.heavy_chain == "NONSEC":
        ladder = tuple("PR" if step == "VGPR" else step for step in ladder)
    return ladder


def _path(best: str, ladder: tuple[str, ...], visits: int, draw: Draw) -> list[str]:
    """A response that only deepens, reaches its best and stays there."""
    if visits <= len(ladder):
        return [*ladder[len(ladder) - visits : -1], best]
    path: list[str] = []
    for position, step in enumerate(ladder[:-1]):
        spare = visits - len(path) - (len(ladder) - position)
        path += [step] * (1 + draw.between(0, min(1, spare)))
    return path + [best] * (visits - len(path))


def response_rows(profile: Profile, before: disease.Baseline) -> list[Row]:
    """One row per visit, with the measurements behind the response."""
    planned = schedule(profile)
    seen = disease.visits(profile, before, [response for _, response in planned])
    return [
        _row(profile, before, day, response, visit, Draw(profile.reference, "visit", day))
        for (day, response), visit in zip(planned, seen, strict=True)
    ]


def _row(
    profile: Profile, before: disease.Baseline, day: int, response: str, visit: disease.Visit, draw: Draw
) -> Row:
    comma = centers.writes_comma(profile.center)
    row: Row = {
        "resp_date": typed_date(profile.day(day), draw),
        "resp_investigator": response,
        "resp_serum_m": missing("ND"),
        "resp_urine_m": missing("ND"),
        "resp_bm_done": "N" if visit.marrow is None else "Y",
        "resp_imaging_done": "Y" if visit.new_lesion or visit.spd is not None else "N",
    }
    if visit.serum is not None:
        in_grams_per_liter = draw.chance(0.15)
        row["resp_serum_m"] = (
            measured(visit.serum * 10, "g/L", comma) if in_grams_per_liter else number(visit.serum, comma)
        )
        row |= _immunofixation(profile, before, visit)
    if visit.urine is not None and response != "NE":
        row["resp_urine_m"] = number(visit.urine)
    if visit.involved is not None and visit.uninvolved is not None:
        is_lambda = profile.light_chain == "L"
        row["resp_flc_lambda" if is_lambda else "resp_flc_kappa"] = number(visit.involved, comma)
        row["resp_flc_kappa" if is_lambda else "resp_flc_lambda"] = number(visit.uninvolved, comma)
    if visit.marrow is not None:
        row["resp_bmpc_pct"] = number(Decimal(visit.marrow))
        row["resp_bm_clonal"] = "ABSENT" if response == "SCR" else "PRESENT"
        row |= _residual_disease(response, draw)
    if row["resp_imaging_done"] == "Y":
        row["resp_imaging_modality"] = [draw.pick(("PETCT", "CT", "WBMRI"))]
        row["resp_new_lesion"] = "Y" if visit.new_lesion else "N"
        row["resp_lesion_increase"] = "N"
    if visit.spd is not None:
        row["resp_plasmacytoma_spd"] = number(Decimal(visit.spd))
    return without_blanks(row)


def _immunofixation(profile: Profile, before: disease.Baseline, visit: disease.Visit) -> Row:
    if visit.negative:
        return {"resp_serum_ife": "NEG", "resp_urine_ife": "NEG"}
    if before.by != "SERUM":
        return {"resp_serum_ife": "POS"} if before.by == "FLC" else {"resp_serum_ife": "NEG"}
    row: Row = {"resp_serum_ife": "POS"}
    if profile.heavy_chain == "IGG" and profile.light_chain == "K":
        row["mab_interference"] = "NO"
    return row


def _residual_disease(response: str, draw: Draw) -> Row:
    if response not in disease.COMPLETE or not draw.chance(0.5):
        return {}
    return {
        "mrd_result": "NEG" if response == "SCR" and draw.chance(0.6) else "POS",
        "mrd_method": draw.pick(("NGF", "NGF", "MFC")),
        "mrd_sensitivity": draw.pick(("E5", "E5", "E4")),
    }


def progression(profile: Profile, before: disease.Baseline) -> Row:
    """The progression form; without progression, the statement that there was none."""
    course = profile.course
    if course.pd is None:
        return {"pd_occurred": "N"}
    planned = schedule(profile)
    seen = disease.visits(profile, before, [response for _, response in planned])
    first = next(index for index, (_, response) in enumerate(planned) if response == "PD")
    lesion = seen[first].new_lesion
    criterion = {"SERUM": "SERUM", "FLC": "DFLC", "MARROW": "BM"}[before.by]
    confirmed = sum(response == "PD" for _, response in planned) > 1
    return {
        "pd_occurred": "Y",
        "pd_date": iso(profile.day(course.pd)),
        "pd_date_estimated": "N",
        "pd_type": "BOTH" if lesion else "BIOCH",
        "pd_criteria": [criterion, "LESION"] if lesion else [criterion],
        "pd_confirmed": "Y" if confirmed else "NOTREQ" if lesion else "N",
    }
