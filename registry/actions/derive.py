"""The derived case: derivations and completeness of the stored rows, as columns of `DerivedCase`."""

from collections.abc import Iterator
from typing import Any

from registry.derivations.case import derive
from registry.derivations.parameters import DEFAULT
from registry.dictionary.facts import Facts
from registry.edit_checks import completeness
from registry.models import Case, DerivedCase, State
from registry.selectors.facts import Rows, facts_of, rows_of


def derived_columns(facts: Facts, rows: Rows) -> dict[str, Any]:
    """Everything of `DerivedCase` that follows from the rows of one case, given as rows and as facts."""
    derived = derive(facts)
    core = completeness.of_case(facts)
    start = facts.one("isapd_treatment").known("isapd_start_date")
    return {
        "values": {name: value.to_json() for name, value in derived.items()},
        "rule_version": DEFAULT.rule_version,
        "start_date": start,
        "forms_started": sum(bool(these) for these in rows.values()),
        "forms_complete": sum(
            bool(these) and all(row.state == State.COMPLETE for row in these) for these in rows.values()
        ),
        "core_answered": core.answered,
        "core_applicable": core.applicable,
    }


def stale_cases(using: str = "default") -> Iterator[tuple[Case, list[str]]]:
    """Cases whose stored derivation is not what their rows derive to, with the columns that differ."""
    query = Case.objects.using(using).scoped().select_related("center", "derived").order_by("pk")
    for case in query.iterator(200):
        rows = rows_of(case, using)
        expected = derived_columns(facts_of(case, rows), rows)
        stored = DerivedCase.objects.using(using).filter(case=case).scoped().first()
        differing = [
            name for name, value in expected.items() if stored is None or getattr(stored, name) != value
        ]
        if differing:
            yield case, differing
