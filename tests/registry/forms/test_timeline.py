"""The patient's picture: what stands where on the axis, and the table that says the same."""

from itertools import pairwise

import pytest

from registry.derivations.case import derive
from registry.dictionary.facts import Facts
from registry.forms.timeline import GUTTER, MARGIN, WIDTH, timeline
from tests.factories import FIXTURE


def drawn(**forms):
    facts = Facts.from_json({"patient_code": "IT001-0001", **FIXTURE, **forms})
    found = timeline(facts, derive(facts))
    assert found is not None
    return found


def labels(found) -> list[str]:
    return [text.text for text in found.texts]


def test_the_fixtures_history_reads_from_top_to_bottom() -> None:
    found = drawn()
    assert [row.text for row in found.rows] == [
        "Line 1",
        "Line 2",
        "Line 3",
        "IsaPd",
        "Response",
        "Progression",
        "Next line 1",
        "Last known",
    ]
    assert [row.y for row in found.rows] == sorted(row.y for row in found.rows)


def test_lines_are_called_by_their_regimen_with_their_best_response() -> None:
    assert {"VTd → R · ASCT · VGPR", "Dara-Vd · PR", "KRd · SD"} <= set(labels(drawn()))


def test_the_line_with_daratumumab_stands_out() -> None:
    assert [bar.is_dara for bar in drawn().bars] == [False, True, False, False, False]


def test_time_runs_from_left_to_right_and_stays_on_the_paper() -> None:
    found = drawn()
    first, second, third, isapd, following = found.bars
    assert first.x < second.x < third.x < isapd.x == found.start < following.x
    marks = [*found.bars, *found.points, *found.cycles, *found.years, *found.months]
    assert all(GUTTER <= mark.x <= WIDTH - MARGIN for mark in marks)


def test_months_count_from_the_start_of_isapd() -> None:
    found = drawn()
    at = {tick.label: tick.x for tick in found.months}
    assert at["0"] == found.start
    assert at["−12"] < at["0"] < at["+12"]
    assert [tick.label for tick in found.years] == ["2019", "2020", "2021", "2022", "2023"]


def test_a_partial_date_is_drawn_as_the_span_it_lies_in() -> None:
    line = FIXTURE["prior_line"][0] | {"line_start": "2018"}
    bar = drawn(prior_line=[line, *FIXTURE["prior_line"][1:]]).bars[0]
    ((left, width),) = bar.blurred
    # The whole year, of which none is certain.
    assert left == GUTTER
    assert left + width == bar.x


def test_a_response_the_rules_judge_otherwise_shows_both() -> None:
    visits = [dict(visit) for visit in FIXTURE["response"]]
    visits[1]["resp_investigator"] = "VGPR"
    found = drawn(response=visits)
    assert "VGPR≠PR" in labels(found)
    assert [point.shape for point in found.points if point.shape in ("dot", "ring")].count("ring") == 1
    assert ("05/05/2022", "investigator VGPR, computed PR") in [(e.when, e.detail) for e in found.events]


def test_death_ends_the_picture_and_without_it_the_last_contact_does() -> None:
    assert "death 01/04/2023" in labels(drawn())
    alive = [{"contact_date": "2023-04-01", "vital_status": "ALIVE"}]
    assert "alive 01/04/2023" in labels(drawn(follow_up=alive))


def test_treatment_that_goes_on_is_open() -> None:
    ongoing = {"isapd_start_date": "2022-03-10", "isapd_ongoing": "Y"}
    isapd = drawn(isapd_treatment=ongoing).bars[3]
    assert isapd.is_open
    assert not drawn().bars[3].is_open


def test_the_table_says_what_the_picture_shows_in_order() -> None:
    events = drawn().events
    assert [event.on for event in events] == sorted(event.on for event in events)
    assert ("10/04/2018", "Line 1", "starts: VTd → R") in [(e.when, e.what, e.detail) for e in events]
    assert events[-1].what == "Last known"


def test_labels_of_responses_do_not_cover_each_other() -> None:
    levels = ("MR", "PR", "VGPR", "CR")
    visits = [
        {"resp_date": f"2022-04-{day:02d}", "resp_investigator": levels[day % 4]} for day in range(1, 29)
    ]
    texts = [text for text in drawn(response=visits).texts if text.anchor == "middle"]
    for y in {text.y for text in texts}:
        row = sorted((text for text in texts if text.y == y), key=lambda text: text.x)
        for left, right in pairwise(row):
            assert right.x - left.x >= 6 * (len(left.text) + len(right.text)) / 2


@pytest.mark.parametrize("forms", [{}, {"enrolment": FIXTURE["enrolment"]}])
def test_nothing_dated_is_no_picture(forms) -> None:
    facts = Facts.from_json({"patient_code": "IT001-0001", **forms})
    assert timeline(facts, derive(facts)) is None


@pytest.mark.parametrize(
    "form", ["prior_line", "prior_line_drug", "isapd_treatment", "response", "follow_up"]
)
def test_a_case_without_one_of_the_forms_is_drawn_all_the_same(form) -> None:
    assert drawn(**{form: []}).rows


def test_the_conditioning_of_a_transplant_is_no_part_of_the_regimen() -> None:
    melphalan = {"line_no_ref": 1, "drug": "MEL", "drug_phase": ["IND"]}
    assert "VTd → R · ASCT · VGPR" in labels(drawn(prior_line_drug=[*FIXTURE["prior_line_drug"], melphalan]))


def test_drugs_that_make_no_regimen_are_named_one_by_one() -> None:
    unusual = [{"line_no_ref": 3, "drug": drug} for drug in ("TRIAL", "LEN")]
    assert "TRIAL-LEN · SD" in labels(drawn(prior_line_drug=unusual))
