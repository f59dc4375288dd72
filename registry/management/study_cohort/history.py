"""The dates of the prior lines: every line of the plan laid on the calendar, backwards from IsaPd."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.management.study_cohort.calendar_months import add_months
from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.profile import Profile
from registry.management.study_cohort.regimens import End, Plan, planned_lines

CYCLE = 28
TRANSPLANT_DAY = 145
TRANSPLANT_PAUSE = 125
LONGEST_FIXED_THERAPY = 12 * CYCLE
REFRACTORY_WINDOW = 60
RESPONSES_ON_THERAPY = {"VGPR": 5, "PR": 9, "MR": 4, "CR": 1}
RESPONSES_BEFORE_RELAPSE = {"VGPR": 7, "PR": 6, "CR": 4, "SCR": 1, "MR": 1}


@dataclass(frozen=True)
class Given:
    """One drug within a line."""

    drug: str
    start: date
    last: date
    phases: tuple[str, ...]
    stop_reason: str
    refractory: bool


@dataclass(frozen=True)
class Line:
    """One prior line, with exact dates."""

    number: int
    start: date
    stop: date
    cycles: int
    transplant_date: date | None
    best: str
    progression: date
    stop_reason: str
    drugs: tuple[Given, ...]


@dataclass(frozen=True)
class Frame:
    """When a line began, stopped and progressed."""

    start: date
    stop: date
    progression: date

    @property
    def days(self) -> int:
        return (self.stop - self.start).days


def prior_lines(profile: Profile) -> list[Line]:
    """All prior lines, first to last."""
    plans = planned_lines(profile)
    frames = _frames(profile, plans, Draw(profile.reference, "history"))
    return [
        _line(number, plan, frame, Draw(profile.reference, "line", number))
        for number, (plan, frame) in enumerate(zip(plans, frames, strict=True), start=1)
    ]


def _frames(profile: Profile, plans: list[Plan], draw: Draw) -> list[Frame]:
    history = profile.history
    frames: list[Frame] = []
    bound = profile.start
    remaining = list(plans)
    if history.dara_interval is not None and history.dara_line:
        last_dara = add_months(profile.start, -history.dara_interval)
        frames = _after_dara(profile, plans[history.dara_line :], last_dara, draw)
        bound = frames[0].start if frames else profile.start
        frames.insert(0, _dara_frame(plans[history.dara_line - 1], last_dara, bound, draw))
        bound = frames[0].start
        remaining = plans[: history.dara_line - 1]
    for plan in reversed(remaining):
        frames.insert(0, _frame_before(plan, bound, crowded=history.lines >= 4, draw=draw))
        bound = frames[0].start
    return frames


def _after_dara(profile: Profile, plans: list[Plan], last_dara: date, draw: Draw) -> list[Frame]:
    """The lines between daratumumab and IsaPd share the time there was."""
    if not plans:
        return []
    room = (profile.start - last_dara).days
    gap = max(2, min(14, room // 20))
    free = max(3, min(25, room // 8))
    tail = gap
    if plans[-1].end is End.RELAPSE:
        tail = max(3, min(40, room // 30))
        free = max(REFRACTORY_WINDOW + 2, int(room * 0.25))
    therapy = room - gap * len(plans) - free - (tail if plans[-1].end is End.RELAPSE else 0)
    weights = [draw.between(4, 6) for _ in plans]
    frames = []
    day = last_dara
    for position, (plan, weight) in enumerate(zip(plans, weights, strict=True)):
        start = day + timedelta(days=gap)
        stop = start + timedelta(days=therapy * weight // sum(weights))
        if position == len(plans) - 1:
            stop = profile.start - timedelta(days=free + (tail if plan.end is End.RELAPSE else 0))
        on_therapy = stop + timedelta(days=draw.between(0, gap - 1))
        if plan.end is End.ON_THERAPY:
            frames.append(Frame(start, stop, on_therapy))
        else:
            # What worked is not given for ever: the rest of the time was remission.
            stopped = min(stop, start + timedelta(days=LONGEST_FIXED_THERAPY))
            frames.append(Frame(start, stopped, stop + timedelta(days=free)))
        day = stop
    return frames


def _dara_frame(plan: Plan, last_dara: date, bound: date, draw: Draw) -> Frame:
    start = last_dara - timedelta(days=_natural_days(plan, draw))
    room = (bound - last_dara).days
    if plan.end is End.NO_RESPONSE:
        return Frame(start, last_dara, bound - timedelta(days=draw.between(5, 40)))
    return Frame(start, last_dara, last_dara + timedelta(days=draw.between(0, min(room - 1, 45))))


def _frame_before(plan: Plan, bound: date, crowded: bool, draw: Draw) -> Frame:
    """A line that ended before `bound` (the next line, or IsaPd)."""
    progression = bound - timedelta(days=draw.between(4, 28))
    longest = 240 if crowded else 600
    free = draw.between(70, longest) if plan.end is End.RELAPSE else draw.between(0, 14)
    stop = progression - timedelta(days=free)
    return Frame(stop - timedelta(days=_natural_days(plan, draw)), stop, progression)


def _natural_days(plan: Plan, draw: Draw) -> int:
    """First to last dose of a line nothing limits."""
    if plan.cycles == 1:
        return draw.between(21, 24)
    if plan.cycles:
        pause = TRANSPLANT_PAUSE if plan.transplant else 0
        return (plan.cycles - 1) * CYCLE + draw.between(0, 21) + pause
    if plan.transplant:
        if plan.maintenance:
            return TRANSPLANT_DAY + draw.between(200, 700)
        consolidation = plan.end is End.ON_THERAPY or draw.chance(0.5)
        return TRANSPLANT_DAY + (draw.between(110, 130) if consolidation else 0)
    if plan.end is End.RELAPSE:
        return CYCLE * draw.between(6, 9)
    return CYCLE * (draw.between(10, 20) if plan.early else draw.between(4, 13))


def _line(number: int, plan: Plan, frame: Frame, draw: Draw) -> Line:
    transplant_date = None
    if plan.transplant:
        transplant_date = min(frame.start + timedelta(days=TRANSPLANT_DAY), frame.stop)
    pause = TRANSPLANT_PAUSE if transplant_date and frame.days > TRANSPLANT_DAY else 0
    cycles = plan.cycles or max(4 if plan.transplant else 1, round((frame.days - pause) / CYCLE))
    best = _best(plan, cycles, draw)
    reason = {
        End.ON_THERAPY: "PD",
        End.NO_RESPONSE: "NORESP",
        End.RELAPSE: draw.weighted({"COMPLETED": 7, "TOX": 2, "PREF": 1}),
    }[plan.end]
    spans = [_span(plan, drug, frame, transplant_date) for drug in plan.drugs]
    if transplant_date and "MEL" not in plan.drugs:
        spans.append(("MEL", transplant_date, transplant_date, ("CONS",)))
    given = []
    for drug, start, last, phases in spans:
        stopped_early = last < frame.stop
        given.append(
            Given(
                drug,
                start,
                last,
                phases,
                draw.weighted({"COMPLETED": 3, "TOX": 1}) if stopped_early else reason,
                _is_refractory(best, start, last, frame.progression),
            )
        )
    return Line(
        number,
        frame.start,
        frame.stop,
        cycles,
        transplant_date,
        best,
        frame.progression,
        reason,
        tuple(given),
    )


def _best(plan: Plan, cycles: int, draw: Draw) -> str:
    if plan.end is End.NO_RESPONSE:
        return "SD"
    if plan.end is End.RELAPSE:
        return draw.pick(("MR", "PR")) if cycles <= 3 else draw.weighted(RESPONSES_BEFORE_RELAPSE)
    if cycles <= 2:
        return "PD" if cycles == 1 else draw.pick(("PD", "SD"))
    return draw.weighted(RESPONSES_ON_THERAPY)


def _span(
    plan: Plan, drug: str, frame: Frame, transplant_date: date | None
) -> tuple[str, date, date, tuple[str, ...]]:
    """(drug, first dose, last dose, phases) within the line."""
    if transplant_date is None:
        if drug in plan.early:
            last = frame.start + timedelta(days=min(6 * CYCLE, frame.days - 80))
            return drug, frame.start, last, ("IND",)
        return drug, frame.start, frame.stop, ("IND", "MAINT") if plan.early else ("IND",)
    if drug in plan.added:
        return drug, transplant_date + timedelta(days=100), frame.stop, ("MAINT",)
    if drug in plan.maintenance:
        return drug, frame.start, frame.stop, ("IND", "CONS", "MAINT")
    induction_end = min(frame.start + timedelta(days=4 * CYCLE - 7), transplant_date - timedelta(days=20))
    consolidated = (frame.stop - transplant_date).days >= 60 and not plan.maintenance
    if consolidated and drug not in plan.early:
        return drug, frame.start, frame.stop, ("IND", "CONS")
    return drug, frame.start, induction_end, ("IND",)


def _is_refractory(best: str, start: date, last: date, progression: date) -> bool:
    """D13 on exact dates: what the source would say of the drug."""
    if (progression - last).days <= REFRACTORY_WINDOW or best == "PD":
        return True
    return best == "SD" and (last - start).days + 1 >= CYCLE
