"""The 51 daratumumab-refractory patients whose numbers are prescribed."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from registry.management.study_cohort.calendar_months import weekday_on_or_before
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.profile import (
    LAST_DAY,
    Course,
    Cytogenetics,
    Dara,
    History,
    Profile,
    Status,
)

PATH = Path(__file__).with_name("published.csv")
ACCRUAL = (date(2021, 1, 4), date(2024, 6, 28))

DARA_REGIMENS = {
    "D": ("DARA", "DEX"),
    "DRd": ("DARA", "LEN", "DEX"),
    "DVd": ("DARA", "BOR", "DEX"),
    "DVTd": ("DARA", "BOR", "THAL", "DEX"),
    "DVCd": ("DARA", "BOR", "CYC", "DEX"),
    "DVRd": ("DARA", "BOR", "LEN", "DEX"),
    "DVMP": ("DARA", "BOR", "MEL", "PRED"),
}
HEAVY_CHAINS = {"IgG": "IGG", "IgA": "IGA", "LC": "NONE"}
CYTOGENETICS = {"high": Cytogenetics.HIGH, "standard": Cytogenetics.STANDARD, "NA": Cytogenetics.NOT_DONE}


def rows() -> list[dict[str, str]]:
    """The prescribed numbers, as in the file."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def profiles(centers: "Iterator[int]") -> Iterator[Profile]:
    """One profile per row; `centers` deals the centers out."""
    for row in rows():
        yield _profile(row, next(centers))


def _profile(row: dict[str, str], center: int) -> Profile:
    reference = row["pid"]
    draw = Draw(reference, "profile")
    lines, after = int(row["n_prior_lines"]), int(row["lines_between"])
    course = _course(row, draw)
    return Profile(
        reference=reference,
        center=center,
        start=_start(course, draw),
        age=int(row["age"]),
        sex=row["sex"],
        heavy_chain=HEAVY_CHAINS[row["isotype"]],
        light_chain=draw.weighted({"K": 2, "L": 1}),
        crcl=int(row["crcl"]),
        iss=row["iss"],
        hb=Decimal(row["hb"]),
        ldh_high=row["ldh_elevated"] == "1",
        status=Status(row["disease_status"].upper()),
        cytogenetics=CYTOGENETICS[row["cyto"]],
        history=History(
            lines=lines,
            transplant=row["asct"] == "1",
            dara=Dara.REFRACTORY,
            dara_line=lines - after,
            dara_drugs=DARA_REGIMENS[row["dara_regimen"]],
            dara_cycles=int(row["dara_cycles"]),
            dara_interval=int(row["dara_to_isapd_months"]),
            len_refractory=row["len_ref"] == "1",
            pi_refractory=row["pi_ref"] == "1",
        ),
        course=course,
        exact=True,
    )


def _course(row: dict[str, str], draw: Draw) -> Course:
    end, died = int(row["os_days"]), row["os_event"] == "1"
    failed = row["pfs_event"] == "1"
    # An event of PFS on the day of death is the death itself.
    pd = int(row["pfs_days"]) if failed and not (died and row["pfs_days"] == row["os_days"]) else None
    next_therapy = int(row["ttnt_days"]) if row["ttnt_event"] == "1" else None
    stop, reason, cause = None, None, None
    if pd is not None:
        stop, reason = pd - draw.between(0, min(6, max(0, pd - 22))), "PD"
        cause = draw.weighted({"MM": 8, "INFECT": 2, "OTHER": 1}) if died else None
    elif died:
        stop, reason = end - draw.between(3, 15), "DEATH"
        cause = draw.weighted({"INFECT": 3, "COVID": 2, "CARDIO": 2})
    elif end > 200 and draw.chance(0.15):
        stop, reason = end - draw.between(20, 90), "TOX"
    best = row["best_response"].upper()
    return Course(best, end, died, pd, next_therapy, stop, reason, cause)


def _start(course: Course, draw: Draw) -> date:
    """A working day of the accrual from which the whole course lies before the last day."""
    latest = min(ACCRUAL[1], LAST_DAY - timedelta(days=course.end + 14))
    earliest = ACCRUAL[0]
    if not course.died:
        # The living were last seen when the data were brought up to date.
        earliest = max(earliest, date(2024, 4, 2) - timedelta(days=course.end))
    earliest = min(earliest, latest)
    start = earliest + timedelta(days=draw.between(0, (latest - earliest).days))
    return max(weekday_on_or_before(start), ACCRUAL[0])
