"""Prognosis: log-rank test and univariable Cox model for each of the paper's factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.extraction.adtte import Endpoint
from analytics.extraction.frames import Frames
from analytics.figures.figure import Figure
from analytics.sections.factors import FACTORS, Factor, level_of
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.cox import METHOD as COX_METHOD
from analytics.statistics.cox import Cox, CoxTerm, cox
from analytics.statistics.log_rank import METHOD as LOG_RANK_METHOD
from analytics.statistics.log_rank import LogRank, log_rank
from analytics.tables.format import p_value, ratio_interval
from analytics.tables.table import EMPTY, Cell, Column, Row, Table
from registry.terminology.text import gettext_noop as _

KEY = "prognosis"
TITLE = _("Prognostic factors, univariable")
ENDPOINTS = {"PFS": _("Progression-free survival"), "OS": _("Overall survival")}
METHOD = f"{LOG_RANK_METHOD}; {COX_METHOD}"
IN_SAMPLE = "†"


@dataclass(frozen=True)
class Group:
    """One group of a factor among those evaluable for an endpoint."""

    label: str
    short: str
    n: int
    events: int


@dataclass(frozen=True)
class Effect:
    """One factor against one endpoint.

    Attributes
    ----------
    n, events, missing : int
        Patients with the factor known, their events, and those without it.
    levels : tuple of Group
        Groups with patients, reference first; empty for a continuous factor.
    log_rank : LogRank or None
        None for a continuous factor, which has no groups.
    """

    n: int
    events: int
    missing: int
    levels: tuple[Group, ...]
    log_rank: LogRank | None
    cox: Cox


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Test every factor against both endpoints."""
    found = {paramcd: _effects(frames, paramcd, parameters.conf_level) for paramcd in ENDPOINTS}
    level = f"{100 * parameters.conf_level:g} %"
    tests = sum(len(effects) for effects in found.values())
    footnotes = (
        _("Hazard ratio above 1: more events than in the reference group (the first of each factor)."),
        _("{tests} models, none adjusted for another or for their number.").format(tests=tests),
        _(
            "† The hemoglobin cut-offs 11.8 (PFS) and 11.0 (OS) were chosen on these patients: their "
            "hazard ratios and p values are overestimated and reproduce the paper; they validate nothing."
        ),
        _("Missing: patients for whom the factor is not evaluable; they are left out of its model."),
    )
    return SectionResult(
        key=KEY,
        title=TITLE,
        numbers={paramcd.lower(): dict(effects) for paramcd, effects in found.items()},
        tables=tuple(_table(paramcd, found[paramcd], frames, footnotes, level) for paramcd in ENDPOINTS),
        figures=tuple(_figure(paramcd, found[paramcd], frames, level) for paramcd in ENDPOINTS),
        footnotes=footnotes,
    )


def _effects(frames: Frames, paramcd: str, conf_level: float) -> dict[str, Effect]:
    endpoint = frames.endpoints[paramcd]
    rows = frames.adsl.set_index("USUBJID").loc[list(endpoint.subjects)]
    return {factor.key: effect(factor, rows, endpoint, conf_level) for factor in FACTORS}


def effect(factor: Factor, rows: pd.DataFrame, endpoint: Endpoint, conf_level: float) -> Effect:
    """Estimate the effect of one factor on one endpoint, on the patients for whom it is known.

    Parameters
    ----------
    factor : Factor
    rows : DataFrame
        Rows of ADSL in the order of the endpoint's subjects.
    endpoint : Endpoint
    conf_level : float
    """
    if not factor.levels:
        values = rows[factor.column].to_numpy(dtype=np.float64)
        known = ~np.isnan(values)
        model = _cox(endpoint, known, values[known], [factor.key], conf_level)
        return _effect(endpoint, known, (), None, model)
    groups = level_of(factor, rows)
    known = np.array([group is not None for group in groups], dtype=bool)
    present = [level for level in factor.levels if np.any(groups == level.key)]
    indicators = [groups[known] == level.key for level in present[1:]]
    columns = np.column_stack(indicators).astype(np.float64) if indicators else np.zeros((known.sum(), 1))
    names = [level.key for level in present[1:]] or [factor.key]
    levels = tuple(
        Group(
            level.label,
            level.short,
            int((groups == level.key).sum()),
            int(endpoint.events[groups == level.key].sum()),
        )
        for level in present
    )
    test = log_rank(endpoint.durations[known], endpoint.events[known], groups[known])
    return _effect(endpoint, known, levels, test, _cox(endpoint, known, columns, names, conf_level))


