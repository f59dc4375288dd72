"""Colors, dashes and type of all figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Okabe and Ito's palette, told apart by people who see no red or no green; ordered for contrast with the
# ground, and light enough on a dark one.
ON_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
ON_DARK = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#D55E00")
# Curves stay apart without any color.
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4])
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

# Below this width a figure is laid out for a phone.
COMPACT_BELOW = 480


@dataclass(frozen=True)
class Theme:
    """Ink for text and axes, a muted tone for what is secondary, curves, the ground."""

    ink: str
    muted: str
    rule: str
    palette: tuple[str, ...]
    background: str


LIGHT = Theme(ink="#1c1f23", muted="#5a6370", rule="#9aa3ad", palette=ON_LIGHT, background="transparent")
DARK = Theme(ink="#e6e9ed", muted="#a3adb8", rule="#6b7580", palette=ON_DARK, background="transparent")
PRINT = Theme(ink="#000000", muted="#444444", rule="#888888", palette=ON_LIGHT, background="#ffffff")
THEMES = {"light": LIGHT, "dark": DARK, "print": PRINT}


@dataclass(frozen=True)
class Layout:
    """How wide a figure is and how large its letters are."""

    width: int
    compact: bool
    text: int
    small: int


def layout(width: int) -> Layout:
    """Return sizes for a figure `width` pixels wide."""
    compact = width < COMPACT_BELOW
    return Layout(width, compact, 11 if compact else 13, 10 if compact else 12)


def config(theme: Theme, sizes: Layout) -> dict[str, Any]:
    """Return the Vega-Lite configuration shared by all figures."""
    return {
        "font": FONT,
        "background": theme.background,
        "view": {"stroke": None},
        "axis": {
            "domainColor": theme.ink,
            "tickColor": theme.ink,
            "labelColor": theme.ink,
            "titleColor": theme.ink,
            "labelFontSize": sizes.small,
            "titleFontSize": sizes.text,
            "titleFontWeight": "normal",
            "grid": False,
            "tickSize": 4,
        },
        "title": {
            "color": theme.ink,
            "fontSize": sizes.text,
            "fontWeight": "normal",
            "anchor": "start",
        },
        "text": {"color": theme.ink, "fontSize": sizes.small, "font": FONT},
    }
