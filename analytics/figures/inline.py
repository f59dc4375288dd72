"""Charts that carry their rows with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

Layers = alt.LayerChart | alt.FacetChart


def inline(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    """Return a chart without marks over rows that are written into the specification."""
    return alt.Chart(data(rows))


def data(rows: Sequence[dict[str, Any]]) -> alt.Data:
    """Return rows as the data of a chart."""
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
