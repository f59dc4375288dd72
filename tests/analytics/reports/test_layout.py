"""A stored report as a page shows it."""

from typing import Any

import pytest

from analytics.reports.layout import headlines, sections_of
from analytics.reports.recompute import recompute
from analytics.reports.snapshot import newest
from registry.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshot_sees_test", "undrawn")]


@pytest.fixture
def content(case: Case) -> dict[str, Any]:
    recompute()
    return newest("dara_refractory").content


def test_figures_and_tables_are_numbered_through(content: dict[str, Any]) -> None:
    sections = sections_of(content, {}, lambda key, drawn: None)
    for kind in ("figures", "tables"):
        numbers = [each["number"] for section in sections for each in section[kind]]
        assert numbers == list(range(1, len(numbers) + 1))
        assert numbers


def test_no_footnote_is_said_twice(content: dict[str, Any]) -> None:
    for section in sections_of(content, {}, lambda key, drawn: None):
        said = [note for table in section["tables"] for note in table["footnotes"]]
        assert not set(section["footnotes"]) & set(said)


def test_a_figure_gets_the_picture_of_its_name(content: dict[str, Any]) -> None:
    sections = sections_of(content, {"pfs-km_pfs": "drawing"}, lambda key, drawn: f"{drawn} of {key}")
    shown = {figure["name"]: figure["picture"] for section in sections for figure in section["figures"]}
    assert shown["pfs-km_pfs"] == "drawing of pfs-km_pfs"
    assert shown["os-km_os"] is None


def test_headlines_say_value_limits_method_and_patients(content: dict[str, Any]) -> None:
    rate, pfs, os, follow_up = headlines(content)
    assert (rate.n, rate.events) == (1, 1)
    assert rate.value == "100"
    assert "Clopper–Pearson" in rate.method
    assert "Kaplan–Meier" in pfs.method
    assert (pfs.n, os.n, follow_up.n) == (1, 1, 1)


def test_a_median_that_is_not_reached_says_so() -> None:
    estimate = {"n": 3, "events": 0, "method": "m", "lower": None, "upper": None}
    median = {"median": {"value": None, "reason": "not reached", **estimate}}
    empty = {
        "sections": [
            {"key": "response", "numbers": {"rates": {"orr": {"estimate": None, **estimate}}}},
            {"key": "follow_up", "numbers": {"follow_up": {"median": None, **estimate}}},
            {"key": "pfs", "numbers": median},
            {"key": "os", "numbers": median},
        ]
    }
    assert [(each.value, each.unit) for each in headlines(empty)[1:3]] == 2 * [("not reached", "")]
