"""Everything the edit checks say of one row."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from registry.dictionary.facts import Facts
from registry.edit_checks import completeness, limits
from registry.edit_checks.finding import Finding


def findings(facts: Facts, form: str, index: int, today: date) -> Iterator[Finding]:
    """Findings of row `index` of `form`: what is owed, what does not apply, what is out of range."""
    record = facts.rows(form)[index]
    found = chain(
        completeness.findings(facts, record, index),
        limits.findings(facts, record, today),
    )
    for finding in found:
        yield replace(finding, form=form, index=index)
