"""Timing: the interval between daratumumab and IsaPd (the paper's Table 2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.extraction.frames import Frames
from analytics.sections.factors import BY_KEY, Factor, Level, level_of
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.contingency import PEARSON, pearson_chi_square
from analytics.statistics.fisher import METHOD as FISHER
from analytics.statistics.fisher import fisher_exact
from analytics.statistics.kaplan_meier import METHOD as KM_METHOD
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.log_rank import METHOD as LOG_RANK_METHOD
from analytics.statistics.log_rank import log_rank
from analytics.statistics.proportions import clopper_pearson
from analytics.statistics.survival_probability import survival_probability
from analytics.tables.format import count, p_value, percent
from analytics.tables.table import EMPTY, Cell, Column, Row, Table
from registry.terminology.text import gettext_noop as _

KEY = "timing"
TITLE = _("Impact of the timing of daratumumab-containing regimens on clinical outcomes")
ENDPOINTS = ("PFS", "OS")

# The paper's rows, with the group it prints first.
ROWS = (
    ("interval_6", _("Interval between daratumumab and IsaPd, 6 months"), "Y"),
    ("interval_12", _("Interval between daratumumab and IsaPd, 12 months"), "Y"),
    ("lines_between", _("Lines of therapy between daratumumab and IsaPd"), "0"),
)


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Compare response, PFS and OS between the groups of the paper's Table 2."""
    numbers = {key: _compare(BY_KEY[key], first, frames, parameters) for key, _label, first in ROWS}
    footnotes = (
        _("Response: Pearson χ² without correction, as the paper evidently used; then Fisher's exact p."),
        _(
            "The p values beside the probabilities are log-rank tests over the whole curves, not tests at "
            "that time point."
        ),
        _("The paper prints the response rates of 0 and ≥1 lines in the reverse order."),
    )
    table = Table(
        key="timing",
        title=TITLE,
        columns=(
            Column("feature", _("Feature")),
            Column("orr", _("ORR, n (%)"), numeric=True),
            Column("orr_p", _("p (Pearson; Fisher)"), numeric=True),
            *(
                column
                for paramcd in ENDPOINTS
                for column in (
                    Column(
                        f"{paramcd.lower()}_at",
                        _("{months:g}-month {endpoint} (%)").format(
                            months=parameters.horizon_months, endpoint=paramcd
                        ),
                        numeric=True,
                    ),
                    Column(f"{paramcd.lower()}_p", _("p (log-rank)"), numeric=True),
                )
            ),
        ),
        rows=tuple(row for key, label, _first in ROWS for row in _rows(label, numbers[key])),
        footnotes=footnotes,
        n=frames.n,
        events=int(frames.endpoints["PFS"].events.sum()),
        method=f"{PEARSON}; {FISHER}; {KM_METHOD}; {LOG_RANK_METHOD}",
        data_version=frames.data_version,
    )
    return SectionResult(KEY, TITLE, numbers, (table,), (), footnotes)


def _compare(factor: Factor, first: str, frames: Frames, parameters: ReportParameters) -> dict[str, Any]:
    levels = sorted(factor.levels, key=lambda level: level.key != first)
    groups = level_of(factor, frames.adsl)
    responds = frames.adsl["RSPFL"].to_numpy() == "Y"
    table = [
        [int((responds & (groups == level.key)).sum()), int((~responds & (groups == level.key)).sum())]
        for level in levels
    ]
    known = int(sum(map(sum, table)))
    return {
        "n": known,
        "missing": frames.n - known,
        "orr": {
            level.key: clopper_pearson(responders, responders + others, parameters.conf_level)
            for level, (responders, others) in zip(levels, table, strict=True)
        },
        "orr_pearson": pearson_chi_square(table),
        "orr_fisher": fisher_exact(table),
        "labels": {level.key: level.label for level in levels},
        **{paramcd.lower(): _survival(paramcd, groups, levels, frames, parameters) for paramcd in ENDPOINTS},
    }


def _survival(
    paramcd: str,
    groups: npt.NDArray[np.object_],
    levels: list[Level],
    frames: Frames,
    parameters: ReportParameters,
) -> dict[str, Any]:
    endpoint = frames.endpoints[paramcd]
    group_of = dict(zip(frames.adsl["USUBJID"], groups, strict=True))
    own = np.array([group_of[subject] for subject in endpoint.subjects], dtype=object)
    known = np.array([group is not None for group in own], dtype=bool)
    at_horizon = {
        level.key: survival_probability(
            kaplan_meier(
                endpoint.durations[own == level.key], endpoint.events[own == level.key], parameters.conf_level
            ),
            parameters.horizon_months,
        )
        for level in levels
    }
    test = log_rank(endpoint.durations[known], endpoint.events[known], own[known])
    return {"at_horizon": at_horizon, "log_rank": test}


def _rows(label: str, numbers: dict[str, Any]) -> list[Row]:
    pearson, fisher = numbers["orr_pearson"], numbers["orr_fisher"]
    if numbers["missing"]:
        label = f"{label} (n = {numbers['n']})"
    tests: list[Cell] = [
        Cell(label),
        EMPTY,
        Cell(f"{p_value(pearson.p)}; {p_value(fisher.p)}", pearson.p, n=pearson.n, method=pearson.method),
    ]
    for paramcd in ENDPOINTS:
        test = numbers[paramcd.lower()]["log_rank"]
        tests += [EMPTY, Cell(p_value(test.p), test.p, n=test.n, method=test.method)]
    rows = [Row(tuple(tests), heading=True)]
    for key, level in numbers["labels"].items():
        rate = numbers["orr"][key]
        cells = [
            Cell(level),
            Cell(count(rate.events, rate.n), rate.estimate, n=rate.n, method=rate.method),
            EMPTY,
        ]
        for paramcd in ENDPOINTS:
            at = numbers[paramcd.lower()]["at_horizon"][key]
            cells += [Cell(percent(at.survival), at.survival, n=at.n, method=at.method), EMPTY]
        rows.append(Row(tuple(cells), indent=1))
    return rows
