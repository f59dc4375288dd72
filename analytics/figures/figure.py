"""A figure as data: what is drawn, what its caption and its text alternative say.

Numbers and drawing are apart: a section returns this, `charts.spec` makes the Vega-Lite specification of it,
`render.render_svg` the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.statistics.result import JSON, jsonable


@dataclass(frozen=True)
class Figure:
    """A figure with everything its reader must know.

    Attributes
    ----------
    key : str
        Unique within its section.
    kind : str
        Which builder draws it: "kaplan_meier", "forest", or "flow" (boxes, set as HTML).
    alt : str
        One or two sentences with the numbers, for those who cannot see the figure.
    n, events, method, data_version
        As in a table.
    data : mapping
        What is drawn, as plain JSON values.
    synthetic : bool
        Whether invented patients are in it; the picture then says so wherever it is taken.
    """

    key: str
    kind: str
    title: str
    alt: str
    n: int
    events: int | None
    method: str
    data_version: int
    data: Mapping[str, Any]
    synthetic: bool = False

    def to_json(self) -> JSON:
        """Return the figure as plain JSON values."""
        return jsonable(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Figure:
        """Read a figure back from a stored report."""
        return cls(**stored)