def _cox(
    endpoint: Endpoint,
    known: npt.NDArray[np.bool_],
    columns: npt.NDArray[np.float64],
    names: list[str],
    conf_level: float,
) -> Cox:
    return cox(endpoint.durations[known], endpoint.events[known], columns, names, conf_level)


def _effect(
    endpoint: Endpoint,
    known: npt.NDArray[np.bool_],
    levels: tuple[Group, ...],
    test: LogRank | None,
    model: Cox,
) -> Effect:
    missing = int((~known).sum())
    return Effect(int(known.sum()), int(endpoint.events[known].sum()), missing, levels, test, model)


def _lines(factor: Factor, found: Effect) -> list[dict[str, Any]]:
    """Return the factor's rows in the table: heading first, then its groups."""
    label = f"{factor.label} {IN_SAMPLE}" if factor.in_sample else factor.label
    test_p = found.log_rank.p if found.log_rank else None
    heading = {
        "label": label,
        "heading": True,
        "n": found.n,
        "events": found.events,
        "missing": found.missing,
        "log_rank_p": test_p,
        "log_rank_method": (found.log_rank.reason if found.log_rank else None) or LOG_RANK_METHOD,
        "lr_p": found.cox.likelihood_ratio.p if found.cox.likelihood_ratio else None,
        "lr_method": found.cox.reason or COX_METHOD,
    }
    terms = list(found.cox.terms)
    if not factor.levels:
        line = _term_line(factor.unit, found.n, found.events, terms[0])
        return [heading, line]
    lines = [heading]
    for position, group in enumerate(found.levels):
        counts = {"n": group.n, "events": group.events}
        if position == 0 and len(found.levels) > 1:
            lines.append({"label": group.label, "heading": False, "reference": True, **counts})
        else:
            lines.append(_term_line(group.label, group.n, group.events, terms[max(0, position - 1)]))
    return lines


def _term_line(label: str, n: int, events: int, term: CoxTerm) -> dict[str, Any]:
    return {
        "label": label,
        "heading": False,
        "reference": False,
        "n": n,
        "events": events,
        "hazard_ratio": term.hazard_ratio,
        "lower": term.lower,
        "upper": term.upper,
        "p": term.p,
        "reason": term.reason,
    }


def _table(
    paramcd: str, effects: dict[str, Effect], frames: Frames, footnotes: tuple[str, ...], level: str
) -> Table:
    rows = [_row(line) for factor in FACTORS for line in _lines(factor, effects[factor.key])]
    endpoint = frames.endpoints[paramcd]
    return Table(
        key=f"prognosis_{paramcd.lower()}",
        title=ENDPOINTS[paramcd],
        columns=(
            Column("factor", _("Factor")),
            Column("n", _("n"), numeric=True),
            Column("events", _("Events"), numeric=True),
            Column("hr", _("HR ({level} CI)").format(level=level), numeric=True),
            Column("p", _("p (Wald)"), numeric=True),
            Column("log_rank", _("p (log-rank)"), numeric=True),
            Column("lr", _("p (LR)"), numeric=True),
            Column("missing", _("Missing"), numeric=True),
        ),
        rows=tuple(rows),
        footnotes=footnotes,
        n=len(endpoint.subjects),
        events=int(endpoint.events.sum()),
        method=METHOD,
        data_version=frames.data_version,
    )


