"""Where a check fires in a case, and what it says there."""

from typing import Any, NamedTuple

from tests.registry.edit_checks.found import findings


class Fired(NamedTuple):
    """One finding of a check."""

    severity: str
    form: str
    index: int
    variable: str
    text: str


def fired(check: str, case: dict[str, Any], **options: Any) -> list[Fired]:
    """Every finding of `check` in a case in the JSON entry format."""
    return [
        Fired(found.severity, found.form, found.index, found.variable, found.message % found.params)
        for found in findings(case, **options)
        if found.check == check
    ]


def severities(check: str, case: dict[str, Any], **options: Any) -> list[str]:
    """Severity of each finding of `check`; empty where the case passes."""
    return [found.severity for found in fired(check, case, **options)]
