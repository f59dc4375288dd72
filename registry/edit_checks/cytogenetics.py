"""Check of FISH samples: C45."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from registry.derivations.reading import code, day, number, said, span
from registry.derivations.reference_ranges import valid_on
from registry.dictionary.center_labref import FORM as CENTER_LABREF
from registry.dictionary.facts import Facts, Record
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _

MARKERS = ("fish_t4_14", "fish_t14_16", "fish_del17p", "fish_1q", "fish_t11_14", "fish_del1p32")
NOT_TESTED = "ND"
_USUAL = CENTER_LABREF.variable("del17p_cutoff_pct").soft
USUAL_CUTOFFS = (Fraction(_USUAL.minimum), Fraction(_USUAL.maximum))
"""The range in which a laboratory's cut-off lies that it has not stated."""


def fish_results(context: Context) -> Iterator[Hit]:
    """C45: results of a sample that was not taken; a del(17p) its own percentage contradicts."""
    for index, sample in enumerate(context.facts.rows("fish")):
        if said(sample, "fish_done") is False and _has_result(sample):
            yield Hit("fish", index, "fish_done")
        if _contradicts_cutoff(context.facts, sample):
            yield Hit("fish", index, "fish_del17p")


def _has_result(sample: Record) -> bool:
    results = {code(sample, name) for name in MARKERS} - {None, NOT_TESTED}
    return bool(results) or number(sample, "fish_del17p_pct") is not None


def _contradicts_cutoff(facts: Facts, sample: Record) -> bool:
    """Positive below every cut-off that may have been in force, or negative at or above every one."""
    percentage, result = number(sample, "fish_del17p_pct"), code(sample, "fish_del17p")
    if percentage is None:
        return False
    lowest, highest = _cutoffs(facts, sample)
    return (result == "POS" and percentage < lowest) or (result == "NEG" and percentage >= highest)


def _cutoffs(facts: Facts, sample: Record) -> tuple[Fraction, Fraction]:
    taken = span(sample, "fish_date")
    if taken is None:
        return USUAL_CUTOFFS
    changes = [since for row in facts.labrefs if (since := day(row, "labref_valid_from")) is not None]
    days: set[date] = {taken.earliest, *(each for each in changes if taken.earliest < each <= taken.latest)}
    ranges = [_cutoff_on(facts, each) for each in days]
    return min(low for low, _high in ranges), max(high for _low, high in ranges)


def _cutoff_on(facts: Facts, when: date) -> tuple[Fraction, Fraction]:
    row = valid_on(facts.labrefs, when)
    stated = None if row is None else number(row, "del17p_cutoff_pct")
    return USUAL_CUTOFFS if stated is None else (stated, stated)


CHECKS = (
    Check(
        "C45",
        (Severity.ERROR,),
        _(
            "No FISH sample, but a result; del(17p) positive with a percentage below the local cut-off, or "
            "negative with one at or above it."
        ),
        _("FISH result contradicts itself."),
        fish_results,
    ),
)
