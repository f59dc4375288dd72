"""C20, C21: what was given before IsaPd."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, Raw, drug, line, started
from tests.registry.edit_checks.found import fires, where

TWO = [line(1), line(2, "2021-01-01")]


@pytest.mark.parametrize(
    ("doses", "rows"),
    [
        ([(2, "2021-06")], []),
        ([(2, NK)], [1]),
        ([(2, None)], [1]),
        ([(2, "2022-04-01")], [1]),
        ([(1, "2020-06"), (2, NK)], [2]),
        # The last line decides the interval: an earlier one need not be dated.
        ([(1, NK), (2, "2021-06")], []),
        ([], []),
    ],
)
def test_daratumumab_without_its_last_dose(doses: list[tuple[int, Any]], rows: list[int]) -> None:
    drugs = [drug("DARA", number, drug_last_dose=last) for number, last in doses]
    case = started(prior_line=TWO, prior_line_drug=[*drugs, drug("LEN", 1, drug_last_dose=NK)])
    assert where("C20", case) == {f"prior_line_drug {row} drug_last_dose": "warning" for row in rows}


@pytest.mark.parametrize(
    ("lines", "drugs", "expected"),
    [
        ([line(1)], ["LEN", "BOR"], {"warning"}),
        (TWO, ["LEN", "DEX", "DARA", "BOR"], set()),
        (TWO, ["LEN", "CAR"], set()),
        (TWO, ["LEN", "IXA"], set()),
        (TWO, ["BOR", "THAL"], {"warning"}),
        (TWO, ["LEN", "DARA"], {"warning"}),
        # A line that began with IsaPd is not before it.
        ([line(1), line(2, "2022-03-10")], ["LEN", "BOR"], {"warning"}),
        # Not entered yet.
        ([], [], set()),
        (TWO, [], set()),
        ([line(1)], [], {"warning"}),
    ],
)
def test_label(lines: list[Raw], drugs: list[str], expected: set[str]) -> None:
    case = started(prior_line=lines, prior_line_drug=[drug(code, 1) for code in drugs])
    assert fires("C21", case) == expected


def test_without_a_start_nothing_is_before_it() -> None:
    assert fires("C21", {"prior_line": [line(1)]}) == set()
    assert where("C21", started(prior_line=[line(1)])) == {"isapd_treatment 1 isapd_start_date": "warning"}
