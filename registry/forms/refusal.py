"""What an action refused, put at the fields it is about."""

from registry.exceptions import Incomplete, InvalidEntries, Unconfirmed
from registry.forms.form_page import Errors
from registry.forms.wording import message_of


def at_fields(refused: InvalidEntries | Incomplete | Unconfirmed) -> Errors:
    """Variable → messages; "" for the row as a whole."""
    if isinstance(refused, InvalidEntries):
        return {variable: messages for (_form, _seq, variable), messages in refused.errors.items()}
    found: dict[str, list[str]] = {"": [str(refused)]}
    if isinstance(refused, Unconfirmed):
        # The warnings stand at their fields already, each with a place for the reason.
        return found
    for finding in refused.findings:
        found.setdefault(finding.variable, []).append(message_of(finding))
    return found
