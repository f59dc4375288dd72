"""Everything the edit checks say of one row."""

from collections.abc import Iterator
from datetime import date

from registry.dictionary.facts import Facts
from registry.edit_checks import completeness, limits
from registry.edit_checks.finding import Finding


def findings(facts: Facts, form: str, index: int, today: date) -> Iterator[Finding]:
    """Findings of row `index` of `form`: what is owed, what does not apply, what is out of range."""
    record = facts.rows(form)[index]
    yield from completeness.findings(facts, record, index)
    yield from limits.findings(facts, record, today)
