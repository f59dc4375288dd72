"""C16, C19: refractoriness as the source asserts it."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, drug, line, refractory, started
from tests.registry.edit_checks.found import fires, said, where

VTD_KRD = [drug("BOR", 1), drug("THAL", 1), drug("CAR", 2), drug("LEN", 2)]
TWO = [line(1), line(2, "2021-01-01")]


def test_refractory_to_a_drug_that_no_line_contains() -> None:
    case = started(prior_line=TWO, prior_line_drug=[*VTD_KRD, refractory("DARA", 3)])
    assert where("C16", case) == {"prior_line_drug 5 drug_refractory_asserted": "error"}
    assert said("C16", case) == ["Refractory to DARA, but no line contains it."]


@pytest.mark.parametrize(
    "rows",
    [
        [*VTD_KRD, refractory("DARA", 2)],
        [*VTD_KRD, drug("DARA", 2), refractory("DARA", 3)],
        [*VTD_KRD, drug("DARA", 3, drug_refractory_asserted="N")],
        # Its line is not entered yet.
        [*VTD_KRD, refractory("DARA", 3) | {"line_no_ref": None}],
    ],
)
def test_a_line_contains_it(rows: list[Any]) -> None:
    assert fires("C16", started(prior_line=TWO, prior_line_drug=rows)) == set()


def test_a_line_not_yet_numbered_may_contain_it() -> None:
    lines = [*TWO, line(3) | {"line_no": None}]
    assert fires("C16", started(prior_line=lines, prior_line_drug=[refractory("DARA", 3)])) == set()


@pytest.mark.parametrize(
    ("progressed", "asserted", "message"),
    [
        ("2021-04-01", "Y", "Dates say NO, source says YES."),
        ("2021-01-31", "Y", None),
        ("2021-01-31", "N", "Dates say YES, source says NO."),
        ("2021-04-01", "N", None),
        ("2021-01-31", NK, None),
        ("2021-01-31", None, None),
        # 45 to 75 days: the dates do not say.
        ("2021-03-02", "Y", None),
    ],
)
def test_dates_and_source(progressed: str, asserted: Any, message: str | None) -> None:
    last = "2021-01" if progressed == "2021-03-02" else "2021-01-01"
    row = line(1, line_progressed="Y", line_progression_date=progressed, line_best_response="PR")
    given = drug("LEN", 1, drug_last_dose=last, drug_refractory_asserted=asserted)
    case = started(prior_line=[row], prior_line_drug=[given])
    assert said("C19", case) == ([message] if message else [])
    assert fires("C19", case) <= {"query"}
