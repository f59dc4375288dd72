"""Whatever the data, the report says something defined: no traceback, no NaN, no infinite ratio."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analytics.extraction.cohorts import COHORTS
from analytics.figures import charts
from analytics.reports.pipeline import build_report
from tests.analytics.study_cut import study_cut

CUT = study_cut()
UNKNOWN = dict.fromkeys(
    [
        "index_start_date",
        "age_at_start",
        "age_group",
        "isotype_group",
        "crcl_cg",
        "crcl_group",
        "iss",
        "hb_lt_11_8",
        "hb_lt_11_0",
        "ldh_status",
        "n_prior_lines",
        "prior_lines_group",
        "prior_asct",
        "dara_isapd_interval_months",
        "dara_int_ge6",
        "dara_int_ge12",
        "dara_last_therapy",
        "lines_between_dara_isapd",
        "dara_cycles",
        "dara_regimen",
        "len_refractory",
        "pi_refractory",
        "tcr",
        "disease_status",
        "cyto_risk",
        "bor",
        "responder",
        "pfs_days",
        "pfs_event",
        "os_days",
        "os_event",
        "ttnt_days",
        "ttnt_status",
    ]
)


def cut_of(count=51, **derived):
    return replace(CUT, cases=tuple(case.but(**derived) for case in CUT.cases[:count]))


CUTS = {
    "no patients": cut_of(0),
    "one patient": cut_of(1),
    "two patients": cut_of(2),
    "all censored": cut_of(pfs_event=0, os_event=0),
    "all events": cut_of(pfs_event=1, os_event=1),
    "all on one day": cut_of(pfs_days=100, os_days=100),
    "all on day 0": cut_of(pfs_days=0, os_days=0),
    "nothing known": cut_of(**UNKNOWN),
    "one group only": cut_of(age_group="<70", iss="I", tcr="YES", dara_int_ge6="YES"),
}


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize("cohort", COHORTS.values(), ids=COHORTS)
def test_report_is_defined(name, cohort):
    report = build_report(CUTS[name], cohort)
    assert "NaN" not in report.to_text()
    for section in report.sections:
        for table in section.tables:
            for row in table.rows:
                for cell in row.cells:
                    assert not {"nan", "inf", "None"} & set(cell.text.split())
        for figure in section.figures:
            if charts.is_drawn(figure):
                assert charts.spec(figure)["description"] == figure.alt
    for effects in (report.section("prognosis").numbers[key] for key in ("pfs", "os")):
        for effect in effects.values():
            for term in effect.cox.terms:
                assert (term.hazard_ratio is None) == (term.reason is not None)
                assert term.hazard_ratio is None or 0 < term.lower < term.upper < 1e6


def test_a_group_without_events_says_so_in_its_row():
    cases = [
        case.but(os_event=0) if case.derived["iss"].value == "III" else case for case in study_cut().cases
    ]
    report = build_report(replace(CUT, cases=tuple(cases)), COHORTS["dara_refractory"])
    effect = report.section("prognosis").numbers["os"]["iss"]
    assert effect.cox.status == "separation"
    assert effect.log_rank.p is not None
    table = next(t for t in report.section("prognosis").tables if t.key == "prognosis_os")
    text = [row.cells[3].text for row in table.rows if row.cells[0].text == "III"]
    assert text[0].startswith("not estimable: separation")
    forest = report.section("prognosis").figures[1]
    (row,) = [row for row in forest.data["comparisons"] if row["comparison"] == "III vs I"]
    assert row["ratio"] == "not estimable"
    assert row["hazard_ratio"] is None


def test_empty_report_names_no_patients():
    report = build_report(CUTS["no patients"], COHORTS["all_isapd"])
    figure = report.section("pfs").figures[0]
    assert figure.alt == "Kaplan–Meier curve of PFS: no patients."
    assert json.loads(report.to_text())["n"] == 0


def test_missing_counts_are_shown():
    report = build_report(cut_of(crcl_cg=None, crcl_group=None, iss=None), COHORTS["all_isapd"])
    rows = {row.cells[0].text: row for row in report.section("table1").tables[0].rows}
    assert rows["Creatinine clearance (mL/min), median (range)"].cells[2].value == 51
    assert rows["International staging system (n = 0)"].cells[2].value == 51
    effect = report.section("prognosis").numbers["pfs"]["iss"]
    assert (effect.n, effect.missing) == (0, 51)


def test_clearance_missing_while_its_group_is_known():
    # On dialysis the group is <60 and the clearance not evaluable; the two are counted apart.
    cases = (CUT.cases[0].but(crcl_cg=None), CUT.cases[1].but(crcl_cg=None, crcl_group=None), *CUT.cases[2:])
    report = build_report(replace(CUT, cases=cases), COHORTS["all_isapd"])
    rows = report.section("table1").tables[0].rows
    position = next(i for i, row in enumerate(rows) if row.cells[0].text.startswith("Creatinine"))
    assert [row.cells[2].value for row in rows[position : position + 4]] == [2, None, None, 1]


def test_a_code_without_a_row_is_refused():
    with pytest.raises(ValueError, match="ISS holds codes that Table 1 has no row for"):
        build_report(cut_of(iss="IV"), COHORTS["all_isapd"])


def test_rows_the_paper_does_not_print_appear_when_needed():
    report = build_report(
        cut_of(prior_lines_group="1", isotype_group="Other", pi_refractory="NOT_EXPOSED"),
        COHORTS["all_isapd"],
    )
    labels = [row.cells[0].text for row in report.section("table1").tables[0].rows]
    assert {"1", "Other", "Not exposed"} <= set(labels)
