"""Which cases of a person's own centers proposed rules would change; of other centers, counts only."""

from dataclasses import dataclass

from registry.models import CheckRules, User
from registry.selectors import scope
from registry.selectors.rules_effect import Effect


@dataclass(frozen=True)
class AffectedCase:
    """One case, by id and code."""

    id: str
    patient_code: str


@dataclass(frozen=True)
class Affected:
    """Cases of one center that a check would newly ask about, and those it would ask about no longer."""

    center: str
    check: str
    opens: tuple[AffectedCase, ...]
    closes: tuple[AffectedCase, ...]


def affected_cases(user: User, rules: CheckRules) -> list[Affected]:
    """What `rules` would change at the person's own centers; no center, no cases."""
    lines = Effect(rules.effect).lines()
    wanted = {case_id for line in lines for case_id in (*line.opens, *line.closes)}
    found = scope.cases(user).filter(pk__in=wanted) if wanted else ()
    # A scope is asked, not the center the effect was counted at: what is not the person's stays unknown.
    known = {str(case.pk): AffectedCase(str(case.pk), case.patient_code) for case in found}
    affected = (
        Affected(line.center, line.check, _known(known, line.opens), _known(known, line.closes))
        for line in lines
    )
    return [each for each in affected if each.opens or each.closes]


def _known(known: dict[str, AffectedCase], ids: tuple[str, ...]) -> tuple[AffectedCase, ...]:
    return tuple(sorted((known[each] for each in ids if each in known), key=lambda case: case.patient_code))
