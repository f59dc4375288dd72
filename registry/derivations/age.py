"""Age at the start of treatment (D02)."""

from datetime import date

from registry.derivations.dates import Span
from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.reasons import missing
from registry.terminology.text import gettext_noop as _

INPUTS = ("birth_date", "isapd_start_date")
IMPUTED = _("From an imputed date of birth")
UNBORN = _("The date of birth is after the start of IsaPd")

LIMIT = 70


def completed_years(birth: date, day: date) -> int:
    """Completed years of life; who was born on 29 February completes them on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_at_start(birth: Span | None, start: date | None) -> Answer:
    """`age_at_start` in completed years, on the imputed birth date."""
    if birth is None:
        return ne(missing("birth_date"), INPUTS)
    if start is None:
        return ne(missing("isapd_start_date"), INPUTS)
    if birth.earliest > start:
        return ne(UNBORN, INPUTS)
    years = max(completed_years(birth.imputed, start), 0)
    return ok(years, INPUTS) if birth.is_exact else ok(years, INPUTS, IMPUTED)


def age_group(age: Answer) -> Answer:
    """`age_group`, <70 or ≥70 (Martino 2025, Table 1)."""
    if not isinstance(age.value, int):
        return ne(age.reason, INPUTS)
    return ok("<70" if age.value < LIMIT else "≥70", INPUTS, age.reason)


def age_ambiguous(birth: Span | None, start: date | None) -> Answer:
    """`age_ambiguous`: whether the bounds of a partial birth date give different ages."""
    if birth is None or start is None:
        return age_at_start(birth, start)
    return yes_no(completed_years(birth.earliest, start) != completed_years(birth.latest, start), INPUTS, "")


def is_adult(birth: Span | None, start: date | None) -> bool | None:
    """Whether the patient was 18 on all days the birth date can be; None when that differs."""
    if birth is None or start is None:
        return None
    if completed_years(birth.latest, start) >= 18:
        return True
    return None if completed_years(birth.earliest, start) >= 18 else False
