"""Calling rows complete: refused while something is owed or wrong, or a warning is not confirmed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from registry.actions.queries import Confirmations, unconfirmed
from registry.edit_checks.finding import Severity
from registry.exceptions import Incomplete, Unconfirmed
from registry.models import CaseRow
from registry.selectors.whole_case import WholeCase


def check_complete(whole: WholeCase, completing: Sequence[CaseRow], confirmations: Confirmations) -> None:
    """Raise unless each of `completing` can be called complete.

    Parameters
    ----------
    whole : the case as it will be, `completing` among its rows.

    Raises
    ------
    Incomplete
        With the errors.
    Unconfirmed
        When there are none, with the warnings nobody has confirmed.
    """
    found = [finding for row in completing for finding in whole.findings_at(row)]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise Incomplete(_("This form cannot be called complete yet."), errors)
    if doubts := unconfirmed(whole, found, confirmations):
        raise Unconfirmed(_("Please confirm what is unusual, and say why it is correct."), doubts)
