"""Checks that the prior lines follow each other: their numbers, dates and progressions.

Partial dates contradict each other only where no day they can be would fit.
"""

from collections.abc import Iterator
from itertools import pairwise

from registry.derivations.history import Line
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def neighbors(context: Context) -> Iterator[tuple[Line, Line]]:
    """Each line with the next higher number; lines that share their number have no neighbor."""
    return pairwise(context.recorded.by_number.values())


def out_of_order(context: Context) -> Iterator[Hit]:
    """C07: at the stop that is too early or too late, or at the start before the line before."""
    for line in context.recorded.lines:
        if line.stop is None:
            continue
        before_start = line.start is not None and line.stop.latest < line.start.earliest
        if before_start or (context.start is not None and line.stop.earliest > context.start):
            yield Hit("prior_line", line.row, "line_stop")
    for before, line in neighbors(context):
        if before.start is not None and line.start is not None and line.start.latest < before.start.earliest:
            yield Hit("prior_line", line.row, "line_start")


def overlapping(context: Context) -> Iterator[Hit]:
    """C08: at the start of the later line."""
    for before, line in neighbors(context):
        if before.stop is not None and line.start is not None and line.start.latest < before.stop.earliest:
            yield Hit("prior_line", line.row, "line_start")


def numbering(context: Context) -> Iterator[Hit]:
    """C09: at each number that is not the next one; a line not yet numbered may still fill a gap."""
    numbers = [line.number for line in context.recorded.lines]
    for line in context.recorded.lines:
        if line.number is None:
            continue
        follows_gap = line.number != 1 and line.number - 1 not in numbers and None not in numbers
        if follows_gap or numbers.count(line.number) > 1:
            yield Hit("prior_line", line.row, "line_no")


def progressed_after_next_began(context: Context) -> Iterator[Hit]:
    """C54: at the date of progression."""
    for line, following in neighbors(context):
        progression = line.progression
        if progression is None or following.start is None:
            continue
        if progression.earliest > following.start.latest:
            params = {"n": line.number or 0, "next": following.number or 0}
            yield Hit("prior_line", line.row, "line_progression_date", params)


CHECKS = (
    Check(
        "C07",
        (Severity.ERROR,),
        _(
            "A line stops before it starts or after the start of IsaPd, or starts before the line before it"
            " starts."
        ),
        _("Prior-line dates out of order."),
        out_of_order,
        replaces_limit=True,
    ),
    Check(
        "C08",
        (Severity.WARNING,),
        _("A line starts before the line before it stops."),
        _("Lines overlap: one regimen or two?"),
        overlapping,
    ),
    Check(
        "C09",
        (Severity.ERROR,),
        _("Line numbers with gaps or duplicates, or not from 1 on."),
        _("Line numbers must run 1..n."),
        numbering,
    ),
    Check(
        "C54",
        (Severity.ERROR,),
        _("Progression of a line after the next line began."),
        _("Line %(n)s progressed after line %(next)s began."),
        progressed_after_next_began,
    ),
)
