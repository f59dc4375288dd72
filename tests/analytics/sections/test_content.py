"""What a reader must find in every section, and how it is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.extraction.cohorts import DARA_REFRACTORY
from analytics.reports.pipeline import build_report
from analytics.sections import catalog
from analytics.sections.result import ReportParameters
from tests.analytics.study_cut import study_cut


def text_of(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_every_table_and_figure_names_n_method_and_data_version(study_report):
    for section in study_report.sections:
        assert section.tables
        assert section.title
        for exhibit in (*section.tables, *section.figures):
            assert exhibit.n == 51
            assert exhibit.method
            assert exhibit.data_version == 4711
        for figure in section.figures:
            assert "51" in figure.alt


def test_events_are_named_where_there_are_events(study_report):
    events = {table.key: table.events for section in study_report.sections for table in section.tables}
    assert events["pfs"] == events["prognosis_pfs"] == 33
    assert events["os"] == events["prognosis_os"] == events["follow_up"] == 23
    assert events["response"] == 29


def test_sections_come_in_the_order_of_the_catalog(study_report):
    assert [section.key for section in study_report.sections] == [each.KEY for each in catalog.SECTIONS]
    assert len({each.KEY for each in catalog.SECTIONS}) == len(catalog.SECTIONS)
    assert study_report.section("pfs").title == "Progression-free survival"
    with pytest.raises(KeyError):
        study_report.section("nothing")


def test_table_1_reads_as_printed(study_report):
    text = text_of(study_report.section("table1").tables[0])
    assert text[0][:2] == ["Age (years), median (range)", "67 (48–81)"]
    assert text[1][:2] == ["<70", "31 (60.8)"]
    assert ["Light chain only", "6 (11.8)", ""] in text
    assert ["Hb (g/dL), median (IQR)", "11.1 (9.8–12.3)", ""] in text
    assert ["Daratumumab–IsaPd interval (months), median time (IQR)", "10 (5–20)", ""] in text
    assert ["Yes", "51 (100)", ""] in text
    assert ["Cytogenetic analysis (n = 28)", "", "23"] in text


def test_survival_shows_both_intervals_with_their_methods(study_report):
    rows = text_of(study_report.section("pfs").tables[0])
    median, spss, probability = rows[2:5]
    assert median[:3] == ["Median (months)", "5.8", "4.1–9.6"]
    assert "log(−log)" in median[3]
    assert spss[:3] == ["Median (months), as SPSS prints it", "5.8", "3.9–7.7"]
    assert "SPSS" in spss[3]
    assert probability[:3] == ["Event-free at 12 months (%)", "30.6", "17.7–44.5"]


def test_os_says_that_its_median_is_immature(study_report):
    assert any("16.8 months: it is immature" in note for note in study_report.section("os").footnotes)
    assert not any("immature" in note for note in study_report.section("pfs").footnotes)


def test_response_rates_have_exact_intervals(study_report):
    rows = text_of(study_report.section("response").tables[0])
    assert ["Overall response rate (≥PR)", "29 (56.9)", "42.2–70.7"] in rows
    assert ["≥VGPR", "14 (27.5)", "15.9–41.7"] in rows


def test_in_sample_cut_offs_are_marked(study_report):
    section = study_report.section("prognosis")
    for table in section.tables:
        marked = [row.cells[0].text for row in table.rows if "†" in row.cells[0].text]
        assert len(marked) == 2
        assert all("Hemoglobin" in label for label in marked)
    assert any(note.startswith("†") and "overestimated" in note for note in section.footnotes)


def test_twelve_month_columns_say_that_their_p_is_of_the_whole_curve(study_report):
    section = study_report.section("timing")
    assert any("whole curves" in note for note in section.footnotes)
    rows = text_of(section.tables[0])
    assert rows[0][2] == "0.20; 0.24"
    assert rows[7] == ["0", "7 (58.3)", "", "40.4", "", "50.5", ""]


def test_patients_not_evaluable_for_response_stay_in_the_denominator():
    cut = study_cut()
    cases = (cut.cases[0].but(bor=None, responder=None), *cut.cases[1:])
    report = build_report(replace(cut, cases=cases), DARA_REFRACTORY)
    numbers = report.section("response").numbers
    assert numbers["counts"]["NE"] == 1
    assert (numbers["rates"]["orr"].events, numbers["rates"]["orr"].n) == (28, 51)
    assert report.section("flow").numbers["evaluable"]["response"] == 50


def test_parameters_reach_the_numbers():
    parameters = ReportParameters(conf_level=0.9, horizon_months=6.0, quantile_type=6)
    report = build_report(study_cut(), DARA_REFRACTORY, parameters)
    pfs = report.section("pfs")
    assert pfs.numbers["at_horizon"].time == 6.0
    assert pfs.tables[0].columns[2].label == "90 % CI"
    assert "type 6" in report.section("table1").tables[0].method
    assert report.section("prognosis").tables[0].columns[3].label == "HR (90 % CI)"
    assert report.section("prognosis").figures[0].data["ratio_title"] == "HR (90 % CI)"
    assert report.section("response").footnotes[2].startswith("90 % CI")


def test_a_section_alone_is_the_same_json_as_within_its_report(study_report):
    whole = study_report.to_json()
    section = study_report.section("prognosis")
    alone = section.to_json()
    assert alone in whole["sections"]
    assert section.tables[0].to_json() == alone["tables"][0]
    assert section.figures[0].to_json() == alone["figures"][0]
    assert ReportParameters().to_json() == whole["parameters"]
