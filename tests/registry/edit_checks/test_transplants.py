"""C10, C22: transplants within the prior lines, and the maintenance after them."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, Raw, drug, line, started
from tests.registry.edit_checks.found import fires, where


def transplanted(stop: Any = "2019-06-01", **more: Any) -> Raw:
    return line(1, "2018-12-01", line_transplant="AUTO1", line_stop=stop) | more


@pytest.mark.parametrize(
    ("first", "start", "drugs", "expected"),
    [
        (transplanted(), "2019-09-01", ["LEN"], {"query"}),
        (transplanted(line_progressed="Y"), "2019-09-01", ["LEN", "DEX"], set()),
        (transplanted(line_progressed="Y"), "2019-09-01", ["LEN"], set()),
        (transplanted(line_stop_reason="PD"), "2019-09-01", ["LEN"], set()),
        (transplanted(line_progressed=NK), "2019-09-01", ["LEN"], set()),
        (transplanted(), "2019-09-01", ["LEN", "DEX"], set()),
        (transplanted(), "2019-09-01", ["BOR"], set()),
        (transplanted(), "2019-09-01", [], set()),
        (transplanted(line_transplant="NONE"), "2019-09-01", ["LEN"], set()),
        (transplanted(line_transplant=NK), "2019-09-01", ["LEN"], set()),
        (transplanted(), "2019-11-28", ["LEN"], {"query"}),
        (transplanted(), "2019-11-29", ["LEN"], set()),
        (transplanted("2019-06"), "2019-09", ["LEN"], {"query"}),
        (transplanted("2019"), "2019-09", ["LEN"], set()),
        (transplanted(NK, line_transplant_date="2019-05-01"), "2019-09-01", ["LEN"], {"query"}),
        (transplanted(NK), "2019-09-01", ["LEN"], set()),
        (transplanted(), NK, ["LEN"], set()),
    ],
)
def test_maintenance(first: Raw, start: Any, drugs: list[str], expected: set[str]) -> None:
    case = started(prior_line=[first, line(2, start)], prior_line_drug=[drug(code, 2) for code in drugs])
    assert fires("C10", case) == expected


def test_maintenance_is_asked_about_at_its_own_line() -> None:
    case = started(prior_line=[line(2, "2019-09-01"), transplanted()], prior_line_drug=[drug("LEN", 2)])
    assert where("C10", case) == {"prior_line 1 line_no": "query"}


@pytest.mark.parametrize(
    ("when", "start", "stop", "expected"),
    [
        ("2019-01", "2019-06", "2019-12", {"error"}),
        ("2019-06", "2019-06", "2019-12", set()),
        ("2019-06-14", "2019-06-15", "2019-12", {"error"}),
        ("2019-12-31", "2019-06", "2019-12", set()),
        ("2020-01", "2019-06", "2019-12", {"error"}),
        ("2019", "2019-06", "2019-12", set()),
        (NK, "2019-06", "2019-12", set()),
        ("2019-01", NK, NK, set()),
    ],
)
def test_date_within_the_line(when: Any, start: Any, stop: Any, expected: set[str]) -> None:
    row = line(1, start, line_stop=stop, line_transplant="AUTO1", line_transplant_date=when)
    assert fires("C22", started(prior_line=[row])) == expected


def test_a_date_of_no_transplant() -> None:
    row = line(1, line_transplant="NONE", line_transplant_date="2020-01-01")
    assert where("C22", started(prior_line=[row])) == {"prior_line 1 line_transplant_date": "error"}


@pytest.mark.parametrize(
    ("transplant", "drugs", "expected"),
    [
        ("AUTO1", ["BOR"], {"query"}),
        ("AUTO2", ["BOR"], {"query"}),
        ("AUTO_ALLO", ["BOR"], {"query"}),
        ("AUTO1", ["BOR", "MEL"], set()),
        ("ALLO", ["BOR"], set()),
        ("NONE", ["BOR"], set()),
        # The drugs are not entered yet.
        ("AUTO1", [], set()),
    ],
)
def test_melphalan(transplant: str, drugs: list[str], expected: set[str]) -> None:
    row = line(1, line_transplant=transplant)
    case = started(prior_line=[row], prior_line_drug=[drug(code, 1) for code in drugs])
    assert fires("C22", case) == expected


def test_a_line_without_its_number_is_asked_for_no_drug() -> None:
    row = line(1, line_transplant="AUTO1") | {"line_no": None}
    assert fires("C22", started(prior_line=[row], prior_line_drug=[drug("BOR", 1)])) == set()
