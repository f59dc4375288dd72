"""LDH against the laboratory's upper limit (D07)."""

from collections.abc import Iterable

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reading import day, number
from registry.derivations.reasons import missing
from registry.derivations.reference_ranges import valid_on
from registry.dictionary.facts import Record
from registry.terminology.text import gettext_noop as _

INPUTS = ("ldh", "ldh_uln_sample", "ldh_uln", "labref_valid_from", "baseline_lab_date")
NO_LIMIT = _("The laboratory's upper limit of LDH on the day of the sample is missing")


def ldh_status(baseline: Record, labrefs: Iterable[Record]) -> Answer:
    """`ldh_status`: HIGH above the upper limit, NORMAL at or below it."""
    ldh = number(baseline, "ldh")
    if ldh is None:
        return ne(missing("ldh"), INPUTS)
    limit = number(baseline, "ldh_uln_sample")
    if limit is None:
        row = valid_on(labrefs, day(baseline, "baseline_lab_date"))
        limit = None if row is None else number(row, "ldh_uln")
    if limit is None:
        return ne(NO_LIMIT, INPUTS)
    return ok("HIGH" if ldh > limit else "NORMAL", INPUTS)
