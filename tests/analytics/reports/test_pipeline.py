"""A report is a pure function of its data cut."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace

from analytics.extraction.cohorts import DARA_REFRACTORY
from analytics.reports.pipeline import build_report
from analytics.sections.result import ReportParameters
from analytics.statistics.result import jsonable
from tests.analytics.study_cut import study_cut


def test_same_cut_same_bytes_in_any_order_of_its_cases():
    cut = study_cut()
    shuffled = list(cut.cases)
    random.Random(1).shuffle(shuffled)
    first = build_report(cut, DARA_REFRACTORY).to_text()
    assert build_report(replace(cut, cases=tuple(shuffled)), DARA_REFRACTORY).to_text() == first


def test_same_bytes_in_another_process():
    # Hash randomization must not reach the text.
    code = (
        "from analytics.extraction.cohorts import DARA_REFRACTORY\n"
        "from analytics.reports.pipeline import build_report\n"
        "from tests.analytics.study_cut import study_cut\n"
        "import hashlib\n"
        "text = build_report(study_cut(), DARA_REFRACTORY).to_text()\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_one_corrected_date_changes_the_report():
    cut = study_cut()
    cases = (cut.cases[0].but(pfs_days=120), *cut.cases[1:])
    before = build_report(cut, DARA_REFRACTORY)
    after = build_report(replace(cut, cases=cases), DARA_REFRACTORY)
    assert jsonable(before.section("pfs")) != jsonable(after.section("pfs"))
    assert jsonable(before.section("os")) == jsonable(after.section("os"))


def test_json_names_what_the_report_is():
    report = json.loads(build_report(study_cut(), DARA_REFRACTORY).to_text())
    wanted = {
        "cohort": "dara_refractory",
        "cohort_version": 1,
        "n": 51,
        "data_version": 4711,
        "as_of": "2026-11-22",
        "cutoff": None,
        "rule_version": "1",
        "label": "Exploratory: live data, not for inference",
    }
    assert {name: report[name] for name in wanted} == wanted
    assert report["parameters"]["conf_level"] == 0.95


def test_a_report_on_locked_data_is_not_called_exploratory():
    report = build_report(study_cut(), DARA_REFRACTORY, ReportParameters(locked_data=True))
    assert report.label == "Locked data"


def test_no_patient_is_named_in_a_report():
    cut = study_cut()
    text = build_report(cut, DARA_REFRACTORY).to_text()
    assert not any(str(case.case_id) in text or case.facts.patient_code in text for case in cut.cases)
