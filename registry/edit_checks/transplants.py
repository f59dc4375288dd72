"""Checks of transplants within the prior lines, and of the maintenance after them."""

from collections.abc import Iterator

from registry.derivations.history import Line
from registry.derivations.prior_lines import AUTOLOGOUS
from registry.derivations.reading import code, span
from registry.dictionary.facts import Record
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.edit_checks.prior_line_order import neighbors
from registry.terminology.text import gettext_noop as _


def maintenance_as_a_line(context: Context) -> Iterator[Hit]:
    """C10: at the line of lenalidomide alone, which is no line of its own."""
    for before, line in neighbors(context):
        if before.transplant in (None, "NONE") or before.progressed is not False:
            continue
        alone = {drug.code for drug in context.recorded.drugs_of(line.number)} == {"LEN"}
        if alone and before.stop_reason != "PD" and _soon_after(before, line, context):
            yield Hit("prior_line", line.row, "line_no")


def _soon_after(before: Line, line: Line, context: Context) -> bool:
    """On every day the dates can be; counted from the transplant while the line's stop is not known."""
    row = context.facts.rows("prior_line")[before.row]
    ended = before.stop or span(row, "line_transplant_date")
    if ended is None or line.start is None:
        return False
    return (line.start.latest - ended.earliest).days <= context.rules.maintenance_days


def transplant_and_line(context: Context) -> Iterator[Hit]:
    """C22: at the transplant's date; at the transplant itself where melphalan is missing (a query)."""
    for line in context.recorded.lines:
        row = context.facts.rows("prior_line")[line.row]
        if _is_misdated(row, line):
            yield Hit("prior_line", line.row, "line_transplant_date")
        if line.transplant in AUTOLOGOUS and _lacks_melphalan(line, context):
            yield Hit("prior_line", line.row, "line_transplant", severity=Severity.QUERY)


def _is_misdated(row: Record, line: Line) -> bool:
    when = span(row, "line_transplant_date")
    if when is None:
        return False
    too_early = line.start is not None and when.latest < line.start.earliest
    too_late = line.stop is not None and when.earliest > line.stop.latest
    return too_early or too_late or code(row, "line_transplant") == "NONE"


def _lacks_melphalan(line: Line, context: Context) -> bool:
    """Whether the line has drugs, and melphalan is not among them."""
    drugs = {drug.code for drug in context.recorded.drugs_of(line.number)}
    return line.number is not None and bool(drugs) and "MEL" not in drugs


CHECKS = (
    Check(
        "C10",
        (Severity.QUERY,),
        _("Lenalidomide alone within 180 days after a line with transplant, without progression between."),
        _("IMWG: maintenance belongs to the transplant line."),
        maintenance_as_a_line,
    ),
    Check(
        "C22",
        (Severity.ERROR, Severity.QUERY),
        _("Transplant outside its line, or dated though there was none; query: autologous, no melphalan."),
        _("Transplant does not fit the line."),
        transplant_and_line,
        replaces_limit=True,
    ),
)
