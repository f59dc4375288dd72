"""The pooled report of one cohort: a pure function of a data cut."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from analytics.extraction.cohorts import Cohort
from analytics.extraction.cut import DataCut
from analytics.extraction.frames import build_frames
from analytics.sections.catalog import SECTIONS
from analytics.sections.result import ReportParameters, SectionResult
from analytics.statistics.result import JSON, jsonable
from registry.terminology.text import gettext_noop as _

EXPLORATORY = _("Exploratory: live data, not for inference")
LOCKED = _("Locked data")


@dataclass(frozen=True)
class Report:
    """All sections for one cohort of one data cut.

    Attributes
    ----------
    cohort, cohort_version, title, description
        The definition the report was computed for.
    n : int
        Patients analyzed.
    data_version : int
        Number of the last change the report contains.
    as_of, cutoff : date
        The day of the cut; the day after which events are ignored, if one is set.
    rule_version : str
        Version of the derivation rules.
    label : str
        What may be concluded: live data are exploratory.
    synthetic : bool
        Whether invented patients are among those it was computed from.
    """

    cohort: str
    cohort_version: int
    title: str
    description: str
    parameters: ReportParameters
    n: int
    data_version: int
    as_of: date
    cutoff: date | None
    rule_version: str
    label: str
    synthetic: bool
    sections: tuple[SectionResult, ...]

    def section(self, key: str) -> SectionResult:
        """Return one section; raises KeyError when there is none of that name."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def to_json(self) -> JSON:
        """Return the report as plain JSON values."""
        return jsonable(self)

    def to_text(self) -> str:
        """Return the report as JSON text, byte for byte the same for the same data cut."""
        return json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, allow_nan=False)


def build_report(cut: DataCut, cohort: Cohort, parameters: ReportParameters | None = None) -> Report:
    """Compute every section of the report for a cohort.

    Parameters
    ----------
    cut : DataCut
        One consistent read of the registry; the order of its cases does not matter.
    cohort : Cohort
    parameters : ReportParameters, optional

    Raises
    ------
    CohortMismatchError
        When the definition of the cohort and the derived flag disagree.
    """
    parameters = parameters or ReportParameters()
    frames = build_frames(cut, cohort)
    # A cut from elsewhere than the registry does not know of invented patients.
    synthetic = any(getattr(case, "synthetic", False) for case in cut.cases)
    return Report(
        cohort=cohort.name,
        cohort_version=cohort.version,
        title=cohort.title,
        description=cohort.description,
        parameters=parameters,
        n=frames.n,
        data_version=frames.data_version,
        as_of=frames.as_of,
        cutoff=frames.cutoff,
        rule_version=frames.rule_version,
        label=LOCKED if parameters.locked_data else EXPLORATORY,
        synthetic=synthetic,
        sections=tuple(_marked(section.build(frames, parameters), synthetic) for section in SECTIONS),
    )


def _marked(section: SectionResult, synthetic: bool) -> SectionResult:
    if not synthetic:
        return section
    return replace(section, figures=tuple(replace(figure, synthetic=True) for figure in section.figures))
