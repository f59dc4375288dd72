"""Hard limits refuse or block, soft limits ask: what the dictionary says of a value's range."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from registry.dictionary.bounds import Bound, Lookup, Span, above, below, range_of
from registry.dictionary.catalog import FORMS
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Measurement, Value
from registry.dictionary.variable import Variable
from registry.edit_checks.finding import Finding, Severity
from registry.edit_checks.units import likely_unit
from registry.terminology.text import gettext_noop as _


class Limit(NamedTuple):
    """One end of a variable's range."""

    bound: Bound
    text: str
    severity: Severity
    is_lower: bool


def refused(variable: Variable, value: Value, today: date) -> Finding | None:
    """The hard limit that refuses `value` outright: one that is a constant, or today.

    Where the number betrays another unit, that is said instead of the limit.
    """
    span = range_of(value)
    for limit in _limits(variable):
        outright = limit.severity is Severity.ERROR and limit.bound.is_constant
        if outright and _is_beyond(span, limit, _nothing, today):
            betrayed = likely_unit(variable.name, value) if isinstance(value, Measurement) else None
            return betrayed or _finding(variable, value, limit, _nothing, today)
    return None


def findings(facts: Facts, record: Record, today: date) -> Iterator[Finding]:
    """Values of one row beyond their hard limits (errors) or their soft limits (warnings)."""
    lookup = facts.lookup(record)
    for variable, limits in _LIMITED[record.form.name]:
        value = record.known(variable.name)
        span = range_of(value)
        if span is None:
            continue
        for limit in limits:
            if _is_beyond(span, limit, lookup, today):
                yield _finding(variable, value, limit, lookup, today)
                break


def _limits(variable: Variable) -> Iterator[Limit]:
    for severity, limits in ((Severity.ERROR, variable.hard), (Severity.WARNING, variable.soft)):
        if limits.lower is not None:
            yield Limit(limits.lower, limits.minimum, severity, is_lower=True)
        if limits.upper is not None:
            yield Limit(limits.upper, limits.maximum, severity, is_lower=False)


# Form → its variables that have limits, the hard ones first: read at every save for every row of a case.
_LIMITED = {
    name: tuple((variable, limits) for variable in form if (limits := tuple(_limits(variable))))
    for name, form in FORMS.items()
}


def _is_beyond(span: Span | None, limit: Limit, lookup: Lookup, today: date) -> bool:
    return (below if limit.is_lower else above)(span, limit.bound.span(lookup, today))


def _finding(variable: Variable, value: Value, limit: Limit, lookup: Lookup, today: date) -> Finding:
    is_number = isinstance(value, Measurement | int)
    message = _MESSAGES[is_number, limit.is_lower][limit.severity is Severity.ERROR]
    if limit.text == "today":
        message = _("This date is in the future.")
    shown = _shown(variable, limit, limit.bound.span(lookup, today))
    return Finding("limit", limit.severity, variable.name, message, {"limit": shown})


# Whether it is a number, and whether it lies below → what a soft and what a hard limit says.
_MESSAGES = {
    (True, True): (_("Below %(limit)s: please check."), _("Not below %(limit)s.")),
    (True, False): (_("Above %(limit)s: please check."), _("Not above %(limit)s.")),
    (False, True): (_("Before %(limit)s: please check."), _("Not before %(limit)s.")),
    (False, False): (_("After %(limit)s: please check."), _("Not after %(limit)s.")),
}


def _nothing(_name: str) -> Value:
    return None


def _shown(variable: Variable, limit: Limit, span: Span | None) -> str:
    """A number with its unit; of a date the day, whatever other answer it follows from."""
    day = (span.earliest if limit.is_lower else span.latest) if span else None
    if isinstance(day, date):
        return day.isoformat()
    unit = f" {variable.unit}" if variable.unit and limit.text.replace(".", "").isdigit() else ""
    return f"{limit.text}{unit}"
