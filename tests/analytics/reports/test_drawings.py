"""Pictures: once per content, the same in the dark, of a size a page can trust."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from analytics.extraction.cohorts import COHORTS
from analytics.figures.charts import is_drawn, spec
from analytics.figures.render import render_svg
from analytics.figures.theme import DARK
from analytics.reports import drawings as module
from analytics.reports.drawings import WIDTHS, draw, figure_key, size
from analytics.reports.layout import recolored
from analytics.reports.pipeline import Report, build_report
from analytics.reports.recompute import consistent_cut
from registry.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshot_sees_test")]


@pytest.fixture
def report(case: Case) -> Report:
    return build_report(consistent_cut(), COHORTS["dara_refractory"])


def test_every_figure_is_drawn_for_a_page_and_for_a_phone(report: Report) -> None:
    named, drawings = draw(report)
    figures = {
        figure_key(section.key, figure.key)
        for section in report.sections
        for figure in section.figures
        if is_drawn(figure)
    }
    assert named.keys() == figures
    for each in named.values():
        for layout in WIDTHS:
            root = ET.fromstring(drawings[each[layout]["digest"]])
            assert (int(root.get("width")), int(root.get("height"))) == (
                each[layout]["width"],
                each[layout]["height"],
            )
    assert all(each["narrow"]["width"] < each["wide"]["width"] for each in named.values())


def test_in_the_dark_it_is_the_figure_the_dark_theme_draws(report: Report) -> None:
    for section in report.sections:
        for figure in filter(is_drawn, section.figures):
            light, dark = (render_svg(spec(figure, 720, theme)) for theme in (module.LIGHT, DARK))
            assert light != dark
            assert recolored(light) == dark


def test_what_shows_the_same_is_not_drawn_again(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    named, drawings = draw(report)
    later = replace(
        report,
        sections=tuple(
            replace(section, figures=tuple(replace(f, data_version=99) for f in section.figures))
            for section in report.sections
        ),
    )
    assert draw(later) == (named, drawings)

    def refuse(*args: object) -> str:
        raise AssertionError("drawn again")

    monkeypatch.setattr(module, "render_svg", refuse)
    assert draw(later, named) == (named, {})


def test_what_shows_something_else_is_drawn_again(report: Report) -> None:
    named, _ = draw(report)
    changed = replace(
        report,
        sections=tuple(
            replace(section, figures=tuple(replace(f, alt="Another.") for f in section.figures))
            for section in report.sections
        ),
    )
    _, drawings = draw(changed, named)
    assert drawings


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no size"):
        size("<svg><g/></svg>")
    with pytest.raises(ValueError, match="no size"):
        size("no drawing")
