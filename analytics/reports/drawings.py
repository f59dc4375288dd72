"""The drawings of a report: each figure for a page and for a phone; dark is the same in other ink."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analytics.figures.charts import NARROW, WIDE, is_drawn, spec
from analytics.figures.figure import Figure
from analytics.figures.render import render_svg
from analytics.figures.theme import LIGHT
from analytics.reports.pipeline import Report
from analytics.reports.snapshot import digest

WIDTHS = {"wide": WIDE, "narrow": NARROW}

_ROOT = re.compile(r"<svg\b[^>]*>")
_LENGTH = re.compile(r'\b(width|height)="([0-9.]+)(?:px)?"')

# Figure key → "wide" and "narrow" → digest, width and height; and "shows", a digest of what is drawn.
Named = dict[str, dict[str, Any]]


def draw(report: Report, known: Named | None = None) -> tuple[Named, dict[str, str]]:
    """Draw all figures of a report.

    Parameters
    ----------
    known : figures drawn before by the same code; one that shows the same is not drawn again.

    Returns
    -------
    (figure key → layout → digest and size, digest → SVG)
    """
    named: Named = {}
    drawings: dict[str, str] = {}
    for section in report.sections:
        for figure in filter(is_drawn, section.figures):
            key, shows = figure_key(section.key, figure.key), _shows(figure)
            if known and known.get(key, {}).get("shows") == shows:
                named[key] = known[key]
                continue
            named[key] = {"shows": shows}
            for layout, width in WIDTHS.items():
                svg = render_svg(spec(figure, width, LIGHT))
                drawings[digest(svg)] = svg
                named[key][layout] = {"digest": digest(svg)} | size(svg)
    return named, drawings


def _shows(figure: Figure) -> str:
    """Digest of what a picture shows: everything but the data version, which stands in the caption."""
    return digest(json.dumps(replace(figure, data_version=0).to_json(), sort_keys=True))


def figure_key(section: str, figure: str) -> str:
    """The name of a figure within a report, also in its address."""
    return f"{section}-{figure}"


def size(svg: str) -> Mapping[str, int]:
    """Width and height in CSS pixels, as the root element states them: a page keeps their place.

    Raises
    ------
    ValueError
        When it states none.
    """
    root = _ROOT.search(svg)
    stated = dict(_LENGTH.findall(root.group())) if root else {}
    if stated.keys() != {"width", "height"}:
        raise ValueError("the drawing states no size")
    return {name: round(float(length)) for name, length in stated.items()}
