"""Figures show what the numbers say, on a page and on a phone, and only what was observed."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import altair as alt
import pytest
from jsonschema import ValidationError

from analytics.extraction.cohorts import DARA_REFRACTORY
from analytics.figures import charts, render
from analytics.figures.figure import Figure
from analytics.figures.theme import THEMES
from analytics.reports.pipeline import build_report
from analytics.sections.time_to_event import kaplan_meier_figure
from analytics.statistics.kaplan_meier import kaplan_meier
from tests.analytics.study_cut import study_cut

REPORT = build_report(study_cut(), DARA_REFRACTORY)
DRAWN = [figure for section in REPORT.sections for figure in section.figures if charts.is_drawn(figure)]


def words(svg):
    return [
        element.text for element in ET.fromstring(svg).iter() if element.tag.endswith("text") and element.text
    ]


@pytest.mark.parametrize("figure", DRAWN, ids=lambda figure: figure.key)
@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_figure_is_drawn_at_its_width(figure, width, theme):
    svg = ET.fromstring(render.render_svg(charts.spec(figure, width, theme)))
    assert abs(float(svg.attrib["width"]) - width) <= 12


@pytest.mark.parametrize("figure", DRAWN, ids=lambda figure: figure.key)
@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_every_specification_is_of_the_schema(figure, width):
    specification = charts.spec(figure, width)
    alt.Chart.from_dict(specification)
    with pytest.raises(ValidationError):
        alt.Chart.from_dict(specification | {"height": "tall"})


def test_a_stored_figure_draws_the_same():
    for figure in DRAWN:
        stored = Figure.from_json(json.loads(json.dumps(figure.to_json())))
        assert charts.spec(stored) == charts.spec(figure)


def test_flow_is_set_as_html():
    (figure,) = REPORT.section("flow").figures
    assert not charts.is_drawn(figure)
    assert [box["n"] for box in figure.data["boxes"]] == [51, 51, 51]
    with pytest.raises(KeyError):
        charts.spec(figure)


def test_curve_ends_at_the_last_patient_and_band_within_it():
    (figure,) = REPORT.section("pfs").figures
    (curve,) = figure.data["curves"]
    assert curve["steps"][0] == {"t": 0.0, "s": 1.0, "lower": None, "upper": None}
    assert curve["steps"][-1]["t"] == pytest.approx(895 / 30.4375)
    assert [point["n"] for point in curve["at_risk"]] == [51, 21, 9, 6, 1, 0]
    assert figure.data["ticks"] == [0, 6, 12, 18, 24, 30]
    assert sum(each["n"] for each in curve["censored"]) == 51 - 33


def test_numbers_at_risk_stand_under_their_ticks():
    """Read the pictures: x of each at-risk number equals x of its axis label."""
    for width in (charts.WIDE, charts.NARROW):
        (figure,) = REPORT.section("os").figures
        svg = ET.fromstring(render.render_svg(charts.spec(figure, width)))
        places = list(_places(svg))
        ticks = [str(tick) for tick in figure.data["ticks"]]
        counts = [str(point["n"]) for point in figure.data["curves"][0]["at_risk"]]
        bottom = max(y for _text, _x, y in places)
        at_risk = sorted((x, text) for text, x, y in places if y == bottom)
        assert [text for _x, text in at_risk] == counts
        axis_y = next(y for text, _x, y in places if text == ticks[-1])
        axis = sorted((x, text) for text, x, y in places if y == axis_y and text in ticks)
        assert [text for _x, text in axis] == ticks
        for (x_risk, _), (x_axis, _) in zip(at_risk, axis, strict=True):
            assert x_risk == pytest.approx(x_axis, abs=1)


def _places(element, x=0.0, y=0.0):
    """Texts of a drawing with their absolute places, rounded to a pixel."""
    transform = element.attrib.get("transform", "")
    if transform.startswith("translate("):
        dx, dy = transform[len("translate(") :].split(")")[0].split(",")
        x, y = x + float(dx), y + float(dy)
    if element.tag.endswith("text") and element.text:
        yield element.text, x, round(y)
    for child in element:
        yield from _places(child, x, y)


def test_alternatives_in_words_hold_the_numbers():
    assert REPORT.section("pfs").figures[0].alt == (
        "Kaplan–Meier curve of PFS, N = 51, events 33: median 5.8 months (95 % CI 4.1–9.6); "
        "30.6 % event-free at 12 months."
    )
    forest = REPORT.section("prognosis").figures[0].alt
    assert "Cytogenetic risk, High vs Standard: 9.64 (2.42–38.3)" in forest


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_forest_is_a_table_too(width):
    figure = REPORT.section("prognosis").figures[0]
    text = " ".join(words(render.render_svg(charts.spec(figure, width))))
    assert "15/20 vs 18/31" in text
    assert "1.85 (0.93–3.69)" in text
    assert "0.082" in text


def test_several_curves_differ_in_color_and_dash_and_are_named():
    one, two = kaplan_meier([3, 6, 9], [1, 1, 0]), kaplan_meier([2, 4, 8], [1, 0, 1])
    figure = kaplan_meier_figure("k", "Title", "PFS", [("A", one), ("B", two)], 6, 1)
    for width in (charts.WIDE, charts.NARROW):
        spec = charts.spec(figure, width)
        line = next(layer for layer in spec["vconcat"][0]["layer"] if layer["mark"]["type"] == "line")
        for channel in ("color", "strokeDash"):
            scale = line["encoding"][channel]["scale"]
            assert scale["domain"] == ["A", "B"]
            assert scale["range"][0] != scale["range"][1]
        text = words(render.render_svg(spec))
        assert any(word.startswith("A: events/N 2/3") for word in text)
        assert {"A", "B"} <= set(text)


def test_notes_keep_clear_of_a_curve_that_stays_high():
    figure = kaplan_meier_figure("k", "T", "OS", [("OS", kaplan_meier([20, 30, 40], [0, 0, 0]))], 12, 1)
    notes = [layer for layer in charts.spec(figure)["vconcat"][0]["layer"] if layer["mark"]["type"] == "text"]
    assert notes[0]["mark"]["align"] == "left"


def test_a_ratio_beyond_the_widest_axis_is_an_arrow():
    figure = REPORT.section("prognosis").figures[1]
    row = {**figure.data["comparisons"][0], "hazard_ratio": 500.0, "lower": 200.0, "upper": 1250.0}
    stored = figure.to_json() | {"data": {**figure.data, "comparisons": [row]}}
    spec = charts.spec(Figure.from_json(stored))
    arrows = [
        layer
        for layer in spec["layer"]
        if layer["mark"].get("shape") == "triangle-right" and layer["data"]["values"]
    ]
    assert len(arrows) == 1


def test_long_follow_up_has_yearly_ticks():
    figure = kaplan_meier_figure("k", "T", "OS", [("OS", kaplan_meier([10, 80], [1, 0]))], 12, 1)
    assert figure.data["ticks"] == [0, 12, 24, 36, 48, 60, 72, 84]


def test_png_is_a_picture():
    assert render.render_png(charts.spec(DRAWN[0]), scale=0.5).startswith(b"\x89PNG")
