"""ADSL and ADTTE as CSV: derived on the true dates, then named and dated as the release does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.extraction import adsl, adtte
from analytics.extraction.cohorts import COHORTS
from analytics.extraction.column import Column
from analytics.extraction.cut import code
from analytics.releases.content import Content
from analytics.releases.csv_text import csv_bytes
from analytics.releases.pseudonyms import Pseudonym
from registry.terminology.text import gettext_noop as _

LABEL = _("ADSL and ADTTE")

# Which patients each report is about.
COHORT_COLUMNS = tuple(
    Column(f"COH{number:02d}FL", f"In cohort: {cohort.title}"[:40], "text", f"{cohort.flag} (D29)")
    for number, cohort in enumerate(COHORTS.values(), start=1)
)
ADSL = (*adsl.COLUMNS, *COHORT_COLUMNS)
ADTTE = adtte.COLUMNS

_FLAGS = {"YES": "Y", "NO": "N"}


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Yield `data/adsl.csv` and `data/adtte.csv`."""
    cases = [member.case for member in content.members]
    names = {str(member.case.case_id): member.pseudonym for member in content.members}
    subjects = adsl.adsl(cases)
    for column, cohort in zip(COHORT_COLUMNS, COHORTS.values(), strict=True):
        subjects[column.name] = [_FLAGS.get(value := code(case, cohort.flag), value) for case in cases]
    yield "data/adsl.csv", _csv(subjects, ADSL, names)
    yield "data/adtte.csv", _csv(adtte.adtte(cases), ADTTE, names)


def _csv(frame: pd.DataFrame, columns: Sequence[Column], names: Mapping[str, Pseudonym]) -> bytes:
    rows = (
        [_cell(column, value, names[record[0]]) for column, value in zip(columns, record, strict=True)]
        for record in frame[[column.name for column in columns]].itertuples(index=False, name=None)
    )
    return csv_bytes([column.name for column in columns], rows)


def _cell(column: Column, value: Any, who: Pseudonym) -> str:
    if column.name == "USUBJID":
        return who.code
    if column.name == "SITEID":
        return who.center
    if pd.isna(value):
        return ""
    if column.kind == "date":
        return who.date(value.date()).isoformat()
    if column.kind == "number":
        return repr(int(value)) if value == int(value) else repr(float(value))
    return str(value)
