"""Checks that the progression of the prior lines fits why they stopped and why IsaPd began."""

from collections.abc import Iterator
from datetime import date

from registry.derivations.dates import add_months
from registry.derivations.disease_status import CLINICAL
from registry.derivations.history import Line
from registry.derivations.reading import code, said
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def stopped_without_progression(context: Context) -> Iterator[Hit]:
    """C53: at the question of progression, once it has another answer than yes."""
    for index, row in enumerate(context.facts.rows("prior_line")):
        if code(row, "line_stop_reason") == "PD" and row["line_progressed"] not in (None, "Y"):
            yield Hit("prior_line", index, "line_progressed")


def relapsed_without_progression(context: Context) -> Iterator[Hit]:
    """C55: at the last line, rather than at the signs of relapse."""
    last, baseline = _last_line(context), context.facts.one("baseline")
    relapsed = any(said(baseline, name) for name in (*CLINICAL, "relapse_biochemical"))
    if relapsed and last is not None and last.progressed is False:
        yield Hit("prior_line", last.row, "line_progressed")


def untreated(context: Context) -> Iterator[Hit]:
    """C56: at the progression of the last line, after which there is no other."""
    last, start = _last_line(context), context.start
    progression = None if last is None else last.progression_or_stop
    if last is None or progression is None or start is None:
        return
    if add_months(progression.latest, context.rules.untreated_months) < start:
        params = {"n": _completed_months(progression.latest, start)}
        variable = "line_stop" if last.progression_is_inferred else "line_progression_date"
        yield Hit("prior_line", last.row, variable, params)


def _last_line(context: Context) -> Line | None:
    """The last line before IsaPd; None where two share its number."""
    number = context.history.last_number
    return None if number is None else context.history.by_number.get(number)


def _completed_months(earlier: date, later: date) -> int:
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if add_months(earlier, months) <= later else months - 1


CHECKS = (
    Check(
        "C53",
        (Severity.ERROR,),
        _("A line stopped for progression that is not recorded as progressed."),
        _("Stopped for progression, but no progression of this line."),
        stopped_without_progression,
    ),
    Check(
        "C55",
        (Severity.QUERY,),
        _("Relapse at baseline, and a last prior line that did not progress."),
        _("Relapsed, but the last line did not progress?"),
        relapsed_without_progression,
    ),
    Check(
        "C56",
        (Severity.QUERY,),
        _("Last progression more than 6 months before the start of IsaPd, and no line between."),
        _("%(n)s months untreated after progression: is a line missing?"),
        untreated,
    ),
)
