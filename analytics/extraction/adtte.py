"""ADTTE: one row per patient and time-to-event endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.extraction.column import Column, frame
from analytics.extraction.cut import Case, day, derived, reason
from analytics.extraction.months import MONTH_DAYS, months
from registry.terminology.text import gettext_noop as _

COLUMNS = (
    Column("USUBJID", "Unique subject identifier", "text", "case id"),
    Column("PARAMCD", "Endpoint code", "text", "PFS, OS, TTNT"),
    Column("PARAM", "Endpoint", "text", "D22-D24"),
    Column("STARTDT", "Origin", "date", "index_start_date"),
    Column("ADT", "Date of event or censoring", "date", "origin plus days"),
    Column("AVAL", "Days from origin", "number", "os_days, pfs_days, ttnt_days"),
    Column("AVALM", "Months from origin (30.4375 days)", "number", "AVAL"),
    Column("CNSR", "0 event, 1 censored, 2 competing event", "integer", "os_event, pfs_event, ttnt_status"),
    Column("EVNTDESC", "What happened", "text", "pfs_type and the status"),
    Column("ANL01FL", "Evaluable (Y), not evaluable (NE)", "text", "status of the derivation"),
    Column("NEREASN", "Why not evaluable", "text", "reason of the derivation"),
)

# In days. Survival software needs positive times; an event on day 0 stays 0 in the frame (specification D01).
SMALLEST_DURATION = 0.5

EVENT, CENSORED, COMPETING = 0, 1, 2


@dataclass(frozen=True)
class Endpoint:
    """One time-to-event endpoint, ready for the statistics.

    Attributes
    ----------
    paramcd : str
    subjects : tuple of str
        USUBJID of the evaluable patients, in the order of the arrays.
    durations : ndarray of float
        Months from the start of IsaPd, of at least half a day.
    events : ndarray of bool
    not_evaluable : int
        Patients of the cohort without a usable time; counted, not dropped in silence.
    """

    paramcd: str
    subjects: tuple[str, ...]
    durations: npt.NDArray[np.float64]
    events: npt.NDArray[np.bool_]
    not_evaluable: int


@dataclass(frozen=True)
class _Source:
    paramcd: str
    param: str
    days: str
    status: str
    # The registry's status code → CNSR
    cnsr: dict[int, int]


_SOURCES = (
    _Source("PFS", _("Progression-free survival"), "pfs_days", "pfs_event", {1: EVENT, 0: CENSORED}),
    _Source("OS", _("Overall survival"), "os_days", "os_event", {1: EVENT, 0: CENSORED}),
    _Source(
        "TTNT",
        _("Time to next treatment"),
        "ttnt_days",
        "ttnt_status",
        {1: EVENT, 0: CENSORED, 2: COMPETING},
    ),
)


def adtte(cases: Sequence[Case]) -> pd.DataFrame:
    """Build ADTTE: for each case the rows PFS, OS and TTNT, columns as `COLUMNS` documents them."""
    return frame(COLUMNS, [_row(case, source) for case in cases for source in _SOURCES])


def endpoint(frame: pd.DataFrame, paramcd: str) -> Endpoint:
    """Take one endpoint out of ADTTE as arrays; a competing event counts as no event here."""
    rows = frame[frame["PARAMCD"] == paramcd]
    evaluable = rows[rows["ANL01FL"] == "Y"]
    return Endpoint(
        paramcd=paramcd,
        subjects=tuple(evaluable["USUBJID"]),
        durations=np.maximum(evaluable["AVAL"].to_numpy(dtype=np.float64), SMALLEST_DURATION) / MONTH_DAYS,
        events=evaluable["CNSR"].to_numpy(dtype=np.int64) == EVENT,
        not_evaluable=len(rows) - len(evaluable),
    )


def _row(case: Case, source: _Source) -> dict[str, Any]:
    start = day(case, "index_start_date")
    days, status = derived(case, source.days), derived(case, source.status)
    evaluable = days is not None and status is not None
    cnsr = source.cnsr[int(status)] if evaluable else None
    return {
        "USUBJID": str(case.case_id),
        "PARAMCD": source.paramcd,
        "PARAM": source.param,
        "STARTDT": pd.Timestamp(start) if start else pd.NaT,
        "ADT": pd.Timestamp(start + timedelta(days=int(days))) if evaluable and start else pd.NaT,
        "AVAL": float(days) if evaluable else float("nan"),
        "AVALM": months(float(days)) if evaluable else float("nan"),
        "CNSR": pd.NA if cnsr is None else cnsr,
        "EVNTDESC": _description(case, source, cnsr),
        "ANL01FL": "Y" if evaluable else "NE",
        "NEREASN": "" if evaluable else reason(case, source.days) or reason(case, source.status) or "",
    }


def _description(case: Case, source: _Source, cnsr: int | None) -> str:
    if cnsr is None:
        return "NE"
    if cnsr == CENSORED:
        return _("Censored at last follow-up")
    if cnsr == COMPETING or source.paramcd == "OS":
        return _("Death")
    if source.paramcd == "TTNT":
        return _("Next therapy")
    return _("Progression") if derived(case, "pfs_type") == "PD" else _("Death")
