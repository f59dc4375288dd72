"""Flow: from the enrolled patients to those analyzed, with the reasons of those who leave."""

from __future__ import annotations

from analytics.extraction.cohorts import ELIGIBILITY
from analytics.extraction.frames import Frames
from analytics.figures.figure import Figure
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.result import jsonable
from analytics.tables.table import Cell, Column, Row, Table
from registry.terminology.text import gettext_noop as _

KEY = "flow"
TITLE = _("Patient flow")
METHOD = _("counts; each patient leaves at the first condition not met")


def build(frames: Frames, _parameters: ReportParameters) -> SectionResult:
    """Count the patients at every step into the cohort, and those evaluable for each endpoint."""
    flow = frames.flow
    evaluable = {
        "response": int((frames.adsl["BOR"] != "NE").sum()),
        **{paramcd.lower(): len(frames.endpoints[paramcd].subjects) for paramcd in ("PFS", "OS")},
    }
    return SectionResult(
        key=KEY,
        title=TITLE,
        numbers={"flow": jsonable(flow), "evaluable": evaluable},
        tables=(_table(frames, evaluable),),
        figures=(_figure(frames, evaluable),),
        footnotes=(
            _("Each patient is counted once, at the first condition not met, in the order shown."),
            _("Not evaluable: the condition cannot be decided from what has been entered so far."),
        ),
    )


def _table(frames: Frames, evaluable: dict[str, int]) -> Table:
    flow = frames.flow

    def row(label: str, excluded: int | None, undecided: int | None, remaining: int, heading: bool) -> Row:
        counts = (
            Cell("" if count is None else str(count), count) for count in (excluded, undecided, remaining)
        )
        return Row((Cell(label), *counts), heading=heading, indent=0 if heading else 1)

    rows = [row(_("Enrolled"), None, None, flow.enrolled, heading=True)]
    rows += [
        row(step.label, step.excluded, step.not_evaluable, step.remaining, heading=False)
        for step in flow.exclusions
    ]
    rows.append(row(_("Analyzed"), None, None, flow.analyzed, heading=True))
    labels = {
        "response": _("Evaluable for response"),
        "pfs": _("Evaluable for progression-free survival"),
        "os": _("Evaluable for overall survival"),
    }
    rows += [
        row(label, None, flow.analyzed - evaluable[key], evaluable[key], heading=False)
        for key, label in labels.items()
    ]
    return Table(
        key="flow",
        title=TITLE,
        columns=(
            Column("condition", _("Condition")),
            Column("excluded", _("Not met"), numeric=True),
            Column("not_evaluable", _("Not evaluable"), numeric=True),
            Column("remaining", _("Remaining"), numeric=True),
        ),
        rows=tuple(rows),
        footnotes=(),
        n=flow.enrolled,
        events=None,
        method=METHOD,
        data_version=frames.data_version,
    )


def _figure(frames: Frames, evaluable: dict[str, int]) -> Figure:
    """Boxes from top to bottom, each with the exclusions that leave below it."""
    flow, eligible = frames.flow, len(ELIGIBILITY)
    boxes = [{"label": _("Enrolled"), "n": flow.enrolled, "excluded": _leaving(frames, 0, eligible)}]
    if len(flow.exclusions) > eligible:
        remaining = flow.exclusions[eligible - 1].remaining
        leaving = _leaving(frames, eligible, len(flow.exclusions))
        boxes.append({"label": _("Eligible, at least one cycle"), "n": remaining, "excluded": leaving})
    boxes.append({"label": _("Analyzed"), "n": flow.analyzed, "excluded": []})
    return Figure(
        key="flow",
        kind="flow",
        title=TITLE,
        alt=_("Of {enrolled} patients enrolled, {left} were excluded and {analyzed} analyzed.").format(
            enrolled=flow.enrolled, left=flow.enrolled - flow.analyzed, analyzed=flow.analyzed
        ),
        n=flow.enrolled,
        events=None,
        method=METHOD,
        data_version=frames.data_version,
        data={"boxes": boxes, "evaluable": evaluable},
    )


def _leaving(frames: Frames, first: int, last: int) -> list[dict[str, object]]:
    return [
        {"reason": step.reason, "n": step.excluded, "not_evaluable": step.not_evaluable}
        for step in frames.flow.exclusions[first:last]
        if step.excluded or step.not_evaluable
    ]
