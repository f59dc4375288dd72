"""Everything a report section reads about one cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from analytics.extraction.adrs import adrs
from analytics.extraction.adsl import adsl
from analytics.extraction.adtte import Endpoint, adtte, endpoint
from analytics.extraction.attrition import Flow, select
from analytics.extraction.cohorts import Cohort
from analytics.extraction.cut import DataCut


@dataclass(frozen=True)
class Frames:
    """One cohort of one data cut.

    Attributes
    ----------
    cohort : Cohort
    data_version : int
    as_of : date
        The day the cut was made for.
    cutoff : date or None
        Events after it are ignored; None for live data.
    rule_version : str
        Version of the derivation rules.
    flow : Flow
    adsl, adtte, adrs : DataFrame
        Rows ordered by case id, so that the order of the cut changes nothing.
    endpoints : mapping of PARAMCD → Endpoint
    """

    cohort: Cohort
    data_version: int
    as_of: date
    cutoff: date | None
    rule_version: str
    flow: Flow
    adsl: pd.DataFrame
    adtte: pd.DataFrame
    adrs: pd.DataFrame
    endpoints: Mapping[str, Endpoint]

    @property
    def n(self) -> int:
        """Patients in the cohort."""
        return len(self.adsl)


def build_frames(cut: DataCut, cohort: Cohort) -> Frames:
    """Select a cohort from a data cut and lay out its analysis frames."""
    cases, flow = select(cut.cases, cohort)
    times = adtte(cases)
    as_of = cut.as_of.date() if isinstance(cut.as_of, datetime) else cut.as_of
    return Frames(
        cohort=cohort,
        data_version=cut.data_version,
        as_of=as_of,
        cutoff=cut.cutoff,
        rule_version=cut.rule_version,
        flow=flow,
        adsl=adsl(cases),
        adtte=times,
        adrs=adrs(cases),
        endpoints={paramcd: endpoint(times, paramcd) for paramcd in ("PFS", "OS", "TTNT")},
    )
