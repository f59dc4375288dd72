"""What a section of the report returns, and what it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.figures.figure import Figure
from analytics.statistics.result import JSON, jsonable
from analytics.tables.table import Table


@dataclass(frozen=True)
class ReportParameters:
    """What a report can be asked to do differently.

    Attributes
    ----------
    conf_level : float
        Level of every confidence interval.
    horizon_months : float
        Time at which survival probabilities are given.
    quantile_type : int
        7 (R) or 6 (SPSS) for medians and quartiles of Table 1.
    locked_data : bool
        Whether the cut is a locked release; live results are exploratory.
    """

    conf_level: float = 0.95
    horizon_months: float = 12.0
    quantile_type: int = 7
    locked_data: bool = False

    def to_json(self) -> JSON:
        """Return the parameters as plain JSON values."""
        return jsonable(self)


@dataclass(frozen=True)
class SectionResult:
    """One section of the report.

    Attributes
    ----------
    numbers : mapping
        Every number of the section, unrounded, by name.
    footnotes : tuple of str
        Definitions, methods and reservations, each a sentence.
    """

    key: str
    title: str
    numbers: Mapping[str, Any]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    footnotes: tuple[str, ...]

    def to_json(self) -> JSON:
        """Return the section as plain JSON values, always the same for the same input."""
        return jsonable(self)
