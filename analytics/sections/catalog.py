"""The sections of the report in their order: the one place where a new analysis is named."""

from __future__ import annotations

from typing import Protocol

from analytics.extraction.frames import Frames
from analytics.sections import flow, follow_up, os, pfs, prognosis, response, table1, timing
from analytics.sections.result import ReportParameters, SectionResult


class Section(Protocol):
    """What a section module offers."""

    KEY: str
    TITLE: str

    def build(self, frames: Frames, parameters: ReportParameters, /) -> SectionResult:
        """Compute the section: a pure function of its arguments."""
        ...


SECTIONS: tuple[Section, ...] = (flow, table1, response, follow_up, pfs, os, timing, prognosis)
