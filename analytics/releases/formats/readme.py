"""README: what the bundle is, what was done to the data, how to check that nothing changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import translation

from analytics.extraction.cohorts import COHORTS
from analytics.releases.content import Content
from analytics.releases.formats.analysis import COHORT_COLUMNS
from analytics.releases.pseudonyms import FARTHEST, NEAREST
from registry.terminology.text import gettext_noop as _

LABEL = _("README")


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `README.md`."""
    with translation.override("en"):
        text = render_to_string(
            "analytics/release/readme.md",
            {
                "release": content,
                "patients": len(content.members),
                "reports": content.reports,
                "cohorts": zip(COHORT_COLUMNS, COHORTS.values(), strict=True),
                "nearest": NEAREST,
                "farthest": FARTHEST,
            },
        )
    yield "README.md", text.encode()
