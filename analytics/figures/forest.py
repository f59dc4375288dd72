"""Drawing hazard ratios as a forest plot: a table with the intervals in its middle, on a log axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from analytics.figures.figure import Figure
from analytics.figures.inline import Layers, data, inline
from analytics.figures.theme import Layout, Theme, config, layout
from registry.terminology.text import gettext_noop as _

# Ticks of the axis, which ends at the first and the last; the narrowest that shows all ratios is taken.
AXES = (
    (0.2, 0.5, 1.0, 2.0, 5.0),
    (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    (0.05, 0.2, 1.0, 5.0, 20.0),
    (0.02, 0.1, 1.0, 10.0, 50.0),
    (0.01, 0.1, 1.0, 10.0, 100.0),
)
Ticks = tuple[float, ...]
Align = Literal["left", "right"]
Weight = Literal["normal", "bold"]


@dataclass(frozen=True)
class Place:
    """Where a column of text stands, in pixels from the left edge of the plot."""

    x: int
    align: Align
    field: str
    title: str
    weight: Weight = "normal"


def spec(figure: Figure, width: int, theme: Theme) -> dict[str, Any]:
    """Return the Vega-Lite specification of a forest plot.

    Parameters
    ----------
    figure : Figure
        Its data hold one row per comparison with its texts, hazard ratio and limits.
    width : int
        Total width in pixels, about; below 480 each comparison takes three lines.
    theme : Theme
    """
    sizes = layout(width)
    rows: Sequence[Mapping[str, Any]] = figure.data["comparisons"]
    ticks = _ticks(rows)
    built: dict[str, Any] = (
        (_compact if sizes.compact else _wide)(figure, rows, ticks, width, sizes, theme)
        .properties(description=figure.alt)
        .configure(**config(theme, sizes))
        .to_dict(validate=False)
    )
    return built


def _wide(
    figure: Figure,
    rows: Sequence[Mapping[str, Any]],
    ticks: Ticks,
    width: int,
    sizes: Layout,
    theme: Theme,
) -> Layers:
    left, right, step = 402, 152, 20
    inner = max(120, width - left - right - 12)
    columns = (
        Place(-left, "left", "factor", _("Factor"), "bold"),
        Place(-left + 146, "left", "comparison", ""),
        Place(-14, "right", "counts", _("Events/n")),
        Place(inner + 104, "right", "ratio", figure.data["ratio_title"]),
        Place(inner + right - 4, "right", "p", _("p")),
    )
    y = _row_axis(len(rows))
    texts = [
        inline(_numbered(rows))
        .mark_text(align=place.align, fontSize=sizes.small, fontWeight=place.weight, clip=False)
        .encode(x=alt.value(place.x), y=y, text=f"{place.field}:N")
        for place in columns
    ]
    header = [
        inline([{"text": place.title}])
        .mark_text(align=place.align, fontSize=sizes.small, color=theme.muted)
        .encode(x=alt.value(place.x), y=alt.value(-12), text="text:N")
        for place in columns
        if place.title
    ]
    marks = [_reference(theme, ticks, figure), *_marks(figure, rows, ticks, y, 0, theme)]
    return alt.layer(*marks, *texts, *header).properties(width=inner, height=step * len(rows))


def _compact(
    figure: Figure,
    rows: Sequence[Mapping[str, Any]],
    ticks: Ticks,
    width: int,
    sizes: Layout,
    theme: Theme,
) -> Layers:
    step, inner = 48, width - 24
    y = _row_axis(len(rows))
    lines = inline(
        [
            {
                **row,
                "name": f"{row['name']}, {row['comparison']}",
                "counts": _("events/n {counts} · p {p}").format(counts=row["counts"], p=row["p"]),
            }
            for row in _numbered(rows)
        ]
    )

    def text(field: str, x: int, align: Align, dy: int, weight: Weight, color: str) -> alt.Chart:
        marks = lines.mark_text(align=align, dy=dy, fontSize=sizes.small, fontWeight=weight, color=color)
        encoded: alt.Chart = marks.encode(x=alt.value(x), y=y, text=f"{field}:N")
        return encoded

    texts = [
        text("name", 0, "left", -18, "bold", theme.ink),
        text("counts", 0, "left", -4, "normal", theme.muted),
        text("ratio", inner, "right", -4, "normal", theme.ink),
    ]
    reference = _reference(theme, ticks, figure).encode(
        y=alt.Y("top:Q", axis=None, scale=_row_scale(len(rows))), y2="bottom:Q"
    )
    reference.data = data(
        [{"value": 1.0, "top": row + 0.08, "bottom": row + 0.42} for row in range(len(rows))]
    )
    marks = [reference, *_marks(figure, rows, ticks, y, 12, theme)]
    return alt.layer(*marks, *texts).properties(width=inner, height=step * len(rows))


def _reference(theme: Theme, ticks: Ticks, figure: Figure) -> alt.Chart:
    """Return the line of no difference."""
    line = inline([{"value": 1.0}]).mark_rule(color=theme.rule, strokeWidth=1)
    encoded: alt.Chart = line.encode(x=_x(ticks, figure))
    return encoded


def _x(ticks: Ticks, figure: Figure) -> alt.X:
    axis = alt.Axis(
        title=figure.data["x_title"], values=list(ticks), format="~g", titlePadding=6, labelFlush=False
    )
    return alt.X("value:Q", scale=alt.Scale(type="log", domain=[ticks[0], ticks[-1]], nice=False), axis=axis)


def _marks(
    figure: Figure, rows: Sequence[Mapping[str, Any]], ticks: Ticks, y: alt.Y, dy: int, theme: Theme
) -> list[alt.Chart]:
    """Return intervals, squares sized by precision, arrows where a limit leaves the axis."""
    low, high = ticks[0], ticks[-1]
    x = _x(ticks, figure)
    estimated = [row for row in _numbered(rows) if row["hazard_ratio"] is not None]
    intervals = [
        {"row": row["row"], "value": max(low, row["lower"]), "upper": min(high, row["upper"])}
        for row in estimated
        if row["lower"] < high and row["upper"] > low
    ]
    points = [
        {"row": row["row"], "value": row["hazard_ratio"], "precision": 1 / row["std_err"] ** 2}
        for row in estimated
        if low <= row["hazard_ratio"] <= high
    ]
    color = theme.palette[0]
    # The ratio of a continuous factor is per unit: its precision is not that of a comparison of groups.
    precisions = [1 / row["std_err"] ** 2 for row in estimated if not row["continuous"]] or [1.0]
    size = alt.Scale(type="linear", domain=[0, max(precisions)], range=[16, 110], clamp=True)
    layers = [
        inline(intervals).mark_rule(color=color, strokeWidth=1.6, yOffset=dy).encode(x=x, x2="upper:Q", y=y),
        inline(points)
        .mark_point(shape="square", filled=True, opacity=1, color=color, yOffset=dy)
        .encode(
            x=x,
            y=y,
            size=alt.Size("precision:Q", legend=None, scale=size),
        ),
    ]
    for shape, at, clipped in (
        ("triangle-left", low, [row for row in estimated if row["lower"] < low]),
        ("triangle-right", high, [row for row in estimated if row["upper"] > high]),
    ):
        arrows = [{"row": row["row"], "value": at} for row in clipped]
        layers.append(
            inline(arrows)
            .mark_point(shape=shape, filled=True, opacity=1, size=44, color=color, yOffset=dy)
            .encode(x=x, y=y)
        )
    return layers


def _row_axis(count: int) -> alt.Y:
    return alt.Y("row:Q", axis=None, scale=_row_scale(count))


def _row_scale(count: int) -> alt.Scale:
    return alt.Scale(domain=[-0.5, count - 0.5], reverse=True, nice=False)


def _numbered(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with their position; a factor's name is written once."""
    numbered = []
    for position, row in enumerate(rows):
        repeated = position > 0 and rows[position - 1]["name"] == row["name"]
        numbered.append({**row, "row": position, "factor": "" if repeated else row["name"]})
    return numbered


def _ticks(rows: Sequence[Mapping[str, Any]]) -> Ticks:
    """Return the smallest axis that shows every hazard ratio with room for an arrow beside it."""
    ratios = [row["hazard_ratio"] for row in rows if row["hazard_ratio"] is not None]
    for ticks in AXES:
        if all(1.25 * ticks[0] <= ratio <= ticks[-1] / 1.25 for ratio in ratios):
            return ticks
    return AXES[-1]
