"""A case read whole: its rows and, each computed once, what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connections

from registry.derivations.case import derive
from registry.derivations.derived import Derived
from registry.dictionary.facts import Facts, Record
from registry.edit_checks.finding import Finding
from registry.edit_checks.rules import Rules
from registry.models import Case, CaseRow, DataQuery, QueryState
from registry.selectors.check_rules import rules_in_force
from registry.selectors.compiled import compiled_rows
from registry.selectors.facts import Rows, facts_of
from registry.selectors.findings import findings_of
from registry.selectors.possible_duplicate import TWIN_CHECK, TWIN_FORMS


@dataclass(frozen=True)
class WholeCase:
    """One case and all its rows, as stored or as they would be; the caller has the right to it.

    Attributes
    ----------
    labrefs, rules : of its center and in force, where somebody who looks at many cases has read them already.
    asks_twin : look for another record of the patient; otherwise what the stored queries say still holds.
    """

    case: Case
    rows: Rows
    labrefs: tuple[Record, ...] | None = None
    rules: Rules | None = None
    asks_twin: bool = True

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.case, self.rows, self.labrefs)

    @cached_property
    def checked_under(self) -> Rules:
        return rules_in_force() if self.rules is None else self.rules

    @cached_property
    def derived(self) -> Mapping[str, Derived]:
        return derive(self.facts)

    @cached_property
    def queries(self) -> list[DataQuery]:
        """The stored data queries of the case."""
        connection = connections[self.case._state.db or "default"]
        stored = list(compiled_rows(DataQuery, "case_id", self.case.pk, connection))
        for query in stored:
            query.case = self.case
        return stored

    @cached_property
    def findings(self) -> list[Finding]:
        twin = None if self.asks_twin else self._had_twin
        return findings_of(self.case, self.facts, self.derived, self.checked_under, twin)

    def findings_at(self, row: CaseRow) -> list[Finding]:
        """Findings that stand at one of the rows."""
        form = row.form.name
        index = list(self.rows[form]).index(row)
        return [finding for finding in self.findings if (finding.form, finding.index) == (form, index)]

    def row_at(self, finding: Finding) -> CaseRow | None:
        """The row a finding stands at; None when the case has no such row yet."""
        rows = self.rows.get(finding.form, ())
        return rows[finding.index] if finding.index < len(rows) else None

    def after(self, row: CaseRow, *, removed: bool = False) -> "WholeCase":
        """The case once `row` is written, or removed."""
        name = row.form.name
        others = [other for other in self.rows[name] if other.pk != row.pk]
        these = others if removed else sorted([*others, row], key=lambda each: each.seq)
        asks = self.asks_twin or name in TWIN_FORMS
        return replace(self, rows={**self.rows, name: these}, asks_twin=asks)

    @property
    def _had_twin(self) -> bool:
        return any(
            query.check_id == TWIN_CHECK and query.state != QueryState.CLOSED for query in self.queries
        )
