"""What the sections on one time-to-event endpoint share: curve, median, probability, table and figure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analytics.extraction.frames import Frames
from analytics.figures.figure import Figure
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.kaplan_meier import METHOD, KaplanMeier, kaplan_meier
from analytics.statistics.median_collett import MedianCollett, median_collett
from analytics.statistics.result import nullable
from analytics.statistics.survival_probability import (
    SurvivalProbability,
    number_at_risk,
    survival_probability,
)
from analytics.statistics.survival_quantile import SurvivalQuantile, survival_quantile
from analytics.tables.format import interval, number, percent
from analytics.tables.table import Cell, Column, Row, Table
from registry.terminology.text import gettext_noop as _


@dataclass(frozen=True)
class EndpointText:
    """The words a section needs for its endpoint.

    Attributes
    ----------
    short : str
        Abbreviation on the axis: PFS, OS.
    definition : str
        The estimand in a sentence: origin, event, what censors.
    """

    key: str
    title: str
    paramcd: str
    short: str
    definition: str


@dataclass(frozen=True)
class Estimates:
    """Everything estimated for an endpoint, in months."""

    curve: KaplanMeier
    median: SurvivalQuantile
    median_spss: MedianCollett
    at_horizon: SurvivalProbability
    not_evaluable: int


def estimate(frames: Frames, paramcd: str, parameters: ReportParameters) -> Estimates:
    """Estimate the survival function of an endpoint for the whole cohort."""
    endpoint = frames.endpoints[paramcd]
    curve = kaplan_meier(endpoint.durations, endpoint.events, parameters.conf_level)
    return Estimates(
        curve=curve,
        median=survival_quantile(curve),
        median_spss=median_collett(curve),
        at_horizon=survival_probability(curve, parameters.horizon_months),
        not_evaluable=endpoint.not_evaluable,
    )


def section(
    text: EndpointText, frames: Frames, parameters: ReportParameters, notes: tuple[str, ...] = ()
) -> SectionResult:
    """Estimate an endpoint and lay it out as table and Kaplan–Meier figure."""
    found = estimate(frames, text.paramcd, parameters)
    footnotes = (
        text.definition,
        _("A month is 30.4375 days; 12 months are 365.25 days. Nothing is extrapolated."),
        _("{n} patients of the cohort are not evaluable for this endpoint.").format(n=found.not_evaluable),
        *notes,
    )
    return SectionResult(
        key=text.key,
        title=text.title,
        numbers={
            "n": found.curve.n,
            "events": found.curve.events,
            "not_evaluable": found.not_evaluable,
            "median": found.median,
            "median_spss": found.median_spss,
            "at_horizon": found.at_horizon,
            "curve": found.curve,
        },
        tables=(_table(text, frames, found, footnotes),),
        figures=(_figure(text, frames, found),),
        footnotes=footnotes,
    )


def _table(text: EndpointText, frames: Frames, found: Estimates, footnotes: tuple[str, ...]) -> Table:
    curve, median, spss, at = found.curve, found.median, found.median_spss, found.at_horizon
    level = f"{100 * curve.conf_level:g} %"
    share = curve.events / curve.n if curve.n else None
    scaled = (None if limit is None else 100 * limit for limit in (at.lower, at.upper))

    def row(label: str, cell: Cell, limits: str, method: str) -> Row:
        return Row((Cell(label), cell, Cell(limits, n=curve.n, method=method), Cell(method)))

    rows = (
        row(_("Patients"), Cell(str(curve.n), curve.n), "", ""),
        row(_("Events (%)"), Cell(f"{curve.events} ({percent(share)})", curve.events, n=curve.n), "", ""),
        row(
            _("Median (months)"),
            Cell(_shown(median.value, median.reason), median.value, n=curve.n, method=median.method),
            interval(median.lower, median.upper),
            median.method,
        ),
        row(
            _("Median (months), as SPSS prints it"),
            Cell(_shown(spss.value, spss.reason), spss.value, n=curve.n, method=spss.method),
            interval(spss.lower, spss.upper),
            spss.method if spss.value is None or spss.reason is None else f"{spss.method}: {spss.reason}",
        ),
        row(
            _("Event-free at {months:g} months (%)").format(months=at.time),
            Cell(
                percent(at.survival) if at.survival is not None else str(at.reason),
                at.survival,
                n=at.at_risk,
                method=at.method,
            ),
            interval(*scaled),
            METHOD,
        ),
        row(
            _("At risk at {months:g} months").format(months=at.time),
            Cell(str(at.at_risk), at.at_risk),
            "",
            "",
        ),
    )
    return Table(
        key=text.key,
        title=text.title,
        columns=(
            Column("quantity", text.short),
            Column("estimate", _("Estimate"), numeric=True),
            Column("ci", _("{level} CI").format(level=level), numeric=True),
            Column("method", _("Method")),
        ),
        rows=rows,
        footnotes=footnotes,
        n=curve.n,
        events=curve.events,
        method=METHOD,
        data_version=frames.data_version,
    )


def _figure(text: EndpointText, frames: Frames, found: Estimates) -> Figure:
    return kaplan_meier_figure(
        key=f"km_{text.key}",
        title=text.title,
        short=text.short,
        curves=[(text.short, found.curve)],
        horizon=found.at_horizon.time,
        data_version=frames.data_version,
    )


def kaplan_meier_figure(
    key: str,
    title: str,
    short: str,
    curves: list[tuple[str, KaplanMeier]],
    horizon: float,
    data_version: int,
) -> Figure:
    """Lay out one or more survival curves for drawing.

    Parameters
    ----------
    curves : list of (label, KaplanMeier)
        In months; the order decides color and dash.
    horizon : float
        Time in months of the probability that the text alternative names.
    """
    last = max((curve.last_time or 0.0 for _label, curve in curves), default=0.0)
    step = 6 if last <= 60 else 12
    ticks = list(range(0, step * max(1, math.ceil(last / step)) + 1, step))
    return Figure(
        key=key,
        kind="kaplan_meier",
        title=title,
        alt=" ".join(_sentence(label, curve, horizon) for label, curve in curves),
        n=sum(curve.n for _label, curve in curves),
        events=sum(curve.events for _label, curve in curves),
        method=METHOD,
        data_version=data_version,
        data={
            "x_title": _("Months from start of IsaPd"),
            "y_title": short,
            "ticks": ticks,
            "curves": [_drawn(label, curve, ticks, horizon) for label, curve in curves],
        },
    )


def _drawn(label: str, curve: KaplanMeier, ticks: list[int], horizon: float) -> dict[str, Any]:
    median, at = survival_quantile(curve), survival_probability(curve, horizon)
    times, survival, censored = curve.times.tolist(), curve.survival.tolist(), curve.censored_at.tolist()
    limits = zip(times, survival, nullable(curve.lower), nullable(curve.upper), strict=True)
    steps = [{"t": 0.0, "s": 1.0, "lower": None, "upper": None}]
    steps += [{"t": t, "s": s, "lower": lower, "upper": upper} for t, s, lower, upper in limits]
    return {
        "label": label,
        "n": curve.n,
        "events": curve.events,
        "median": median.value,
        "notes": _notes(label, curve, median, at),
        "summary": _("{label}: events/N {events}/{n}, median {median} ({limits})").format(
            label=label,
            events=curve.events,
            n=curve.n,
            median=_shown(median.value, median.reason),
            limits=interval(median.lower, median.upper),
        ),
        "steps": steps if curve.n else [],
        "censored": [
            {"t": t, "s": s, "n": n} for t, s, n in zip(times, survival, censored, strict=True) if n
        ],
        "at_risk": [{"t": t, "n": n} for t, n in zip(ticks, number_at_risk(curve, ticks), strict=True)],
    }


def _notes(label: str, curve: KaplanMeier, median: SurvivalQuantile, at: SurvivalProbability) -> list[str]:
    """Return the lines written into the figure beside a curve."""
    if not curve.n:
        return [_("{label}: no patients").format(label=label)]
    counts = _("{label}: N = {n}, events {events}").format(label=label, n=curve.n, events=curve.events)
    reached = (
        _("Median {reason}").format(reason=median.reason)
        if median.value is None
        else _("Median {median} months ({level:g} % CI {limits})").format(
            median=number(median.value),
            level=100 * curve.conf_level,
            limits=interval(median.lower, median.upper),
        )
    )
    if at.survival is None:
        return [counts, reached]
    limits = interval(*(None if limit is None else 100 * limit for limit in (at.lower, at.upper)))
    remaining = _("{months:g} months: {percent} % ({limits})").format(
        months=at.time, percent=percent(at.survival), limits=limits
    )
    return [counts, reached, remaining]


def _sentence(label: str, curve: KaplanMeier, horizon: float) -> str:
    if not curve.n:
        return _("Kaplan–Meier curve of {label}: no patients.").format(label=label)
    median, at = survival_quantile(curve), survival_probability(curve, horizon)
    level = f"{100 * curve.conf_level:g} %"
    reached = (
        _("median {median} months ({level} CI {limits})").format(
            median=number(median.value), level=level, limits=interval(median.lower, median.upper)
        )
        if median.value is not None
        else _("median {reason}").format(reason=median.reason)
    )
    remaining = (
        _("{percent} % event-free at {months:g} months").format(percent=percent(at.survival), months=horizon)
        if at.survival is not None
        else _("no estimate at {months:g} months ({reason})").format(months=horizon, reason=at.reason)
    )
    return _("Kaplan–Meier curve of {label}, N = {n}, events {events}: {reached}; {remaining}.").format(
        label=label, n=curve.n, events=curve.events, reached=reached, remaining=remaining
    )


def _shown(value: float | None, reason: str | None) -> str:
    return number(value) if value is not None else str(reason)
