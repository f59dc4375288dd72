"""Findings that are worth a query: those at complete rows, by the place a query remembers."""

from collections.abc import Iterable

from registry.edit_checks.finding import Finding
from registry.models import DataQuery, State
from registry.selectors.whole_case import WholeCase

# Form, seq of the row, variable, check, fingerprint.
Place = tuple[str, int, str, str, str]


def standing(whole: WholeCase, findings: Iterable[Finding]) -> dict[Place, Finding]:
    """Findings at complete rows: a draft is unfinished work, about which nobody is asked."""
    found = {}
    for finding in findings:
        row, place = whole.row_at(finding), place_of_finding(whole, finding)
        if row is not None and place is not None and row.state == State.COMPLETE:
            found[place] = finding
    return found


def place_of_finding(whole: WholeCase, finding: Finding) -> Place | None:
    """Where a query about `finding` would stand; None when the case has no such row yet."""
    row = whole.row_at(finding)
    if row is None:
        return None
    return finding.form, row.seq, finding.variable, finding.check, finding.fingerprint


def place_of_query(query: DataQuery) -> Place:
    """Where a query stands."""
    return query.form, query.seq, query.variable, query.check_id, query.fingerprint
