"""What other rules, or other checks, would change: which cases they would newly ask about, which no more."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from registry.edit_checks.rules import Rules
from registry.models import Case, DataQuery, QueryState
from registry.selectors.facts import rows_of_all
from registry.selectors.findings import findings_of
from registry.selectors.standing import Place, place_of_query, standing
from registry.selectors.whole_case import WholeCase

CHUNK = 100
OPENS, CLOSES = "opens", "closes"

# Form, seq of the row, variable, check: a message in other words is no other query.
Asked = tuple[str, int, str, str]


@dataclass(frozen=True)
class Changed:
    """What would change about one case: ids of checks that would newly ask, and that would no longer."""

    case: Case
    opens: Collection[str]
    closes: Collection[str]


@dataclass(frozen=True)
class Line:
    """What a check would change at one center: ids of the cases."""

    center: str
    check: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]


@dataclass
class Effect:
    """All of what would change: center code → check id → "opens", "closes" → ids of cases."""

    content: dict[str, dict[str, dict[str, list[str]]]] = field(default_factory=dict)

    def add(self, changed: Changed) -> None:
        """Note what would change about one more case."""
        for key, checks in ((OPENS, changed.opens), (CLOSES, changed.closes)):
            for check in checks:
                at_center = self.content.setdefault(str(changed.case.center), {})
                at_center.setdefault(check, {OPENS: [], CLOSES: []})[key].append(str(changed.case.pk))

    def to_json(self) -> dict[str, dict[str, dict[str, list[str]]]]:
        """What `CheckRules.effect` keeps."""
        return self.content

    def lines(self) -> list[Line]:
        """Check by check, center by center."""
        lines = (
            Line(center, check, tuple(found[OPENS]), tuple(found[CLOSES]))
            for center, checks in self.content.items()
            for check, found in checks.items()
        )
        return sorted(lines, key=lambda line: (line.check, line.center))


def every_case() -> Iterator[Case]:
    """All cases of all centers, for counting; nobody is shown them."""
    # By ids and not by one cursor: whoever counts writes how far they are in between.
    ids = list(Case.objects.order_by("pk").scoped().values_list("pk", flat=True))
    for first in range(0, len(ids), CHUNK):
        some = Case.objects.filter(pk__in=ids[first : first + CHUNK]).select_related("center")
        yield from some.order_by("pk").scoped()


def changes(cases: Iterable[Case], after: Rules, before: Rules | None) -> Iterator[Changed]:
    """What `after` would change about each case, a case without a change included.

    Parameters
    ----------
    before : rules to compare with; None compares with the queries that are stored as open.
    """
    left = iter(cases)
    while some := list(islice(left, CHUNK)):
        rows, queries = rows_of_all(some), _queries(some)
        for case in some:
            whole, stored = WholeCase(case, rows[case.pk]), queries[case.pk]
            settled = {place_of_query(query) for query in stored if query.answered_at}
            now = _open(stored) if before is None else _asked(whole, before, settled)
            then = _asked(whole, after, settled)
            yield Changed(case, _checks(then - now), _checks(now - then))


def _asked(whole: WholeCase, rules: Rules, settled: set[Place]) -> set[Asked]:
    """What would be open under `rules`: findings at complete rows that nobody has settled."""
    found = findings_of(whole.case, whole.facts, whole.derived, rules)
    return {place[:4] for place in standing(whole, found) if place not in settled}


def _open(queries: Iterable[DataQuery]) -> set[Asked]:
    return {place_of_query(query)[:4] for query in queries if query.state == QueryState.OPEN}


def _checks(asked: set[Asked]) -> list[str]:
    return sorted({check for *_place, check in asked})


def _queries(cases: Collection[Case]) -> dict[UUID, list[DataQuery]]:
    found: dict[UUID, list[DataQuery]] = {case.pk: [] for case in cases}
    for query in DataQuery.objects.filter(case__in=cases).exclude(check_id="").scoped():
        found[query.case_id].append(query)
    return found
