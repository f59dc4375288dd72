"""Checks of single dates against today, the start of IsaPd and the paper's accrual window."""

from collections.abc import Iterator

from registry.derivations.parameters import DEFAULT
from registry.derivations.reading import day
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.entered_dates import entered_dates
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def future(context: Context) -> Iterator[Hit]:
    """C01: also the dates that the dictionary limits by another date, not by today."""
    for entered in entered_dates(context.facts):
        if entered.span.earliest > context.today:
            yield Hit(entered.form, entered.row, entered.variable, {"field": entered.variable})


def outside_accrual(context: Context) -> Iterator[Hit]:
    """C43: both ends of the window are inside."""
    start = context.start
    if start is not None and not DEFAULT.accrual_start <= start <= DEFAULT.accrual_end:
        yield Hit("isapd_treatment", 0, "isapd_start_date")


def contact_before_start(context: Context) -> Iterator[Hit]:
    """C48: follow-up begins with IsaPd."""
    for index, contact in enumerate(context.facts.rows("follow_up")):
        when = day(contact, "contact_date")
        if when is not None and context.start is not None and when < context.start:
            yield Hit("follow_up", index, "contact_date")


CHECKS = (
    Check(
        "C01",
        (Severity.ERROR,),
        _("Any date after today."),
        _("%(field)s is in the future."),
        future,
        replaces_limit=True,
    ),
    Check(
        "C43",
        (Severity.WARNING,),
        _("IsaPd begun outside the accrual window, 2021-01-01 to 2024-06-30."),
        _("Kept in the registry, outside the paper cohort."),
        outside_accrual,
        replaces_limit=True,
    ),
    Check(
        "C48",
        (Severity.ERROR,),
        _("Contact before the start of IsaPd."),
        _("Last contact before treatment."),
        contact_before_start,
        replaces_limit=True,
    ),
)
