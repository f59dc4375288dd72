"""Calling rows complete: refused while something is owed or an error-severity finding stands."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from registry.dictionary.facts import Facts
from registry.edit_checks import row as row_checks
from registry.edit_checks.finding import Finding, Severity
from registry.exceptions import Incomplete
from registry.models import CaseRow
from registry.today import today


def check_complete(
    facts: Facts, rows: Mapping[str, Sequence[CaseRow]], completing: Sequence[CaseRow]
) -> None:
    """Raise Incomplete, with the errors, unless each of `completing` can be called complete.

    Parameters
    ----------
    facts, rows : the case as it will be, `completing` among its rows.
    """
    errors: list[Finding] = []
    for row in completing:
        form = row.form.name
        found = row_checks.findings(facts, form, list(rows[form]).index(row), today())
        errors += [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise Incomplete(_("This form cannot be called complete yet."), errors)
