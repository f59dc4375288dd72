"""C07, C08, C09, C54: prior lines follow each other."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, Raw, line, started
from tests.registry.edit_checks.found import fires, said, where


def dated(number: int, start: Any, stop: Any = NK, **more: Any) -> Raw:
    return line(number, start, line_stop=stop, **more)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([dated(1, "2019-06"), dated(2, "2019-01")], "prior_line 2 line_start"),
        ([dated(1, "2019-06"), dated(2, "2019-06")], None),
        ([dated(1, "2019-06-15"), dated(2, "2019-06")], None),
        ([dated(1, "2019-06-15"), dated(2, "2019-06-14")], "prior_line 2 line_start"),
        ([dated(1, "2019-06"), dated(2, NK)], None),
        ([dated(1, "2019-06", "2019-05")], "prior_line 1 line_stop"),
        ([dated(1, "2019-06", "2019-06")], None),
        ([dated(1, "2019-06-15", "2019")], None),
        ([dated(1, NK, "2019-05")], None),
        # The start of IsaPd is 2022-03-10.
        ([dated(1, "2019-06", "2022-03-11")], "prior_line 1 line_stop"),
        ([dated(1, "2019-06", "2022-03-10")], None),
        ([dated(1, "2019-06", "2022-03")], None),
        ([dated(1, "2019-06", "2022-04")], "prior_line 1 line_stop"),
        # Across a gap in the numbers, which C09 names.
        ([dated(3, "2019-01"), dated(1, "2019-06")], "prior_line 1 line_start"),
        # Of two lines with one number nobody knows which comes first.
        ([dated(1, "2019-06"), dated(1, "2019-01")], None),
    ],
)
def test_dates_in_order(lines: list[Raw], place: str | None) -> None:
    assert where("C07", started(prior_line=lines)) == ({place: "error"} if place else {})


@pytest.mark.parametrize(
    ("stop", "start", "expected"),
    [
        ("2020-05-01", "2020-04-01", {"warning"}),
        ("2020-05-01", "2020-05-02", set()),
        ("2020-05-01", "2020-05-01", set()),
        ("2020-05", "2020-05-01", set()),
        ("2020-05", "2020-04", {"warning"}),
        ("2020", "2020-04", set()),
        (NK, "2020-04", set()),
        ("2020-05", NK, set()),
    ],
)
def test_overlap(stop: Any, start: Any, expected: set[str]) -> None:
    case = started(prior_line=[dated(1, "2019-01-01", stop), dated(2, start)])
    assert fires("C08", case) == expected


@pytest.mark.parametrize(
    ("numbers", "rows"),
    [
        ([1, 3], [2]),
        ([1, 2, 3], []),
        ([3, 1, 2], []),
        ([2, 3], [1]),
        ([1, 1], [1, 2]),
        ([1, 2, 2, 3], [2, 3]),
        ([], []),
        # A line without its number is unfinished, and may be the missing one.
        ([1, None, 3], []),
        ([1, None, 1], [1, 3]),
    ],
)
def test_numbers(numbers: list[int | None], rows: list[int]) -> None:
    lines = [dated(1, "2019-01-01") | {"line_no": number} for number in numbers]
    assert where("C09", started(prior_line=lines)) == {f"prior_line {row} line_no": "error" for row in rows}


@pytest.mark.parametrize(
    ("progressed", "following", "expected"),
    [
        ("2020-06", "2020-03", {"error"}),
        ("2020-06", "2020-06", set()),
        ("2020-06-01", "2020-06-01", set()),
        ("2020-06-02", "2020-06-01", {"error"}),
        ("2020", "2020-06-01", set()),
        (NK, "2020-06-01", set()),
        ("2020-06-02", NK, set()),
    ],
)
def test_progression_before_the_next_line(progressed: Any, following: Any, expected: set[str]) -> None:
    lines = [
        dated(1, "2019-01-01", line_progressed="Y", line_progression_date=progressed),
        dated(2, following),
    ]
    assert fires("C54", started(prior_line=lines)) == expected


def test_the_lines_are_named() -> None:
    lines = [
        dated(2, "2020-03"),
        dated(1, "2019-01", line_progressed="Y", line_progression_date="2020-06"),
    ]
    case = started(prior_line=lines)
    assert where("C54", case) == {"prior_line 2 line_progression_date": "error"}
    assert said("C54", case) == ["Line 1 progressed after line 2 began."]
