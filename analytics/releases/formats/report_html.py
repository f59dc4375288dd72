"""The reports as HTML, each in one file that needs nothing else: style and figures are inside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from analytics.releases.content import Content
from analytics.reports.drawings import draw
from analytics.reports.layout import headlines, sections_of
from registry.terminology.text import gettext_noop as _

LABEL = _("Reports as HTML")


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `report/<cohort>.html`, in English whoever builds it."""
    for report in content.reports:
        named, drawings = draw(report)

        def inline(_key: str, drawn: Any, drawings: dict[str, str] = drawings) -> dict[str, Any]:
            return {"wide": drawn["wide"] | {"inside": _data_address(drawings[drawn["wide"]["digest"]])}}

        stored: Any = report.to_json()
        with translation.override("en"):
            page = render_to_string(
                "analytics/release/report.html",
                {
                    "release": content,
                    "report": stored,
                    "headlines": headlines(stored),
                    "sections": sections_of(stored, named, inline),
                },
            )
        yield f"report/{report.cohort}.html", page.encode()


def _data_address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
