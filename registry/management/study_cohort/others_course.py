"""What happens to the other patients: progression, next therapy and death drawn from their risk."""

from datetime import date

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.profile import LAST_DAY, Course, Trait

MEAN_TO_PROGRESSION = 1000
MEAN_TO_OTHER_DEATH = 4200
MEAN_AFTER_PROGRESSION = 660
"""Days, at a hazard of 1."""
UPDATE = date(2024, 6, 1)
"""From here on centers brought their follow-up up to date."""
VISIT_GRID = 28
EARLIEST_PROGRESSION = 25


def course_of(reference: str, start: date, hazard: float, trait: Trait | None, heavy_chain: str) -> Course:
    """The course of one patient with this hazard relative to the others."""
    draw = Draw(reference, "course")
    followed = _followed(start, draw)
    if trait is Trait.NO_FULL_CYCLE:
        return _without_full_cycle(followed, draw)
    if trait is Trait.LOST:
        followed = max(40, followed * draw.between(20, 60) // 100)
    pd = _on_grid(max(EARLIEST_PROGRESSION, round(draw.exponential(MEAN_TO_PROGRESSION / hazard))), draw)
    other_death = max(34, round(draw.exponential(MEAN_TO_OTHER_DEATH / hazard)))
    if trait is Trait.WITHDRAWN:
        end = max(60, followed // 2)
        return Course(
            _best(end, None, heavy_chain, draw), end, died=False, stop=end - 6, stop_reason="CONSENT"
        )
    if trait is Trait.LOST:
        # Whoever is lost had not died; the progression may have been seen.
        return _living(pd if pd < followed else None, followed, heavy_chain, draw)
    if min(pd, other_death) >= followed:
        return _living(None, followed, heavy_chain, draw)
    if other_death < pd:
        cause = draw.weighted({"INFECT": 4, "COVID": 3, "CARDIO": 3, "SPM": 1, "OTHER": 1})
        stop = max(21, other_death - draw.between(2, 14))
        best = _best(other_death, None, heavy_chain, draw)
        return Course(best, other_death, died=True, stop=stop, stop_reason="DEATH", death_cause=cause)
    death = pd + max(3, round(draw.exponential(MEAN_AFTER_PROGRESSION / hazard**0.5)))
    if death >= followed:
        return _living(pd, followed, heavy_chain, draw)
    cause = draw.weighted({"MM": 14, "INFECT": 3, "COVID": 1, "CARDIO": 1, "OTHER": 1})
    return _progressed(pd, death, cause, heavy_chain, draw)


def _followed(start: date, draw: Draw) -> int:
    """Days to the last update of the follow-up."""
    earliest = max((UPDATE - start).days, 36)
    return draw.between(earliest, (LAST_DAY - start).days - 2)


def _on_grid(day: int, draw: Draw) -> int:
    """Progression is found at visits, and visits are four weeks apart: event times tie."""
    return max(VISIT_GRID, round(day / VISIT_GRID) * VISIT_GRID) if draw.chance(0.5) else day


def _without_full_cycle(followed: int, draw: Draw) -> Course:
    """Death or a stop before the first cycle was over."""
    if draw.chance(0.65):
        end = draw.between(9, 19)
        cause = draw.weighted({"INFECT": 3, "COVID": 2, "CARDIO": 1})
        return Course(
            "NE",
            end,
            died=True,
            stop=end - draw.between(1, 4),
            stop_reason="DEATH",
            death_cause=cause,
        )
    stop = draw.between(7, 16)
    return Course(
        "NE",
        followed,
        died=False,
        next_therapy=stop + draw.between(20, 30),
        stop=stop,
        stop_reason="TOX",
    )


def _living(pd: int | None, end: int, heavy_chain: str, draw: Draw) -> Course:
    if pd is not None:
        return _progressed(pd, end, None, heavy_chain, draw)
    best = _best(end, None, heavy_chain, draw)
    if end > 150 and draw.chance(0.16):
        stop = draw.between(70, end - 40)
        changed = stop + draw.between(12, 35) if draw.chance(0.4) else None
        reason = "TRANSPLANT" if changed and draw.chance(0.3) else "TOX"
        return Course(best, end, died=False, next_therapy=changed, stop=stop, stop_reason=reason)
    return Course(best, end, died=False)


def _progressed(pd: int, end: int, cause: str | None, heavy_chain: str, draw: Draw) -> Course:
    """Progression on IsaPd, or after it was given up for something else; `cause` of the death, if any."""
    died = cause is not None
    best = _best(pd, pd, heavy_chain, draw)
    if pd > 150 and draw.chance(0.1):
        # Stopped for toxicity and changed without progression, which came under the next therapy.
        stop = draw.between(60, pd - 60)
        changed = stop + draw.between(12, 30)
        return Course(_best(stop, None, heavy_chain, draw), end, died, pd, changed, stop, "TOX", cause)
    stop = max(22, pd - draw.between(0, 6))
    changed = pd + draw.between(7, 50) if draw.chance(0.85) else end
    return Course(best, end, died, pd, changed if changed < end else None, stop, "PD", cause)


def _best(day: int, pd: int | None, heavy_chain: str, draw: Draw) -> str:
    """Best response by how long the disease was held."""
    if day < 75:
        options = {"SD": 4, "MR": 2, "PR": 2} | ({"PD": 5} if pd is not None else {})
    elif day < 190:
        options = {"SD": 6, "MR": 3, "PR": 9, "VGPR": 3}
    else:
        options = {"SD": 2, "MR": 3, "PR": 14, "VGPR": 13, "CR": 4, "SCR": 2}
    best = draw.weighted(options)
    if heavy_chain in ("NONE", "NONSEC"):
        best = {"MR": "SD"}.get(best, best)
    if heavy_chain == "NONSEC":
        best = {"VGPR": "PR", "SCR": "CR"}.get(best, best)
    return best
