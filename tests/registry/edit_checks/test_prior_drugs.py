"""C17, C18: a drug belongs to a line, and its dates to the line's dates."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, Raw, drug, line, started
from tests.registry.edit_checks.found import fires, said, where

THREE = [line(1), line(2), line(3)]
FILLED = [drug("BOR", 1), drug("LEN", 2), drug("DARA", 3)]


def test_every_drug_has_its_line() -> None:
    assert fires("C17", started(prior_line=THREE, prior_line_drug=FILLED)) == set()
    stray = [*FILLED, drug("CAR", 4)]
    case = started(prior_line=THREE, prior_line_drug=stray)
    assert where("C17", case) == {"prior_line_drug 4 line_no_ref": "error"}
    assert fires("C17", started(prior_line_drug=[drug("BOR", 1)])) == {"error"}


def test_a_line_or_a_drug_without_its_number_may_be_the_missing_one() -> None:
    unnumbered = line(1) | {"line_no": None}
    assert fires("C17", started(prior_line=[unnumbered], prior_line_drug=[drug("BOR", 1)])) == set()
    undecided = drug("BOR", 1) | {"line_no_ref": None}
    assert fires("C17", started(prior_line=[line(1)], prior_line_drug=[undecided])) == set()


@pytest.mark.parametrize(
    ("transplant", "expected"),
    [("NONE", {"prior_line 3 line_no": "error"}), ("AUTO1", {}), (NK, {}), (None, {})],
)
def test_an_empty_line(transplant: Any, expected: dict[str, str]) -> None:
    lines = [line(1), line(2), line(3, line_transplant=transplant)]
    assert where("C17", started(prior_line=lines, prior_line_drug=FILLED[:2])) == expected


def test_a_drug_without_its_name_fills_its_line() -> None:
    lines = [line(1), line(2)]
    case = started(prior_line=lines, prior_line_drug=[drug("BOR", 1), {"line_no_ref": 2}])
    assert fires("C17", case) == set()


def test_lines_are_entered_before_their_drugs() -> None:
    assert fires("C17", started(prior_line=THREE)) == set()


@pytest.mark.parametrize(
    ("dates", "variables"),
    [
        ({"drug_last_dose": "2021-08"}, ["drug_last_dose"]),
        ({"drug_last_dose": "2021-06"}, []),
        ({"drug_last_dose": "2021-07-01"}, ["drug_last_dose"]),
        ({"drug_last_dose": "2021"}, []),
        ({"drug_start": "2020-12"}, ["drug_start"]),
        ({"drug_start": "2021-01-01"}, []),
        ({"drug_start": "2021-01"}, []),
        ({"drug_start": "2020-12", "drug_last_dose": "2021-08"}, ["drug_start", "drug_last_dose"]),
        ({"drug_start": NK, "drug_last_dose": NK}, []),
    ],
)
def test_dates_of_a_drug(dates: Raw, variables: list[str]) -> None:
    row = line(1, "2021-01-01", line_stop="2021-06")
    case = started(prior_line=[row], prior_line_drug=[drug("BOR", 1, **dates)])
    assert list(where("C18", case)) == [f"prior_line_drug 1 {name}" for name in variables]
    assert said("C18", case) == ["Drug dates outside line 1."] * len(variables)


def test_a_line_without_dates_or_none_at_all() -> None:
    given = drug("BOR", 1, drug_start="2019-01", drug_last_dose="2023-01")
    undated = line(1, NK, line_stop=NK)
    assert fires("C18", started(prior_line=[undated], prior_line_drug=[given])) == set()
    assert fires("C18", started(prior_line=[], prior_line_drug=[given])) == set()
