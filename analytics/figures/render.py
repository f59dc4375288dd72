"""From a Vega-Lite specification to a picture: the only place where the renderer is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VEGA_LITE = "6.4"


def render_svg(spec: Mapping[str, Any]) -> str:
    """Draw a specification as SVG text, without a browser."""
    import vl_convert  # loads a JavaScript engine: only where pictures are made

    return str(vl_convert.vegalite_to_svg(dict(spec), vl_version=VEGA_LITE))


def render_png(spec: Mapping[str, Any], scale: float = 2.0) -> bytes:
    """Draw a specification as PNG; `scale` 1 is 72 pixels per inch of the figure's own size."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(dict(spec), vl_version=VEGA_LITE, scale=scale))
