"""The analysis frames hold every patient and keep what is not evaluable as a value."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from analytics.extraction import adrs, adsl, adtte
from analytics.extraction.cohorts import ALL_ISAPD
from analytics.extraction.column import DTYPES
from analytics.extraction.frames import build_frames
from tests.analytics.study_cut import Case, study_cut, study_table

CASES = study_cut().cases


@pytest.mark.parametrize("module", [adsl, adtte, adrs])
def test_columns_are_documented(module):
    build = getattr(module, module.__name__.rpartition(".")[2])
    for frame in (build(CASES), build(())):
        assert list(frame.columns) == [column.name for column in module.COLUMNS]
        assert [str(dtype) for dtype in frame.dtypes] == [DTYPES[column.kind] for column in module.COLUMNS]
    for column in module.COLUMNS:
        assert len(column.name) <= 8
        assert column.name.isupper() or column.name.isalnum()
        assert 0 < len(column.label) <= 40
        assert column.source


def test_adsl_holds_the_study_table():
    frame = adsl.adsl(CASES)
    table = study_table()
    assert list(frame["AGE"]) == list(table["age"])
    assert list(frame["HB"]) == pytest.approx(list(table["hb"]), rel=1e-15)
    assert list(frame["SEX"]) == list(table["sex"])
    assert list(frame["DARAINTM"].round()) == list(table["dara_to_isapd_months"])
    assert list(frame["CYTORISK"]) == [{"NA": "NE"}.get(risk, risk.upper()) for risk in table["cyto"]]
    assert list(frame["LINESGT2"]) == ["Y" if lines > 2 else "N" for lines in table["n_prior_lines"]]
    assert list(frame["LBTWGR1"]) == ["≥1" if lines else "0" for lines in table["lines_between"]]
    assert frame["TRTSDT"].is_unique


def test_adsl_keeps_not_evaluable():
    blank = Case(CASES[0].case_id, "IT000", type(CASES[0].facts)("x"), CASES[0].derived)
    derived = dict.fromkeys(blank.derived)
    (row,) = adsl.adsl([blank.but(**derived)]).to_dict("records")
    for column in adsl.COLUMNS:
        if column.name in ("USUBJID", "SITEID"):
            continue
        missing = row[column.name] == "NE" if column.kind == "text" else pd.isna(row[column.name])
        assert missing, column.name


def test_never_exposed_is_not_the_same_as_not_evaluable():
    frame = adsl.adsl([CASES[0].but(dara_refractory="NOT_EXPOSED"), CASES[1].but(dara_refractory=None)])
    assert list(frame["DARAREF"]) == ["NOT_EXPOSED", "NE"]


def test_adtte_has_three_endpoints_per_patient():
    frame = adtte.adtte(CASES)
    assert len(frame) == 3 * 51
    assert set(frame["PARAMCD"]) == {"PFS", "OS", "TTNT"}
    assert ((frame["ADT"] - frame["STARTDT"]).dt.days == frame["AVAL"]).all()
    assert (frame["AVALM"] * 30.4375).to_numpy() == pytest.approx(frame["AVAL"].to_numpy())
    wide = frame.pivot_table(index="USUBJID", columns="PARAMCD", values="AVAL")
    assert (wide["PFS"] <= wide["OS"]).all()


@pytest.mark.parametrize(
    ("derived", "paramcd", "cnsr", "description"),
    [
        ({"pfs_event": 1, "pfs_type": "PD"}, "PFS", 0, "Progression"),
        ({"pfs_event": 1, "pfs_type": "DEATH"}, "PFS", 0, "Death"),
        ({"pfs_event": 0, "pfs_type": None}, "PFS", 1, "Censored at last follow-up"),
        ({"os_event": 1}, "OS", 0, "Death"),
        ({"ttnt_status": 1}, "TTNT", 0, "Next therapy"),
        ({"ttnt_status": 2}, "TTNT", 2, "Death"),
        ({"ttnt_status": 0}, "TTNT", 1, "Censored at last follow-up"),
        ({"pfs_days": None}, "PFS", None, "NE"),
    ],
)
def test_what_happened(derived, paramcd, cnsr, description):
    frame = adtte.adtte([CASES[0].but(**derived)])
    (row,) = frame[frame["PARAMCD"] == paramcd].to_dict("records")
    assert row["CNSR"] == cnsr or (pd.isna(row["CNSR"]) and cnsr is None)
    assert row["EVNTDESC"] == description


def test_a_time_that_is_not_evaluable_is_counted_with_its_reason():
    frame = adtte.adtte([CASES[0].but(pfs_days=None), CASES[1]])
    (row,) = frame[(frame["PARAMCD"] == "PFS") & (frame["ANL01FL"] == "NE")].to_dict("records")
    assert row["NEREASN"] == "not entered"
    assert math.isnan(row["AVAL"])
    endpoint = adtte.endpoint(frame, "PFS")
    assert endpoint.not_evaluable == 1
    assert endpoint.subjects == (str(CASES[1].case_id),)


def test_an_event_on_day_0_counts_half_a_day():
    frame = adtte.adtte([CASES[0].but(os_days=0, os_event=1)])
    assert frame.loc[frame["PARAMCD"] == "OS", "AVAL"].item() == 0
    assert adtte.endpoint(frame, "OS").durations[0] * 30.4375 == pytest.approx(0.5)


def test_a_competing_death_is_no_next_therapy():
    endpoint = adtte.endpoint(adtte.adtte([CASES[0].but(ttnt_status=2)]), "TTNT")
    assert not endpoint.events.any()


def test_adrs_lists_visits_in_order_and_best_responses():
    frame = adrs.adrs(CASES[:1])
    visits = frame[frame["PARAMCD"] == "OVRLRESP"]
    assert list(visits["AVALC"]) == ["SD", "PR"]
    assert visits["ADT"].is_monotonic_increasing
    assert list(visits["AVAL"]) == [1, 3]
    summaries = frame.set_index("PARAMCD")
    assert summaries.loc["BOR", "AVALC"] == "PR"
    assert summaries.loc["BORC", "AVALC"] == "NE"
    assert summaries.loc["BORC", "NEREASN"] == "not entered"
    assert np.isnan(summaries.loc["BORC", "AVAL"])


def test_frames_carry_what_every_caption_names():
    cut = replace(study_cut(), as_of=datetime(2026, 11, 22, 9, 30))  # noqa: DTZ001
    frames = build_frames(cut, ALL_ISAPD)
    assert (frames.n, frames.data_version, str(frames.as_of)) == (51, 4711, "2026-11-22")
    assert frames.adsl["USUBJID"].is_monotonic_increasing
