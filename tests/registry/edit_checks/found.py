"""What the checks say of a case in the JSON entry format."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.derivations.case import derive
from registry.dictionary.facts import Facts
from registry.edit_checks import case as case_checks
from registry.edit_checks.check import Context
from registry.edit_checks.finding import Finding
from registry.edit_checks.rules import DEFAULT, Rules

TODAY = date(2024, 6, 30)


def findings(
    case: Mapping[str, Any], today: date = TODAY, rules: Rules = DEFAULT, *, has_twin: bool = False
) -> list[Finding]:
    """Everything the engine finds."""
    facts = Facts.from_json(case)
    return case_checks.findings(Context(facts, derive(facts), today, rules, has_twin))


def where(check: str, case: dict[str, Any], **options: Any) -> dict[str, str]:
    """Where one check fires, "prior_line 2 line_start" → its severity; rows are counted from 1."""
    return {
        f"{found.form} {found.index + 1} {found.variable}".rstrip(): found.severity.value
        for found in findings(case, **options)
        if found.check == check
    }


def fires(check: str, case: dict[str, Any], **options: Any) -> set[str]:
    """Severities with which a check fires."""
    return set(where(check, case, **options).values())


def said(check: str, case: dict[str, Any], **options: Any) -> list[str]:
    """Its messages, the places filled with what the finding holds."""
    return [found.message % found.params for found in findings(case, **options) if found.check == check]
