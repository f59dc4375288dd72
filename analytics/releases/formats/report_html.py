"""The reports as HTML, each in one file that needs nothing else: style and figures are inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from analytics.releases.content import Content
from analytics.reports.layout import headlines, sections_of
from analytics.reports.drawings import draw
from registry.terminology.text import gettext_noop as _

LABEL = _("Reports as HTML")

# The XML declaration and document type belong to a file of its own, not into a page.
_PROLOG = re.compile(r"\A(?:\s*<\?xml[^>]*\?>|\s*<!DOCTYPE[^>]*>)*\s*")


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `report/<cohort>.html`, in English whoever builds it."""
    for report in content.reports:
        named, drawings = draw(report)

        def inline(_key: str, drawn: Any, drawings: dict[str, str] = drawings) -> str:
            # vl-convert wrote it, from numbers and our own labels.
            return mark_safe(_PROLOG.sub("", drawings[drawn["wide"]["digest"]]))  # noqa: S308

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
