"""Checks of progression against the start of IsaPd, its stop, and the therapy after it."""

from collections.abc import Iterator

from registry.derivations.next_therapy import next_therapy
from registry.derivations.reading import code, day
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def before_start(context: Context) -> Iterator[Hit]:
    """C04: an error; on the first day itself a warning."""
    when, start = day(context.facts.one("progression"), "pd_date"), context.start
    if when is not None and start is not None and when <= start:
        severity = Severity.WARNING if when == start else Severity.ERROR
        yield Hit("progression", 0, "pd_date", severity=severity)


def reason_without_progression(context: Context) -> Iterator[Hit]:
    """C31: at the reason; while the question of progression has no answer, nothing contradicts it."""
    if context.facts.one("progression")["pd_occurred"] in (None, "Y"):
        return
    for form, variable in (
        ("isapd_treatment", "isapd_stop_reason"),
        ("subsequent_therapy", "subs_reason"),
    ):
        for index, row in enumerate(context.facts.rows(form)):
            if code(row, variable) == "PD":
                yield Hit(form, index, variable)


def after_next_therapy(context: Context) -> Iterator[Hit]:
    """C32: after the first therapy that counts as one (D24)."""
    when = day(context.facts.one("progression"), "pd_date")
    therapy = next_therapy(context.facts, context.observation).start if when is not None else None
    if when is not None and therapy is not None and when > therapy:
        yield Hit("progression", 0, "pd_date")


CHECKS = (
    Check(
        "C04",
        (Severity.ERROR, Severity.WARNING),
        _("Progression before the start of IsaPd (error), or on that day (warning)."),
        _("Progression before IsaPd start."),
        before_start,
        replaces_limit=True,
    ),
    Check(
        "C31",
        (Severity.ERROR,),
        _("IsaPd stopped, or the next therapy begun, for progression, and no progression recorded."),
        _("Stopped/changed for progression, but no progression recorded."),
        reason_without_progression,
    ),
    Check(
        "C32",
        (Severity.WARNING,),
        _("Progression after the start of the first systemic therapy after IsaPd."),
        _("Progression after new therapy began; PFS rules differ."),
        after_next_therapy,
    ),
)
