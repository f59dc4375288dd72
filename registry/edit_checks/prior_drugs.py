"""Checks that the drugs of the prior lines belong to a line and to its dates."""

from collections.abc import Iterator

from registry.derivations.dates import Span
from registry.derivations.history import Line
from registry.derivations.reading import whole
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def without_line_or_drug(context: Context) -> Iterator[Hit]:
    """C17: at a drug's line number that no line has, and at a line that neither drug nor transplant fills.

    A line not yet numbered may still be the drug's; a case without any drug has not come to them yet.
    """
    lines = context.recorded.lines
    numbers = {line.number for line in lines}
    given = [whole(row, "line_no_ref") for row in context.facts.rows("prior_line_drug")]
    for index, number in enumerate(given):
        if number is not None and not numbers & {number, None}:
            yield Hit("prior_line_drug", index, "line_no_ref")
    if not given or None in given or None in numbers:
        return
    for line in lines:
        if line.transplant == "NONE" and line.number not in given:
            yield Hit("prior_line", line.row, "line_no")


def outside_line(context: Context) -> Iterator[Hit]:
    """C18: at the first or the last dose that no day of the line can have been."""
    for drug in context.recorded.drugs:
        line = context.recorded.line_of(drug)
        if line is None:
            continue
        for variable, given in (("drug_start", drug.first), ("drug_last_dose", drug.last)):
            if given is not None and _is_outside(given, line):
                yield Hit("prior_line_drug", drug.row, variable, {"n": line.number or 0})


def _is_outside(given: Span, line: Line) -> bool:
    too_early = line.start is not None and given.latest < line.start.earliest
    too_late = line.stop is not None and given.earliest > line.stop.latest
    return too_early or too_late


CHECKS = (
    Check(
        "C17",
        (Severity.ERROR,),
        _("A drug whose line does not exist; a line with no drug and no transplant."),
        _("Drug without a line / empty line."),
        without_line_or_drug,
    ),
    Check(
        "C18",
        (Severity.ERROR,),
        _("A drug's dates outside the dates of its line."),
        _("Drug dates outside line %(n)s."),
        outside_line,
    ),
)
