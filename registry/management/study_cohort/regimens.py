"""Which regimens a patient went through: the plan of the prior lines, before any date.

A line ends in one of three ways (D13): progression on therapy or soon after (`ON_THERAPY`, the drugs given
to the end are refractory), progression long after a response (`RELAPSE`, none is), or stable disease and no
more (`NO_RESPONSE`, all are).
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.management.study_cohort.draw import Draw
from registry.management.study_cohort.profile import Dara, History, Profile, Status

LONG_INTERVAL_MONTHS = 5
"""A last line that ended longer ago than this did not end in progression: nobody waits that long."""
SHORT_INTERVAL_MONTHS = 4
"""Between daratumumab and IsaPd so short that the line between was a bridge."""
STEROIDS = frozenset({"DEX", "PRED"})
LONGEST_FULL_BORTEZOMIB = 9
"""Cycles after which bortezomib beside daratumumab has usually stopped."""


class End(StrEnum):
    """How a line ends."""

    ON_THERAPY = "ON_THERAPY"
    RELAPSE = "RELAPSE"
    NO_RESPONSE = "NO_RESPONSE"


@dataclass(frozen=True)
class Plan:
    """One line to come.

    Attributes
    ----------
    drugs : in the order they are entered
    end : how the line ends
    early : drugs stopped long before the line ended
    transplant : autologous transplant within the line
    maintenance : drugs carried on to the end after the transplant
    added : drugs of the maintenance that were not part of the induction
    """

    drugs: tuple[str, ...]
    end: End
    early: frozenset[str] = frozenset()
    transplant: bool = False
    maintenance: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    cycles: int | None = None


def planned_lines(profile: Profile) -> list[Plan]:
    """The plan of every prior line, first to last."""
    history = profile.history
    draw = Draw(profile.reference, "regimens")
    needs = _needs(history, profile.status)
    transplant_line = _transplant_line(history)
    plans: list[Plan] = []
    used: set[tuple[str, ...]] = set()
    for line in range(1, history.lines + 1):
        transplant = line == transplant_line
        if line == history.dara_line:
            plans.append(_with_dara(profile, transplant, "PI" in needs.get(line, ())))
        elif line in needs:
            plans.append(_refractory(needs[line], transplant, line > 1, history, draw))
        elif line == history.lines and profile.status is not Status.REFRACTORY:
            plans.append(_sensitive(history, transplant, _failed(plans), draw))
        else:
            plans.append(_other(history, transplant, line, profile.status, used, draw))
        used.add(plans[-1].drugs)
    return plans


def _failed(plans: list[Plan]) -> frozenset[str]:
    """Drugs these lines ended refractory to."""
    return frozenset(
        drug for plan in plans if plan.end is not End.RELAPSE for drug in plan.drugs if drug not in plan.early
    )


def _transplant_line(history: History) -> int:
    """The line with the transplant; 0 for none."""
    if not history.transplant:
        return 0
    if history.dara_line != 1 or history.lines == 1:
        return 1
    room_later = history.dara_interval is None or history.dara_interval >= 7
    if (history.dara_cycles or 0) >= 5 and ("BOR" in history.dara_drugs or not room_later):
        return 1
    return 2


def _dara_end(profile: Profile) -> End:
    history = profile.history
    if history.dara is Dara.SENSITIVE:
        return End.RELAPSE
    waited = history.lines_after_dara == 0 and (history.dara_interval or 0) > LONG_INTERVAL_MONTHS
    return End.NO_RESPONSE if waited else End.ON_THERAPY


def _needs(history: History, status: Status) -> dict[int, frozenset[str]]:
    """Line number → classes ("LEN", "PI") that must become refractory in it."""
    wanted = {name for name, is_refractory in _required(history) if is_refractory}
    needs: dict[int, set[str]] = {}
    dara = history.dara_line
    dara_fails = history.dara is Dara.REFRACTORY
    if dara and dara_fails and "LEN" in history.dara_drugs:
        wanted.discard("LEN")
    waited = history.lines_after_dara == 0 and (history.dara_interval or 0) > LONG_INTERVAL_MONTHS
    bortezomib_to_the_end = waited or (history.dara_cycles or 0) <= LONGEST_FULL_BORTEZOMIB
    if dara and dara_fails and "BOR" in history.dara_drugs and bortezomib_to_the_end and "PI" in wanted:
        needs[dara] = {"PI"}
        wanted.discard("PI")
    last_may_fail = history.lines if status is Status.REFRACTORY else history.lines - 1
    free = [line for line in range(1, last_may_fail + 1) if line != dara]
    before = [line for line in free if dara is None or line < dara]
    for name in sorted(wanted):
        # Lenalidomide fails late (maintenance, second line), the proteasome inhibitor early.
        candidates = before or free
        if candidates:
            line = candidates[-1] if name == "LEN" else candidates[0]
            needs.setdefault(line, set()).add(name)
        elif name == "PI" and dara:
            needs.setdefault(dara, set()).add(name)
    return {line: frozenset(names) for line, names in needs.items()}


def _required(history: History) -> tuple[tuple[str, bool], ...]:
    return (("LEN", history.len_refractory), ("PI", history.pi_refractory))


def _with_dara(profile: Profile, transplant: bool, pi_fails: bool) -> Plan:
    history = profile.history
    end = _dara_end(profile)
    early: set[str] = set()
    if end is End.ON_THERAPY and not pi_fails and (history.dara_cycles or 0) >= 5:
        early = {"BOR", "MEL", "CYC", "THAL"}
    return Plan(
        drugs=history.dara_drugs,
        end=end,
        early=frozenset(early) & frozenset(history.dara_drugs),
        transplant=transplant,
        maintenance=frozenset(history.dara_drugs) - early if transplant else frozenset(),
        cycles=history.dara_cycles,
    )


def _refractory(names: frozenset[str], transplant: bool, later: bool, history: History, draw: Draw) -> Plan:
    """A line in which these classes fail, and no other."""
    if names == {"LEN", "PI"}:
        both = ("CAR", "LEN", "DEX") if later and not transplant else ("BOR", "LEN", "DEX")
        maintenance = frozenset({"BOR", "LEN"}) if transplant else frozenset()
        return Plan(both, End.ON_THERAPY, transplant=transplant, maintenance=maintenance)
    if names == {"LEN"}:
        if transplant and later:
            early = frozenset({"CYC", "DEX"})
            only = frozenset({"LEN"})
            return Plan(("LEN", "CYC", "DEX"), End.ON_THERAPY, early, transplant=True, maintenance=only)
        if transplant:
            drugs = ("BOR", draw.pick(("THAL", "CYC")), "DEX", "LEN")
            early = frozenset(drugs) - {"LEN"}
            only = frozenset({"LEN"})
            return Plan(drugs, End.ON_THERAPY, early, transplant=True, maintenance=only, added=only)
        if later or draw.chance(0.5):
            return Plan(draw.pick((("LEN", "DEX"), ("ELO", "LEN", "DEX"))), End.ON_THERAPY)
        return Plan(("BOR", "LEN", "DEX"), End.ON_THERAPY, frozenset({"BOR"}))
    if transplant:
        return Plan(
            draw.pick((("BOR", "THAL", "DEX"), ("BOR", "CYC", "DEX"))), End.ON_THERAPY, transplant=True
        )
    if later:
        return Plan(draw.pick((("BOR", "DEX"), ("BOR", "CYC", "DEX"), ("CAR", "DEX"))), End.ON_THERAPY)
    return Plan(draw.pick((("BOR", "MEL", "PRED"), ("BOR", "CYC", "DEX"), ("BOR", "DEX"))), End.ON_THERAPY)


def _sensitive(history: History, transplant: bool, failed: frozenset[str], draw: Draw) -> Plan:
    """A line that worked until a relapse after its end, with drugs that failed nowhere."""
    options: tuple[tuple[str, ...], ...] = (
        ("CAR", "DEX"),
        ("BOR", "CYC", "DEX"),
        ("CAR", "LEN", "DEX"),
        ("BEND", "DEX"),
        ("CYC", "DEX"),
        ("MEL", "PRED"),
    )
    if history.dara_interval is not None and history.dara_interval <= SHORT_INTERVAL_MONTHS:
        options = (("CYC", "DEX"), ("BEND", "DEX"))
    elif transplant:
        options = (("BOR", "CYC", "DEX"), ("BOR", "THAL", "DEX"), ("CYC", "DEX"))
    elif history.lines == 1:
        options = (("BOR", "MEL", "PRED"), ("BOR", "THAL", "DEX"), ("BOR", "LEN", "DEX"))
    excluded = failed | ({"LEN"} if history.len_refractory else set())
    usable = [drugs for drugs in options if not excluded & (set(drugs) - STEROIDS)]
    # The newer agents first: chemotherapy is what remains when they have failed.
    return Plan(draw.pick(usable[:2]), End.RELAPSE, transplant=transplant)


def _other(
    history: History, transplant: bool, line: int, status: Status, used: set[tuple[str, ...]], draw: Draw
) -> Plan:
    """A line nothing is prescribed for: first lines expose to a proteasome inhibitor, late ones are short."""
    if transplant:
        return Plan(draw.pick((("BOR", "THAL", "DEX"), ("BOR", "CYC", "DEX"))), End.RELAPSE, transplant=True)
    if line == 1:
        return Plan(draw.pick((("BOR", "MEL", "PRED"), ("BOR", "THAL", "DEX"))), End.RELAPSE)
    options: tuple[tuple[str, ...], ...] = (
        ("CYC", "DEX"),
        ("BEND", "DEX"),
        ("CHEMO", "DEX"),
        ("MEL", "PRED"),
    )
    end = End.RELAPSE
    fails_last = line == history.lines and status is Status.REFRACTORY
    if fails_last or (history.dara_line and line > history.dara_line):
        end = End.ON_THERAPY
    elif not history.pi_refractory:
        options = (("BOR", "DEX"), ("CAR", "DEX"), ("CYC", "DEX"))
    # The same regimen twice in a row would be the same line.
    return Plan(draw.pick([drugs for drugs in options if drugs not in used] or options), end)
