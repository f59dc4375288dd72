"""Checks of who the patient is: age at the start, and a diagnosis within life and before the start."""

from collections.abc import Iterator

from registry.derivations.reading import span
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def age_at_start(context: Context) -> Iterator[Hit]:
    """C05: a child, or an age rarely seen."""
    age = context.value("age_at_start")
    if not isinstance(age, int) or 40 <= age <= 90:
        return
    severity = Severity.ERROR if age < 18 else Severity.WARNING
    yield Hit("demographics", 0, "birth_date", {"n": age}, severity)


def diagnosis_date(context: Context) -> Iterator[Hit]:
    """C06: on every day that a partial date of diagnosis or of birth can be."""
    diagnosed = span(context.facts.one("diagnosis"), "dx_date")
    born = span(context.facts.one("demographics"), "birth_date")
    if diagnosed is None:
        return
    too_late = context.start is not None and diagnosed.earliest > context.start
    too_early = born is not None and diagnosed.latest < born.earliest
    if too_late or too_early:
        yield Hit("diagnosis", 0, "dx_date")


CHECKS = (
    Check(
        "C05",
        (Severity.WARNING, Severity.ERROR),
        _("Age below 18 (error), below 40 or above 90 (warning)."),
        _("Age at start is %(n)s; check birth date."),
        age_at_start,
        replaces_limit=True,
    ),
    Check(
        "C06",
        (Severity.ERROR,),
        _("Diagnosis after the start of IsaPd, or before birth."),
        _("Diagnosis date impossible."),
        diagnosis_date,
        replaces_limit=True,
    ),
)
