"""ADRS: responses per visit as the investigator recorded them, and the best response of each patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from analytics.extraction.column import Column, frame
from analytics.extraction.cut import NOT_EVALUABLE, Case, code, reason
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

COLUMNS = (
    Column("USUBJID", "Unique subject identifier", "text", "case id"),
    Column("PARAMCD", "Parameter code", "text", "OVRLRESP, BOR, BORU, BORC, RSP"),
    Column("PARAM", "Parameter", "text", "D19, D20"),
    Column("ADT", "Date of assessment", "date", "response.resp_date"),
    Column("AVISITN", "Assessment number", "integer", "order of resp_date"),
    Column("AVALC", "Response", "text", "resp_investigator, bor, responder"),
    Column("AVAL", "Depth of response, PD 0 to sCR 6", "number", "AVALC"),
    Column("NEREASN", "Why not evaluable", "text", "reason of the derivation"),
)

_SUMMARIES = (
    ("BOR", _("Best overall response, as the parameters choose"), "bor"),
    ("BORU", _("Best overall response, unconfirmed"), "bor_unconfirmed"),
    ("BORC", _("Best overall response, confirmed"), "bor_confirmed"),
    ("RSP", _("Responder: partial response or better"), "responder"),
)


def adrs(cases: Sequence[Case]) -> pd.DataFrame:
    """Build ADRS, columns as `COLUMNS` documents them; "NE" is a row like any other."""
    return frame(COLUMNS, [row for case in cases for row in (*_visits(case), *_summaries(case))])


def _visits(case: Case) -> Iterator[dict[str, Any]]:
    visits: list[tuple[date, str]] = []
    for row in case.facts.rows("response"):
        assessed = row.known("resp_date")
        if assessed is not None:
            visits.append((assessed, row.known("resp_investigator") or NOT_EVALUABLE))
    for number, (assessed, response) in enumerate(sorted(visits), start=1):
        yield _row(case, "OVRLRESP", _("Investigator's response"), response, assessed, number, "")


def _summaries(case: Case) -> Iterator[dict[str, Any]]:
    for paramcd, param, name in _SUMMARIES:
        yield _row(case, paramcd, param, code(case, name), None, None, reason(case, name) or "")


def _row(
    case: Case, paramcd: str, param: str, value: str, assessed: date | None, number: int | None, why: str
) -> dict[str, Any]:
    is_depth = value in Response.__members__ and value != Response.NE
    return {
        "USUBJID": str(case.case_id),
        "PARAMCD": paramcd,
        "PARAM": param,
        "ADT": pd.Timestamp(assessed) if assessed else pd.NaT,
        "AVISITN": pd.NA if number is None else number,
        "AVALC": value,
        "AVAL": float(Response(value).depth) if is_depth else float("nan"),
        "NEREASN": why,
    }
