"""The specification of any figure, by its kind."""

from __future__ import annotations

from typing import Any

from analytics.figures.figure import Figure
from analytics.figures.theme import LIGHT, Theme
from registry.terminology.text import gettext_noop as _

SYNTHETIC = _("Synthetic demonstration data: none of these patients exists")
WIDE = 720
NARROW = 350


def spec(figure: Figure, width: int = WIDE, theme: Theme = LIGHT) -> dict[str, Any]:
    """Return the Vega-Lite specification of a figure.

    Parameters
    ----------
    figure : Figure
    width : int
        In pixels; `WIDE` for a page, `NARROW` for a phone of 390 pixels.
    theme : Theme

    Raises
    ------
    KeyError
        For a kind that is not drawn ("flow" is set as HTML).
    """
    from altair.utils.schemapi import debug_mode  # Altair is slow to import: only where specs are made

    from analytics.figures import forest, kaplan_meier

    builders = {"kaplan_meier": kaplan_meier.spec, "forest": forest.spec}
    # Holding every piece against the schema takes half the time of a figure; the tests do, for all of them.
    with debug_mode(False):  # noqa: FBT003 (Altair's own signature)
        built = builders[figure.kind](figure, width, theme)
    if figure.synthetic:
        built["title"] = {
            "text": SYNTHETIC,
            "anchor": "start",
            "color": theme.muted,
            "fontSize": 12,
            "fontWeight": "normal",
        }
    return built


def is_drawn(figure: Figure) -> bool:
    """Whether a figure has a picture; the others are set as HTML from their data."""
    return figure.kind != "flow"
