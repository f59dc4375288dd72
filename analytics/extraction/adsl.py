"""ADSL: one row per patient with the baseline values and groups of the study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.extraction.column import Column, frame
from analytics.extraction.cut import NOT_EVALUABLE, Case, code, day, derived

COLUMNS = (
    Column("USUBJID", "Unique subject identifier", "text", "case id"),
    Column("SITEID", "Center", "text", "center code"),
    Column("TRTSDT", "First dose of IsaPd", "date", "index_start_date"),
    Column("AGE", "Age at IsaPd start (years)", "number", "age_at_start (D02)"),
    Column("AGEGR1", "Age group", "text", "age_group (D02)"),
    Column("SEX", "Sex", "text", "demographics.sex"),
    Column("ISOTYPE", "Paraprotein isotype", "text", "isotype_group (D03)"),
    Column("CRCL", "Creatinine clearance, CG (mL/min)", "number", "crcl_cg (D05)"),
    Column("CRCLGR1", "Creatinine clearance group", "text", "crcl_group (D05)"),
    Column("ISS", "ISS at IsaPd start", "text", "iss (D09)"),
    Column("HB", "Hemoglobin (g/dL)", "number", "baseline.hb (D04)"),
    Column("HBLT118", "Hemoglobin < 11.8 g/dL", "text", "hb_lt_11_8 (D28)"),
    Column("HBLT110", "Hemoglobin < 11.0 g/dL", "text", "hb_lt_11_0 (D28)"),
    Column("LDHSTAT", "LDH against the upper limit of normal", "text", "ldh_status (D07)"),
    Column("NPRIORL", "Number of prior lines", "number", "n_prior_lines (D12)"),
    Column("LINESGR1", "Prior lines, group", "text", "prior_lines_group (D12)"),
    Column("LINESGT2", "More than two prior lines", "text", "n_prior_lines (D12)"),
    Column("ASCTFL", "Prior autologous transplant", "text", "prior_asct (D12)"),
    Column("DARAREF", "Refractory to daratumumab", "text", "dara_refractory (D13)"),
    Column("DARAINTM", "Daratumumab-IsaPd interval (months)", "number", "dara_isapd_interval_months (D15)"),
    Column("DARAGE6", "Interval 6 months or more", "text", "dara_int_ge6 (D15)"),
    Column("DARAGE12", "Interval 12 months or more", "text", "dara_int_ge12 (D15)"),
    Column("DARALAST", "Daratumumab in the last therapy", "text", "dara_last_therapy (D15)"),
    Column("LINESBTW", "Lines between daratumumab and IsaPd", "number", "lines_between_dara_isapd (D15)"),
    Column("LBTWGR1", "Lines between, group", "text", "lines_between_dara_isapd (D15)"),
    Column("DARACYC", "Cycles of daratumumab", "number", "dara_cycles (D15)"),
    Column("DARAREG", "Last daratumumab regimen", "text", "dara_regimen (D15)"),
    Column("LENREF", "Refractory to lenalidomide", "text", "len_refractory (D13)"),
    Column("PIREF", "Refractory to a proteasome inhibitor", "text", "pi_refractory (D13)"),
    Column("TCRFL", "Triple-class refractory", "text", "tcr (D14)"),
    Column("DISSTAT", "Disease status at IsaPd start", "text", "disease_status (D16)"),
    Column("CYTORISK", "Cytogenetic risk", "text", "cyto_risk (D10)"),
    Column("BOR", "Best overall response", "text", "bor (D20)"),
    Column("RSPFL", "Responder (partial response or better)", "text", "responder (D20)"),
)

_FLAGS = {"YES": "Y", "NO": "N"}


def adsl(cases: Sequence[Case]) -> pd.DataFrame:
    """Build ADSL, one row per case in the order given, columns as `COLUMNS` documents them.

    A text column says "NE" where the value is not evaluable; a number is missing there.
    """
    return frame(COLUMNS, [_row(case) for case in cases])


def _row(case: Case) -> dict[str, Any]:
    lines = derived(case, "n_prior_lines")
    between = derived(case, "lines_between_dara_isapd")
    hemoglobin = case.facts.one("baseline").known("hb")
    return {
        "USUBJID": str(case.case_id),
        "SITEID": case.center_code,
        "TRTSDT": pd.Timestamp(start) if (start := day(case, "index_start_date")) else pd.NaT,
        "AGE": _number(derived(case, "age_at_start")),
        "AGEGR1": code(case, "age_group"),
        "SEX": case.facts.one("demographics").known("sex") or NOT_EVALUABLE,
        "ISOTYPE": code(case, "isotype_group"),
        "CRCL": _number(derived(case, "crcl_cg")),
        "CRCLGR1": code(case, "crcl_group"),
        "ISS": code(case, "iss"),
        "HB": _number(None if hemoglobin is None else hemoglobin.canonical),
        "HBLT118": _flag(case, "hb_lt_11_8"),
        "HBLT110": _flag(case, "hb_lt_11_0"),
        "LDHSTAT": code(case, "ldh_status"),
        "NPRIORL": _number(lines),
        "LINESGR1": code(case, "prior_lines_group"),
        "LINESGT2": NOT_EVALUABLE if lines is None else "Y" if lines > 2 else "N",
        "ASCTFL": _flag(case, "prior_asct"),
        "DARAREF": _flag(case, "dara_refractory"),
        "DARAINTM": _number(derived(case, "dara_isapd_interval_months")),
        "DARAGE6": _flag(case, "dara_int_ge6"),
        "DARAGE12": _flag(case, "dara_int_ge12"),
        "DARALAST": _flag(case, "dara_last_therapy"),
        "LINESBTW": _number(between),
        "LBTWGR1": NOT_EVALUABLE if between is None else "0" if between == 0 else "≥1",
        "DARACYC": _number(derived(case, "dara_cycles")),
        "DARAREG": code(case, "dara_regimen"),
        "LENREF": _flag(case, "len_refractory"),
        "PIREF": _flag(case, "pi_refractory"),
        "TCRFL": _flag(case, "tcr"),
        "DISSTAT": code(case, "disease_status"),
        "CYTORISK": code(case, "cyto_risk"),
        "BOR": code(case, "bor"),
        "RSPFL": _flag(case, "responder"),
    }


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _flag(case: Case, name: str) -> str:
    value = code(case, name)
    return _FLAGS.get(value, value)
