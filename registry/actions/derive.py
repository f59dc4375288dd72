"""The derived case: derivations and completeness of the stored rows, as columns of `DerivedCase`."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.derivations.case import derive
from registry.derivations.derived import Derived
from registry.derivations.parameters import DEFAULT
from registry.dictionary.facts import Facts
from registry.edit_checks.completeness import Completeness, expected_forms
from registry.edit_checks.quality import Quality, quality
from registry.models import Case, DerivedCase, State
from registry.selectors.facts import Rows, facts_of, rows_of


def derived_columns(facts: Facts, rows: Rows, derived: Mapping[str, Derived]) -> dict[str, Any]:
    """What of `DerivedCase` follows from the rows of one case, given as rows, as facts and derived.

    What the edit checks found is not among it: that depends on the day.
    """
    found = quality(facts)
    core = found.core
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
        "forms": _forms(facts, rows, found),
        "not_known": dict(found.not_known),
    }


def _forms(facts: Facts, rows: Rows, found: Quality) -> dict[str, Any]:
    """Every form begun or expected, as JSON."""
    expected, nothing = expected_forms(facts), Completeness()
    states: dict[str, Any] = {}
    for name, these in rows.items():
        if these or name in expected:
            core = found.forms.get(name, nothing)
            states[name] = {
                "rows": len(these),
                "drafts": [row.seq for row in these if row.state != State.COMPLETE],
                "core": [core.applicable, core.answered, core.valued],
                "owed": list(found.owed.get(name, ())),
            }
    return states


def stale_cases(using: str = "default") -> Iterator[tuple[Case, list[str]]]:
    """Cases whose stored derivation is not what their rows derive to, with the columns that differ."""
    query = Case.objects.using(using).scoped().select_related("center", "derived").order_by("pk")
    for case in query.iterator(200):
        rows = rows_of(case, using)
        facts = facts_of(case, rows)
        expected = derived_columns(facts, rows, derive(facts))
        stored = DerivedCase.objects.using(using).filter(case=case).scoped().first()
        differing = [
            name for name, value in expected.items() if stored is None or getattr(stored, name) != value
        ]
        if differing:
            yield case, differing
