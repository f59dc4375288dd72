"""The grammar of limits, and values against them."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from registry.dictionary.bounds import BoundError, Constant, above, add_years, below, parse_bound, range_of
from registry.dictionary.catalog import FORMS
from registry.dictionary.values import Measurement, PartialDate
from registry.terminology.missing import Missing

TODAY = date(2024, 5, 20)
TEXTS = sorted(
    {
        text
        for form in FORMS.values()
        for variable in form
        for limits in (variable.hard, variable.soft)
        for text in (limits.minimum, limits.maximum)
        if text
    }
)


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_of_the_dictionary_is_understood(text: str) -> None:
    bound = parse_bound(text)
    is_reference = text[0].isalpha() and text != "today"
    assert bound.is_constant is not is_reference
    assert bool(bound.references) is is_reference
    # While the other date is unknown there is no limit, unless today stands in for it.
    assert (bound.span({}.get, TODAY) is None) is (is_reference and "or today" not in text)


def measured(text: str) -> Measurement:
    return Measurement(text, "", Fraction(text))


@pytest.mark.parametrize(
    ("value", "text", "answers", "is_below", "is_above"),
    [
        (measured("2"), "2", {}, False, False),
        (measured("1.9999"), "2", {}, True, False),
        (measured("25.0001"), "25", {}, False, True),
        (measured("0.05"), "0.05", {}, False, False),
        (3, "4", {}, True, False),
        (5, "4", {}, False, True),
        (date(2014, 12, 31), "2015-01-01", {}, True, False),
        (date(2024, 5, 21), "today", {}, False, True),
        (date(2024, 5, 20), "today", {}, False, False),
        (date(2022, 3, 9), "isapd_start_date", {"isapd_start_date": date(2022, 3, 10)}, True, False),
        (date(2022, 3, 10), "isapd_start_date + 1 day", {"isapd_start_date": date(2022, 3, 10)}, True, False),
        (
            date(2022, 3, 14),
            "isapd_start_date plus 3 days",
            {"isapd_start_date": date(2022, 3, 10)},
            False,
            True,
        ),
        (
            date(2021, 12, 9),
            "isapd_start_date minus 90 days",
            {"isapd_start_date": date(2022, 3, 10)},
            True,
            False,
        ),
        (date(2022, 3, 9), "isapd_start_date", {}, False, False),
        (date(2022, 3, 9), "isapd_start_date", {"isapd_start_date": Missing.NK}, False, False),
        (date(2024, 5, 21), "isapd_end_date or today", {}, False, True),
        (date(2024, 5, 21), "isapd_end_date or today", {"isapd_end_date": date(2024, 6, 1)}, True, False),
        # Partial dates: refused only when every day of the one lies beyond every day of the other.
        (PartialDate("2018-04"), "dx_date", {"dx_date": PartialDate("2018")}, False, False),
        (PartialDate("2017"), "dx_date", {"dx_date": PartialDate("2018")}, True, False),
        (PartialDate("2018-04"), "line_stop", {"line_stop": PartialDate("2018-04-10")}, False, False),
        (PartialDate("2018-05"), "line_stop", {"line_stop": PartialDate("2018-04-10")}, False, True),
        (
            PartialDate("2004-04"),
            "isapd_start_date minus 18 years",
            {"isapd_start_date": date(2022, 3, 10)},
            False,
            True,
        ),
        (
            PartialDate("2004-03"),
            "isapd_start_date minus 18 years",
            {"isapd_start_date": date(2022, 3, 10)},
            False,
            False,
        ),
        # 17 years and 364 days old on a 29 February.
        (
            PartialDate("2006-03-01"),
            "isapd_start_date minus 18 years",
            {"isapd_start_date": date(2024, 2, 29)},
            False,
            True,
        ),
        (
            PartialDate("2006-02-28"),
            "isapd_start_date minus 18 years",
            {"isapd_start_date": date(2024, 2, 29)},
            False,
            False,
        ),
        # The calendar has two ends.
        (date(2022, 3, 9), "dx_date minus 60 days", {"dx_date": PartialDate("0001")}, False, True),
        (
            date(2022, 3, 9),
            "isapd_start_date minus 18 years",
            {"isapd_start_date": date(5, 1, 1)},
            False,
            True,
        ),
        (date(2022, 3, 9), "isapd_start_date plus 3 days", {"isapd_start_date": date.max}, True, False),
        # Nothing to compare.
        ("text", "2", {}, False, False),
        (Missing.NK, "2", {}, False, False),
        (None, "today", {}, False, False),
    ],
)
def test_limits(value: Any, text: str, answers: dict[str, Any], is_below: bool, is_above: bool) -> None:
    bound = parse_bound(text)
    span, limit = range_of(value), bound.span(answers.get, TODAY)
    assert below(span, limit) is is_below
    assert above(span, limit) is is_above


def test_no_limit() -> None:
    assert not below(range_of(measured("1")), None)
    assert not above(range_of(measured("1")), None)


def test_constants() -> None:
    assert parse_bound("0.05") == Constant(Fraction("0.05"))
    assert parse_bound("2015-01-01") == Constant(date(2015, 1, 1))
    assert Constant(Fraction(2)).references == ()


@pytest.mark.parametrize(
    "text", ["", "two", "Today", "isapd_start_date minus", "dx_date minus 2 weeks", "1e3"]
)
def test_what_the_grammar_does_not_know(text: str) -> None:
    if text == "two":
        # A single word is a variable; that it exists is checked against the catalog.
        assert parse_bound(text).references == ("two",)
        return
    with pytest.raises(BoundError, match="unknown limit"):
        parse_bound(text)


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        (date(1952, 2, 29), 70, date(2022, 3, 1)),
        (date(1952, 2, 29), 72, date(2024, 2, 29)),
        (date(2024, 2, 29), -18, date(2006, 2, 28)),
        (date(2022, 3, 10), -18, date(2004, 3, 10)),
    ],
)
def test_add_years(day: date, years: int, moved: date) -> None:
    assert add_years(day, years) == moved
