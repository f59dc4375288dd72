"""C05, C06: age at the start, and a diagnosis within life and before the start."""

from typing import Any

import pytest

from tests.registry.derivations.build import started
from tests.registry.edit_checks.found import fires, said


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2005-01-01", {"error"}),
        ("2004-03-10", {"warning"}),
        ("1982-03-11", {"warning"}),
        ("1982-03-10", set()),
        ("1954-06", set()),
        ("1931-03-11", set()),
        ("1931-03-10", {"warning"}),
    ],
)
def test_age(birth: str, expected: set[str]) -> None:
    assert fires("C05", started(demographics={"birth_date": birth})) == expected


def test_the_age_is_said() -> None:
    case = started(demographics={"birth_date": "2005-01-01"})
    assert said("C05", case) == ["Age at start is 17; check birth date."]


@pytest.mark.parametrize(
    ("diagnosed", "birth", "expected"),
    [
        ("2023", None, {"error"}),
        ("2022-03", None, set()),
        ("2022-04", None, {"error"}),
        ("2022-03-10", None, set()),
        ("2022-03-11", None, {"error"}),
        ("1953", "1954-06", {"error"}),
        ("1954-05", "1954-06", {"error"}),
        ("1954-06", "1954-06", set()),
        ("1954", "1954-06", set()),
        ("2018-03", "1954-06", set()),
    ],
)
def test_diagnosis_date(diagnosed: str, birth: Any, expected: set[str]) -> None:
    case = started(demographics={"birth_date": birth}, diagnosis={"dx_date": diagnosed})
    assert fires("C06", case) == expected


def test_a_diagnosis_without_its_date_or_a_start() -> None:
    assert fires("C06", started(diagnosis={"heavy_chain": "IGG"})) == set()
    assert fires("C06", {"diagnosis": {"dx_date": "2023"}}) == set()
