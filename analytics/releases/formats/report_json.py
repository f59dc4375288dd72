"""The reports as JSON: every number unrounded."""

from __future__ import annotations

import json
from collections.abc import Iterator

from analytics.releases.content import Content
from registry.terminology.text import gettext_noop as _

LABEL = _("Reports as JSON")


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `report/<cohort>.json`."""
    for report in content.reports:
        locked = {
            "status": "locked data",
            "release": content.number,
            "code_version": content.code_version,
            "report": report.to_json(),
        }
        text = json.dumps(locked, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
        yield f"report/{report.cohort}.json", (text + "\n").encode()
