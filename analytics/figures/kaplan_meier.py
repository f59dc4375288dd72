"""Drawing survival curves: steps, band, censor ticks, dotted medians, and the numbers at risk below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analytics.figures.figure import Figure
from analytics.figures.inline import Layers, inline
from analytics.figures.theme import DASHES, Layout, Theme, config, layout
from registry.terminology.text import gettext_noop as _

AT_RISK = _("Number at risk")
LEFT, RIGHT = 46, 36
Curve = Mapping[str, Any]


@dataclass(frozen=True)
class _Canvas:
    """What the layers of one drawing share."""

    figure: Figure
    curves: Sequence[Curve]
    sizes: Layout
    theme: Theme
    width: int
    height: int

    @property
    def several(self) -> bool:
        return len(self.curves) > 1

    @property
    def labels(self) -> list[str]:
        return [curve["label"] for curve in self.curves]

    @property
    def color(self) -> alt.Color:
        scale = alt.Scale(domain=self.labels, range=list(self.theme.palette[: len(self.curves)]))
        return alt.Color("curve:N", legend=None, scale=scale)

    @property
    def dash(self) -> alt.StrokeDash:
        scale = alt.Scale(domain=self.labels, range=list(DASHES[: len(self.curves)]))
        return alt.StrokeDash("curve:N", legend=None, scale=scale)

    @property
    def x_scale(self) -> alt.Scale:
        return alt.Scale(domain=[0, self.figure.data["ticks"][-1]], nice=False)


def spec(figure: Figure, width: int, theme: Theme) -> dict[str, Any]:
    """Return the Vega-Lite specification of a Kaplan–Meier figure.

    Parameters
    ----------
    figure : Figure
        Its data hold ticks, titles and, for each curve, steps, censorings, median and numbers at risk, in
        months.
    width : int
        Total width in pixels, about; below 480 the figure is laid out for a phone.
    theme : Theme
    """
    sizes = layout(width)
    curves = figure.data["curves"]
    inner = width - LEFT - RIGHT - _label_space(curves, sizes)
    height = round(inner * (0.78 if sizes.compact else 0.52))
    canvas = _Canvas(figure, curves, sizes, theme, inner, height)
    chart = alt.vconcat(
        _survival(canvas),
        _at_risk(canvas),
        spacing=56 if sizes.compact else 64,  # room for the axis above and the heading below it
        bounds="flush",
    ).properties(description=figure.alt, padding=4)
    built: dict[str, Any] = chart.configure(**config(theme, sizes)).to_dict(validate=False)
    return built


def _survival(canvas: _Canvas) -> Layers:
    ticks = canvas.figure.data["ticks"]
    x_axis = alt.Axis(title=canvas.figure.data["x_title"], values=ticks, titlePadding=6, labelFlush=False)
    x = alt.X("t:Q", scale=canvas.x_scale, axis=x_axis)
    y_axis = alt.Axis(title=None, values=[0, 25, 50, 75, 100], labelFlush=False)
    y = alt.Y("s:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=y_axis)
    band = (
        _chart(canvas.curves, _band)
        .mark_area(interpolate="step-after", opacity=0.15, line=False)
        .encode(x=x, y=alt.Y("lower:Q", axis=y_axis), y2="upper:Q", color=canvas.color)
    )
    medians = (
        _chart(canvas.curves, _median)
        .mark_rule(strokeDash=[1.5, 3], strokeWidth=1.2, strokeCap="round")
        .encode(x=x, y=y, x2="t2:Q", y2="s2:Q", color=canvas.color)
    )
    line = (
        _chart(canvas.curves, _steps)
        .mark_line(interpolate="step-after", strokeWidth=2, strokeJoin="miter", strokeCap="butt")
        .encode(x=x, y=y, color=canvas.color, strokeDash=canvas.dash)
    )
    censored = (
        _chart(canvas.curves, _censored)
        .mark_tick(orient="vertical", size=9, thickness=1.3, opacity=1)
        .encode(x=x, y=y, color=canvas.color)
    )
    notes = _legend(canvas) if canvas.several else _notes(canvas)
    title = alt.Title(
        _("{endpoint} (%)").format(endpoint=canvas.figure.data["y_title"]),
        dx=-LEFT + 12,
        offset=10,
    )
    return alt.layer(band, medians, line, censored, *notes).properties(
        width=canvas.width, height=canvas.height, title=title
    )


def _at_risk(canvas: _Canvas) -> Layers:
    count = max(1, len(canvas.curves))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.5, count - 0.5], reverse=True, nice=False))
    rows = [
        {"curve": curve["label"], "row": position, **point}
        for position, curve in enumerate(canvas.curves)
        for point in curve["at_risk"]
    ]
    # On a phone a curve's name stands above its numbers, elsewhere to their left.
    above = canvas.sizes.compact and canvas.several
    layers = [
        inline(rows)
        .mark_text(fontSize=canvas.sizes.small, dy=7 if above else 0)
        .encode(x=alt.X("t:Q", scale=canvas.x_scale, axis=None), y=y, text="n:Q", color=canvas.color)
    ]
    if canvas.several:
        names = [{"curve": label, "row": position} for position, label in enumerate(canvas.labels)]
        place: dict[str, Any] = (
            {"align": "left", "dx": 12 - LEFT, "dy": -7} if above else {"align": "right", "dx": -18}
        )
        layers.append(
            inline(names)
            .mark_text(fontSize=canvas.sizes.small, **place)
            .encode(x=alt.value(0), y=y, text="curve:N", color=canvas.color)
        )
    title = alt.Title(
        AT_RISK,
        dx=-LEFT + 12,
        offset=4 if above else 0,
        fontSize=canvas.sizes.small,
        color=canvas.theme.muted,
    )
    return alt.layer(*layers).properties(
        width=canvas.width, height=(30 if above else 17) * count, title=title
    )


def _label_space(curves: Sequence[Curve], sizes: Layout) -> int:
    """Return the room left of the at-risk numbers for the names of several curves."""
    if len(curves) < 2 or sizes.compact:
        return 0
    longest = max(len(curve["label"]) for curve in curves)
    return max(0, round(longest * sizes.small * 0.56) + 22 - LEFT)


def _line_height(canvas: _Canvas) -> int:
    return canvas.sizes.small + 5


def _notes(canvas: _Canvas) -> list[alt.Chart]:
    """Write counts, median and probability of a single curve into the plot, where the curve does not run."""
    rows = [
        {"curve": curve["label"], "note": note, "y": position}
        for curve in canvas.curves
        for position, note in enumerate(curve["notes"])
    ]
    right = not _stays_high(canvas)
    top = 2 if right else canvas.height - _line_height(canvas) * len(rows)
    for row in rows:
        row["y"] = top + _line_height(canvas) * row["y"]
    return [
        inline(rows)
        .mark_text(align="right" if right else "left", baseline="top", fontSize=canvas.sizes.small)
        .encode(
            x=alt.value(canvas.width if right else 8),
            y=alt.Y("y:Q", scale=None, axis=None),
            text="note:N",
            color=canvas.color,
        )
    ]


def _legend(canvas: _Canvas) -> list[alt.Chart]:
    """Name several curves above the plot, each with a sample of its line and its median."""
    height = _line_height(canvas)
    rows = [
        {"curve": curve["label"], "note": curve["summary"], "y": height * (position - len(canvas.curves))}
        for position, curve in enumerate(canvas.curves)
    ]
    y = alt.Y("y:Q", scale=None, axis=None)
    samples = [{**row, "x": x} for row in rows for x in (0, 26)]
    return [
        inline(samples)
        .mark_line(strokeWidth=2, clip=False)
        .encode(x=alt.X("x:Q", scale=None, axis=None), y=y, color=canvas.color, strokeDash=canvas.dash),
        inline(rows)
        .mark_text(align="left", baseline="middle", fontSize=canvas.sizes.small)
        .encode(x=alt.value(33), y=y, text="note:N", color=canvas.color),
    ]


def _stays_high(canvas: _Canvas) -> bool:
    """Whether some curve is still high where the notes would stand, at the right."""
    from_here = canvas.figure.data["ticks"][-1] * 0.45
    return any(
        step["s"] > 0.7 for curve in canvas.curves for step in curve["steps"] if step["t"] >= from_here
    )


def _chart(curves: Sequence[Curve], rows_of: Any) -> alt.Chart:
    return inline([row for curve in curves for row in rows_of(curve)])


def _steps(curve: Curve) -> list[dict[str, Any]]:
    return [{"curve": curve["label"], "t": step["t"], "s": 100 * step["s"]} for step in curve["steps"]]


def _censored(curve: Curve) -> list[dict[str, Any]]:
    return [{"curve": curve["label"], "t": each["t"], "s": 100 * each["s"]} for each in curve["censored"]]


def _band(curve: Curve) -> list[dict[str, Any]]:
    """Return the confidence band from the first event on; it ends where S(t) is 0 and has no limits."""
    rows: list[dict[str, Any]] = []
    for step in curve["steps"]:
        if step["lower"] is not None:
            limits = {"lower": 100 * step["lower"], "upper": 100 * step["upper"]}
            rows.append({"curve": curve["label"], "t": step["t"], **limits})
        elif rows:
            rows.append({**rows[-1], "t": step["t"]})
    return rows


def _median(curve: Curve) -> list[dict[str, Any]]:
    median = curve["median"]
    if median is None:
        return []
    return [
        {"curve": curve["label"], "t": 0, "t2": median, "s": 50, "s2": 50},
        {"curve": curve["label"], "t": median, "t2": median, "s": 50, "s2": 0},
    ]
