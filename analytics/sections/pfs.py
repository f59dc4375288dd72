"""Progression-free survival."""

from __future__ import annotations

from analytics.extraction.frames import Frames
from analytics.sections.result import ReportParameters, SectionResult
from analytics.sections.time_to_event import EndpointText, section
from registry.terminology.text import gettext_noop as _

KEY = "pfs"
TITLE = _("Progression-free survival")
TEXT = EndpointText(
    key=KEY,
    title=TITLE,
    paramcd="PFS",
    short=_("PFS"),
    definition=_(
        "From the first dose of IsaPd to progression or death from any cause, whichever came first; patients "
        "with neither are censored at their last follow-up. A new therapy does not censor."
    ),
)


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Estimate progression-free survival of the cohort."""
    return section(TEXT, frames, parameters)
