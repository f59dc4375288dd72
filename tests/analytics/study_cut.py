"""A data cut of the 51 synthetic patients, as the registry would hand it over, without a database."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pandas as pd

from registry.dictionary.facts import Facts

DATA = Path(__file__).parent / "data" / "study_cohort.csv"
MONTH_DAYS = 30.4375

REGIMENS = {
    "D": "DARA",
    "DRd": "DARA-LEN-DEX",
    "DVd": "DARA-BOR-DEX",
    "DVMP": "DARA-BOR-MEL-DEX",
    "DVTd": "DARA-BOR-THAL-DEX",
    "DVCd": "DARA-BOR-CYC-DEX",
    "DVRd": "DARA-BOR-LEN-DEX",
}


@dataclass(frozen=True)
class Value:
    value: Any
    status: str = "OK"
    reason: str | None = None


NE = Value(None, "NE", "not entered")


@dataclass(frozen=True)
class Case:
    case_id: UUID
    center_code: str
    facts: Facts
    derived: Mapping[str, Value]

    def but(self, **derived: Any) -> Case:
        """The same case with other derived values; None stands for not evaluable."""
        changed = {name: NE if value is None else Value(value) for name, value in derived.items()}
        return replace(self, derived={**self.derived, **changed})


@dataclass(frozen=True)
class Cut:
    cases: tuple[Case, ...]
    data_version: int = 4711
    as_of: date = date(2026, 11, 22)
    cutoff: date | None = None
    rule_version: str = "1"


def study_table() -> pd.DataFrame:
    return pd.read_csv(DATA, comment="#", keep_default_na=False)


def study_cut() -> Cut:
    return Cut(tuple(_case(row) for row in study_table().to_dict("records")))


def yes(condition: Any) -> str:
    return "YES" if condition else "NO"


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _case(row: dict[str, Any]) -> Case:
    number = int(row["pid"][3:])
    start = date(2021, 1, 10) + timedelta(days=23 * number)
    last_dara = add_months(start, -row["dara_to_isapd_months"])
    interval_days = (start - last_dara).days
    derived: dict[str, Any] = {
        **{f"elig_e{step}": "YES" for step in range(1, 8)},
        "cohort_paper": "YES",
        "cohort_dara_r": "YES",
        "index_start_date": start.isoformat(),
        "age_at_start": row["age"],
        "age_group": "≥70" if row["age"] >= 70 else "<70",
        "isotype_group": {"LC": "Light chain only"}.get(row["isotype"], row["isotype"]),
        "crcl_cg": float(row["crcl"]),
        "crcl_group": "≥60" if row["crcl"] >= 60 else "<60",
        "iss": row["iss"],
        "hb_lt_11_8": yes(row["hb"] < 11.8),
        "hb_lt_11_0": yes(row["hb"] < 11.0),
        "ldh_status": "HIGH" if row["ldh_elevated"] else "NORMAL",
        "n_prior_lines": row["n_prior_lines"],
        "prior_lines_group": str(row["n_prior_lines"]) if row["n_prior_lines"] < 4 else "≥4",
        "prior_asct": yes(row["asct"]),
        "dara_refractory": yes(row["dara_ref"]),
        "dara_isapd_interval_months": interval_days / MONTH_DAYS,
        "dara_int_ge6": yes(add_months(last_dara, 6) <= start),
        "dara_int_ge12": yes(add_months(last_dara, 12) <= start),
        "dara_last_therapy": yes(row["dara_last"]),
        "lines_between_dara_isapd": row["lines_between"],
        "dara_cycles": row["dara_cycles"],
        "dara_regimen": REGIMENS[row["dara_regimen"]],
        "len_refractory": yes(row["len_ref"]),
        "pi_refractory": yes(row["pi_ref"]),
        "tcr": yes(row["pi_ref"]),
        "disease_status": row["disease_status"].upper(),
        "cyto_risk": None if row["cyto"] == "NA" else row["cyto"].upper(),
        "bor": row["best_response"].upper(),
        "bor_unconfirmed": row["best_response"].upper(),
        "bor_confirmed": None,
        "responder": yes(row["best_response"] in ("sCR", "CR", "VGPR", "PR")),
        "pfs_days": row["pfs_days"],
        "pfs_event": row["pfs_event"],
        "pfs_type": "PD" if row["pfs_days"] < row["os_days"] else "DEATH",
        "os_days": row["os_days"],
        "os_event": row["os_event"],
        "ttnt_days": row["ttnt_days"],
        "ttnt_status": row["ttnt_event"],
    }
    facts = Facts.from_json(
        {
            "patient_code": row["pid"],
            "demographics": {"sex": row["sex"]},
            "baseline": {"hb": {"value": str(row["hb"]), "unit": "g/dL"}},
            "response": [
                {"resp_date": "2024-03-01", "resp_investigator": "PR"},
                {"resp_date": "2024-02-01", "resp_investigator": "SD"},
                {"resp_investigator": "PR"},  # entered without its date so far
            ],
        }
    )
    case = Case(uuid5(NAMESPACE_OID, row["pid"]), f"IT{number % 26:03d}", facts, {})
    return case.but(**derived)
