"""D01: durations, calendar months, partial dates."""

from datetime import date
from fractions import Fraction

import pytest

from registry.derivations.dates import Span, add_months, days_between, plus_days, settle, span_of
from registry.derivations.months import at_least_months, half_up, in_months
from registry.derivations.parameters import DEFAULT
from registry.dictionary.values import PartialDate
from tests.registry.derivations.build import dead, derived, started, visits

DURATIONS = {
    "2022-01-15 → 2022-07-15 | 181 d, 5.947 → shown 5.9 months; category **≥6**": (
        "2022-01-15",
        "2022-07-15",
        181,
        "5.9",
        {6: True},
    ),
    "2022-01-15 → 2022-07-14 | 180 d; category **<6**": ("2022-01-15", "2022-07-14", 180, "5.9", {6: False}),
    "2022-01-15 → 2023-01-15 | 365 d, 11.992 → shown 12.0; category **≥12**": (
        "2022-01-15",
        "2023-01-15",
        365,
        "12.0",
        {12: True},
    ),
    "2022-08-31 → 2023-02-28 | 181 d; add_months(2022-08-31, 6) = 2023-02-28 → **≥6**": (
        "2022-08-31",
        "2023-02-28",
        181,
        "5.9",
        {6: True},
    ),
}
IMPUTED = {
    "`2019-05` / `2019` | 2019-05-15 / 2019-07-01, flag imputed": None,
}
CLIPPED = {
    "death `2023-04`, last alive 2023-04-20 | 2023-04-20 (clipped)": ("2023-04-20", "2023-04-20"),
    "death `2023-04`, last alive 2023-03-02 | 2023-04-15": ("2023-03-02", "2023-04-15"),
}


@pytest.mark.parametrize(
    ("earlier", "later", "days", "months", "categories"), DURATIONS.values(), ids=DURATIONS
)
def test_durations(earlier: str, later: str, days: int, months: str, categories: dict[int, bool]) -> None:
    first, last = date.fromisoformat(earlier), date.fromisoformat(later)
    assert days_between(first, last) == days
    assert half_up(in_months(days, DEFAULT)) == months
    for count, reached in categories.items():
        assert at_least_months(Span(first, first, first), last, count) is reached


def test_months_are_kept_unrounded() -> None:
    assert in_months(181, DEFAULT) == Fraction(181) / Fraction("30.4375")
    assert half_up(in_months(181, DEFAULT), 3) == "5.947"
    assert half_up(in_months(365, DEFAULT), 3) == "11.992"


@pytest.mark.parametrize("row", IMPUTED)
def test_imputed_days(row: str) -> None:
    month, year = span_of(PartialDate("2019-05")), span_of(PartialDate("2019"))
    assert month == (date(2019, 5, 1), date(2019, 5, 31), date(2019, 5, 15))
    assert year == (date(2019, 1, 1), date(2019, 12, 31), date(2019, 7, 1))
    assert month is not None
    assert not month.is_exact


@pytest.mark.parametrize(("last_alive", "died"), CLIPPED.values(), ids=CLIPPED)
def test_death_is_clipped_to_the_last_evidence_of_life(last_alive: str, died: str) -> None:
    case = started(response=visits((last_alive, "PR")), follow_up=dead("2023-04"))
    answers = derived(case)
    assert answers["os_days"].value == (date.fromisoformat(died) - date(2022, 3, 10)).days
    assert answers["os_event"].value == 1
    assert "imputed" in answers["os_days"].reason


def test_a_neighbor_outside_the_bounds_moves_nothing() -> None:
    april = span_of(PartialDate("2023-04"))
    assert april is not None
    assert settle(april, date(2023, 5, 2), date(2023, 3, 2)) == date(2023, 4, 15)
    assert settle(april, not_after=date(2023, 4, 10)) == date(2023, 4, 10)
    assert settle(april, not_after=date(2023, 4, 1)) == date(2023, 4, 1)
    assert settle(april, not_after=date(2023, 3, 31)) == date(2023, 4, 15)
    assert settle(april, not_before=date(2023, 4, 30)) == date(2023, 4, 30)


def test_bounds_that_straddle_a_limit_decide_nothing() -> None:
    march = span_of(PartialDate("2022-03"))
    assert march is not None
    assert at_least_months(march, date(2022, 9, 30), 6) is True
    assert at_least_months(march, date(2022, 9, 15), 6) is None
    assert at_least_months(march, date(2022, 8, 31), 6) is False


def test_the_calendar_has_an_end() -> None:
    assert add_months(date(9999, 12, 1), 1) == date.max
    assert add_months(date(9999, 1, 31), 1) == date(9999, 2, 28)
    assert plus_days(date(9999, 12, 31), 1) == date.max
    assert span_of("2022") is None


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction("5.95"), 1, "6.0"),
        (Fraction("5.9499"), 1, "5.9"),
        (Fraction("-0.25"), 1, "-0.3"),
        (Fraction("-0.04"), 1, "0.0"),
        (Fraction("2.675"), 2, "2.68"),
        (Fraction("59.5"), 0, "60"),
    ],
)
def test_half_up(value: Fraction, decimals: int, text: str) -> None:
    assert half_up(value, decimals) == text
