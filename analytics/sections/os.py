"""Overall survival."""

from __future__ import annotations

from analytics.extraction.frames import Frames
from analytics.sections.result import ReportParameters, SectionResult
from analytics.sections.time_to_event import EndpointText, section
from analytics.statistics.follow_up import follow_up
from analytics.statistics.kaplan_meier import kaplan_meier
from analytics.statistics.survival_quantile import survival_quantile
from analytics.tables.format import number
from registry.terminology.text import gettext_noop as _

KEY = "os"
TITLE = _("Overall survival")
TEXT = EndpointText(
    key=KEY,
    title=TITLE,
    paramcd="OS",
    short=_("OS"),
    definition=_(
        "From the first dose of IsaPd to death from any cause; patients alive are censored when last known "
        "alive."
    ),
)


def build(frames: Frames, parameters: ReportParameters) -> SectionResult:
    """Estimate overall survival of the cohort, and say when its median is not yet mature."""
    return section(TEXT, frames, parameters, _maturity(frames))


def _maturity(frames: Frames) -> tuple[str, ...]:
    endpoint = frames.endpoints["OS"]
    followed = follow_up(endpoint.durations, endpoint.events).median
    median = survival_quantile(kaplan_meier(endpoint.durations, endpoint.events)).value
    if median is None or followed is None or median <= followed:
        return ()
    return (
        _("The median lies beyond the median follow-up of {months} months: it is immature.").format(
            months=number(followed)
        ),
    )
