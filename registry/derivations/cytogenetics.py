"""Cytogenetic risk from all FISH samples up to the start of IsaPd + 30 days (D10)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from registry.derivations.dates import plus_days
from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.reading import code, said, span
from registry.derivations.reasons import missing
from registry.dictionary.facts import Record
from registry.terminology.text import gettext_noop as _

WINDOW_DAYS = 30
INPUTS = (
    "fish_done",
    "fish_date",
    "fish_t4_14",
    "fish_t14_16",
    "fish_del17p",
    "isapd_start_date",
)
POSITIVE = frozenset({"POS", "GAIN", "AMP", "POS_NOS"})
INCOMPLETE = _("The panel t(4;14), t(14;16), del(17p) is incomplete and nothing in it is positive")
ONE_POSITIVE = _("A high-risk marker is positive")
ALL_NEGATIVE = _("All three high-risk markers are negative")
T14_16_MISSING = _("Only t(14;16) is missing, the other markers are negative")


class Markers(NamedTuple):
    """Positive (True), negative (False) or not decided (None), over all samples in the window.

    `maybe_t14_16` tells a t(14;16) that a sample of uncertain date shows from one that was not tested.
    """

    t4_14: bool | None = None
    t14_16: bool | None = None
    del17p: bool | None = None
    gain_1q: bool | None = None
    maybe_t14_16: bool = False

    @property
    def high_risk(self) -> tuple[bool | None, ...]:
        return (self.t4_14, self.t14_16, self.del17p)


def pool(samples: Iterable[Record], start: date | None) -> Markers:
    """Markers over the samples: positive ever is positive, since none of them is lost again.

    A sample that may lie on either side of the window's end decides nothing by itself, but its positive
    result keeps a marker from being called negative.
    """
    if start is None:
        return Markers()
    end = plus_days(start, WINDOW_DAYS)
    certain: list[Record] = []
    possible: list[Record] = []
    for sample in samples:
        taken = span(sample, "fish_date")
        if said(sample, "fish_done") is False or (taken is not None and taken.earliest > end):
            continue
        (certain if taken is not None and taken.latest <= end else possible).append(sample)
    return Markers(
        t4_14=_marker(certain, possible, "fish_t4_14"),
        t14_16=_marker(certain, possible, "fish_t14_16"),
        del17p=_marker(certain, possible, "fish_del17p"),
        gain_1q=_marker(certain, possible, "fish_1q"),
        maybe_t14_16=any(code(sample, "fish_t14_16") in POSITIVE for sample in possible),
    )


def _marker(certain: list[Record], possible: list[Record], name: str) -> bool | None:
    results = {code(sample, name) for sample in certain}
    if results & POSITIVE:
        return True
    if any(code(sample, name) in POSITIVE for sample in possible):
        return None
    return False if "NEG" in results else None


def cyto_risk(markers: Markers, start: date | None) -> Answer:
    """`cyto_risk`: HIGH with one of t(4;14), t(14;16), del(17p); STANDARD when all three are negative."""
    if start is None:
        return ne(missing("isapd_start_date"), INPUTS)
    if True in markers.high_risk:
        return ok("HIGH", INPUTS, ONE_POSITIVE)
    if None in markers.high_risk:
        return ne(INCOMPLETE, INPUTS)
    return ok("STANDARD", INPUTS, ALL_NEGATIVE)


def cyto_risk_lenient(markers: Markers, strict: Answer) -> Answer:
    """`cyto_risk_lenient`: also STANDARD when t(14;16) alone is missing."""
    if not strict.is_ok and markers.high_risk == (False, None, False) and not markers.maybe_t14_16:
        return ok("STANDARD", INPUTS, T14_16_MISSING)
    return strict


def cyto_panel_complete(markers: Markers, start: date | None) -> Answer:
    """`cyto_panel_complete`: whether all three markers have a result."""
    complete = None if start is None else None not in markers.high_risk
    return yes_no(complete, INPUTS, missing("isapd_start_date"))
