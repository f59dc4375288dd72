"""The derived case: derivations and completeness of the stored rows, as columns of `DerivedCase`."""

from collections.abc import Iterator
from typing import Any

from registry.derivations.case import derive
from registry.derivations.parameters import DEFAULT
from registry.edit_checks.completeness import completeness
from registry.models import Case, DerivedCase, State
from registry.selectors.facts import Rows, facts_of, rows_of


def derived_columns(case: Case, rows: Rows) -> dict[str, Any]:
    """Everything of `DerivedCase` that follows from the rows alone."""
    facts = facts_of(case, rows)
    derived = derive(facts)
    counts = [
        completeness(facts, record, index) for name in rows for index, record in enumerate(facts.rows(name))
    ]
    start = facts.one("isapd_treatment").known("isapd_start_date")
    return {
        "values": {name: value.to_json() for name, value in derived.items()},
        "rule_version": DEFAULT.rule_version,
        "start_date": start,
        "forms_started": sum(bool(these) for these in rows.values()),
        "forms_complete": sum(
            bool(these) and all(row.state == State.COMPLETE for row in these) for these in rows.values()
        ),
        "core_answered": sum(count.answered for count in counts),
        "core_applicable": sum(count.applicable for count in counts),
    }


def stale_cases(using: str = "default") -> Iterator[tuple[Case, list[str]]]:
    """Cases whose stored derivation is not what their rows derive to, with the columns that differ."""
    query = Case.objects.using(using).scoped().select_related("center", "derived").order_by("pk")
    for case in query.iterator(200):
        expected = derived_columns(case, rows_of(case, using))
        stored = DerivedCase.objects.using(using).filter(case=case).scoped().first()
        differing = [
            name for name, value in expected.items() if stored is None or getattr(stored, name) != value
        ]
        if differing:
            yield case, differing
