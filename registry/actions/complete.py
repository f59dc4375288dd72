"""Calling rows complete: refused while something is owed or an error-severity finding stands."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from registry.edit_checks import row as row_checks
from registry.edit_checks.finding import Finding, Severity
from registry.exceptions import Incomplete
from registry.models import Case, CaseRow
from registry.selectors.facts import facts_of, rows_of
from registry.today import today


def check_complete(case: Case, rows: Mapping[str, Sequence[CaseRow]], completing: Sequence[CaseRow]) -> None:
    """Raise Incomplete, with the errors, unless each of `completing` can be called complete.

    Parameters
    ----------
    rows : all rows of the case as they will be, `completing` among them.
    """
    facts = facts_of(case, rows)
    errors: list[Finding] = []
    for row in completing:
        form = row.form.name
        found = row_checks.findings(facts, form, list(rows[form]).index(row), today())
        errors += [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise Incomplete(_("This form cannot be called complete yet."), errors)


def rows_with(case: Case, row: CaseRow) -> dict[str, list[CaseRow]]:
    """The stored rows of the case, with `row` in the place of its stored self."""
    rows = rows_of(case)
    others = [other for other in rows[row.form.name] if other.pk != row.pk]
    rows[row.form.name] = sorted([*others, row], key=lambda each: each.seq)
    return rows
