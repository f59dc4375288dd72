"""C53, C55, C56: progression of the prior lines."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, line, started
from tests.registry.edit_checks.found import fires, said, where


@pytest.mark.parametrize(
    ("reason", "progressed", "expected"),
    [
        ("PD", "N", {"error"}),
        ("PD", NK, {"error"}),
        ("PD", "Y", set()),
        # Not answered yet: it is asked for, and nothing is contradicted.
        ("PD", None, set()),
        ("TOX", "N", set()),
    ],
)
def test_stopped_for_progression(reason: str, progressed: Any, expected: set[str]) -> None:
    case = started(prior_line=[line(1, line_stop_reason=reason, line_progressed=progressed)])
    assert fires("C53", case) == expected


@pytest.mark.parametrize(
    ("sign", "progressed", "expected"),
    [
        ({"crab_anemia": "Y"}, "N", {"query"}),
        ({"crab_anemia": "Y"}, "Y", set()),
        ({"crab_anemia": "Y"}, NK, set()),
        ({"crab_calcium": "Y"}, "N", {"query"}),
        ({"crab_renal": "Y"}, "N", {"query"}),
        ({"crab_bone": "Y"}, "N", {"query"}),
        ({"relapse_plasmacytoma_new": "Y"}, "N", {"query"}),
        ({"relapse_biochemical": "Y"}, "N", {"query"}),
        ({"relapse_biochemical": "N", "crab_anemia": "N"}, "N", set()),
        ({}, "N", set()),
    ],
)
def test_relapse(sign: dict[str, str], progressed: Any, expected: set[str]) -> None:
    case = started(prior_line=[line(1, line_progressed=progressed)], baseline=sign)
    assert fires("C55", case) == expected


def test_relapse_asks_the_last_line() -> None:
    lines = [line(2, "2021-01-01"), line(1, line_progressed="Y")]
    case = started(prior_line=lines, baseline={"crab_anemia": "Y"})
    assert where("C55", case) == {"prior_line 1 line_progressed": "query"}
    assert fires("C55", started(baseline={"crab_anemia": "Y"})) == set()


@pytest.mark.parametrize(
    ("progressed", "months"),
    [
        ("2021-04-10", 11),
        ("2021-04-11", 10),
        ("2022-01-10", None),
        # More than six months: exactly six are not.
        ("2021-09-10", None),
        ("2021-09-09", 6),
        ("2021-09", None),
        ("2021-08", 6),
        ("2021", None),
        (NK, None),
    ],
)
def test_untreated(progressed: Any, months: int | None) -> None:
    case = started(prior_line=[line(1, line_progressed="Y", line_progression_date=progressed)])
    message = f"{months} months untreated after progression: is a line missing?"
    assert said("C56", case) == ([message] if months else [])


def test_untreated_since_a_stop_for_progression_that_is_not_dated() -> None:
    undated = line(1, "2020-01-01", line_stop="2021-01-10", line_stop_reason="PD", line_progressed="Y")
    assert where("C56", started(prior_line=[undated])) == {"prior_line 1 line_stop": "query"}


def test_a_line_between_is_no_gap() -> None:
    early = line(1, "2018-01-01", line_progressed="Y", line_progression_date="2019-01-01")
    assert fires("C56", started(prior_line=[early, line(2, "2019-02-01")])) == set()
    assert fires("C56", {"prior_line": [early]}) == set()
