"""How long the patients were followed."""

from __future__ import annotations

from analytics.extraction.frames import Frames
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.follow_up import METHOD, follow_up
from analytics.tables.format import NOT_GIVEN, interval, number
from analytics.tables.table import EMPTY, Cell, Column, Row, Table
from registry.terminology.text import gettext_noop as _

KEY = "follow_up"
TITLE = _("Follow-up")


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Estimate the median follow-up from the survival times of the cohort."""
    endpoint = frames.endpoints["OS"]
    found = follow_up(endpoint.durations, endpoint.events, parameters.conf_level)
    footnotes = (
        _("The paper gives 16.8 months (IQR 10.5–23.2) without a method; reverse Kaplan–Meier fits."),
        _("The median of patients alive is shown for comparison: it ignores those who died."),
    )
    quartiles = "" if found.median is None else f" ({interval(found.q1, found.q3)})"
    shown = number(found.median) if found.median is not None else str(found.reason)
    rows = (
        Row(
            (
                Cell(_("Median follow-up (months), IQR")),
                Cell(f"{shown}{quartiles}", found.median, n=found.n, method=METHOD),
                Cell(interval(found.lower, found.upper), n=found.n, method=METHOD),
            )
        ),
        Row(
            (
                Cell(_("Median time of patients alive (months)")),
                Cell(number(found.alive_median), found.alive_median, n=found.events)
                if found.alive_median is not None
                else Cell(NOT_GIVEN, n=0),
                EMPTY,
            )
        ),
    )
    table = Table(
        key=KEY,
        title=TITLE,
        columns=(
            Column("quantity", TITLE),
            Column("estimate", _("Estimate"), numeric=True),
            Column("ci", _("{level} CI").format(level=f"{100 * found.conf_level:g} %"), numeric=True),
        ),
        rows=rows,
        footnotes=footnotes,
        n=found.n,
        events=found.n - found.events,
        method=METHOD,
        data_version=frames.data_version,
    )
    numbers = {"n": found.n, "deaths": found.n - found.events, "follow_up": found}
    return SectionResult(KEY, TITLE, numbers, (table,), (), footnotes)
