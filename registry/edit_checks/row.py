"""Everything the edit checks say of one row."""

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import date
from itertools import chain

from registry.derivations.refractoriness import undecided_rows
from registry.dictionary.facts import Facts
from registry.edit_checks import completeness, limits
from registry.edit_checks.finding import Finding


def findings(
    facts: Facts, form: str, index: int, today: date, undecided: Set[int] | None = None
) -> Iterator[Finding]:
    """Findings of row `index` of `form`: what is owed, what does not apply, what is out of range.

    `undecided` are the case's `undecided_rows`, where they are computed already.
    """
    record = facts.rows(form)[index]
    undecided = undecided_rows(facts) if undecided is None else undecided
    found = chain(
        completeness.findings(facts, record, index, undecided),
        limits.findings(facts, record, today),
    )
    for finding in found:
        yield replace(finding, form=form, index=index)
