"""Hard limits refuse or block, soft limits ask: what the dictionary says of a value's range."""

from collections.abc import Iterator
from datetime import date

from registry.dictionary.bounds import Lookup, above, below
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Measurement, Value
from registry.dictionary.variable import Limits, Variable
from registry.edit_checks.finding import Finding, Severity
from registry.terminology.text import gettext_noop as _


def refused(variable: Variable, value: Value, today: date) -> Finding | None:
    """The hard limit that refuses `value` outright: one that is a constant, or today."""
    return _beyond(variable, value, variable.hard, _nothing, today, Severity.ERROR, constant_only=True)


def findings(facts: Facts, record: Record, today: date) -> Iterator[Finding]:
    """Values of one row beyond their hard limits (errors) or their soft limits (warnings)."""
    lookup = facts.lookup(record)
    for variable in record.form:
        value = record.known(variable.name)
        if value is None:
            continue
        hard = _beyond(variable, value, variable.hard, lookup, today, Severity.ERROR)
        found = hard or _beyond(variable, value, variable.soft, lookup, today, Severity.WARNING)
        if found:
            yield found


def _beyond(
    variable: Variable,
    value: Value,
    limits: Limits,
    lookup: Lookup,
    today: date,
    severity: Severity,
    *,
    constant_only: bool = False,
) -> Finding | None:
    for bound, text, is_beyond, hard_message, soft_message in (
        (limits.lower, limits.minimum, below, _("Not below %(limit)s."), _("Below %(limit)s: please check.")),
        (limits.upper, limits.maximum, above, _("Not above %(limit)s."), _("Above %(limit)s: please check.")),
    ):
        if bound is None or (constant_only and not bound.is_constant):
            continue
        if is_beyond(value, bound, lookup, today):
            message = hard_message if severity is Severity.ERROR else soft_message
            if text == "today":
                message = _("This date is in the future.")
            elif not isinstance(value, Measurement | int):
                message = (_DATE_MESSAGES[is_beyond is below])[severity is Severity.ERROR]
            return Finding("limit", severity, variable.name, message, {"limit": _shown(variable, text)})
    return None


_DATE_MESSAGES = {
    True: (_("Before %(limit)s: please check."), _("Not before %(limit)s.")),
    False: (_("After %(limit)s: please check."), _("Not after %(limit)s.")),
}


def _nothing(_name: str) -> Value:
    return None


def _shown(variable: Variable, text: str) -> str:
    unit = f" {variable.unit}" if variable.unit and text.replace(".", "").isdigit() else ""
    return f"{text}{unit}"