def _row(line: dict[str, Any]) -> Row:
    counts = (Cell(str(line["n"]), line["n"]), Cell(str(line["events"]), line["events"]))
    if line["heading"]:
        tests = (
            Cell(p_value(line[f"{name}_p"]), line[f"{name}_p"], n=line["n"], method=line[f"{name}_method"])
            for name in ("log_rank", "lr")
        )
        missing = Cell(str(line["missing"]), line["missing"]) if line["missing"] else EMPTY
        return Row((Cell(line["label"]), *counts, EMPTY, EMPTY, *tests, missing), heading=True)
    if line["reference"]:
        ratio = (Cell(_("reference")), EMPTY)
    elif line["hazard_ratio"] is None:
        ratio = (Cell(_("not estimable: {reason}").format(reason=line["reason"])), EMPTY)
    else:
        shown = ratio_interval(line["hazard_ratio"], line["lower"], line["upper"])
        ratio = (
            Cell(shown, line["hazard_ratio"], n=line["n"], method=COX_METHOD),
            Cell(p_value(line["p"]), line["p"], n=line["n"], method=COX_METHOD),
        )
    return Row((Cell(line["label"]), *counts, *ratio, EMPTY, EMPTY, EMPTY), indent=1)


def _figure(paramcd: str, effects: dict[str, Effect], frames: Frames, level: str) -> Figure:
    rows = [row for factor in FACTORS for row in _comparisons(factor, effects[factor.key])]
    clear = [
        f"{row['name']}, {row['comparison']}: {row['ratio']}"
        for row in rows
        if row["hazard_ratio"] is not None and not row["lower"] <= 1 <= row["upper"]
    ]
    endpoint = frames.endpoints[paramcd]
    n, events = len(endpoint.subjects), int(endpoint.events.sum())
    alt = _("Forest plot of {models} factors for {endpoint}, N = {n}, events {events}.").format(
        models=len(FACTORS), endpoint=paramcd, n=n, events=events
    )
    if clear:
        alt += " " + _("Hazard ratios whose confidence interval excludes 1: {effects}.").format(
            effects="; ".join(clear)
        )
    return Figure(
        key=f"forest_{paramcd.lower()}",
        kind="forest",
        title=ENDPOINTS[paramcd],
        alt=alt,
        n=n,
        events=events,
        method=COX_METHOD,
        data_version=frames.data_version,
        data={
            "comparisons": rows,
            "x_title": _("Hazard ratio"),
            "ratio_title": _("HR ({level} CI)").format(level=level),
        },
    )


def _comparisons(factor: Factor, found: Effect) -> list[dict[str, Any]]:
    """Return the factor's rows in a forest plot: each group against the reference."""
    name = f"{factor.name} {IN_SAMPLE}" if factor.in_sample else factor.name
    if len(found.levels) < 2:
        counts = f"{found.events}/{found.n}"
        return [_comparison(name, factor.unit, counts, found.cox.terms[0], continuous=not factor.levels)]
    reference, *others = found.levels
    return [
        _comparison(
            name,
            _("{group} vs {reference}").format(group=group.short, reference=reference.short),
            _("{events}/{n} vs {events_reference}/{n_reference}").format(
                events=group.events, n=group.n, events_reference=reference.events, n_reference=reference.n
            ),
            term,
            continuous=False,
        )
        for group, term in zip(others, found.cox.terms, strict=True)
    ]


def _comparison(
    name: str, comparison: str, counts: str, term: CoxTerm, *, continuous: bool
) -> dict[str, Any]:
    estimated = term.hazard_ratio is not None
    shown = ratio_interval(term.hazard_ratio, term.lower, term.upper)
    return {
        "name": name,
        "comparison": comparison,
        "counts": counts,
        "continuous": continuous,
        "hazard_ratio": term.hazard_ratio,
        "lower": term.lower,
        "upper": term.upper,
        "std_err": term.std_err,
        "ratio": shown if estimated else _("not estimable"),
        "p": p_value(term.p),
        "reason": term.reason,
    }
