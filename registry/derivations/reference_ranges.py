"""The center's reference range that was valid on the day of a sample."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from registry.derivations.reading import day, number
from registry.dictionary.facts import Record

FREELITE = (Fraction("0.26"), Fraction("1.65"))


def valid_on(labrefs: Iterable[Record], sample: date | None) -> Record | None:
    """The row with the latest start of validity not after the sample; None when there is none."""
    if sample is None:
        return None
    best: tuple[date, Fraction] | None = None
    found = None
    for row in labrefs:
        since = day(row, "labref_valid_from")
        if since is None or since > sample:
            continue
        # Two rows of one day are an error of the center; the larger limit is taken whatever their order.
        rank = (since, number(row, "ldh_uln") or Fraction(0))
        if best is None or rank > best:
            best, found = rank, row
    return found


def flc_ratio_range(labrefs: Iterable[Record], sample: date | None) -> tuple[Fraction, Fraction]:
    """Normal range of the κ/λ ratio; the Freelite one where the center states none."""
    row = valid_on(labrefs, sample)
    if row is None:
        return FREELITE
    low, high = number(row, "flc_ratio_low"), number(row, "flc_ratio_high")
    return (FREELITE[0] if low is None else low, FREELITE[1] if high is None else high)
