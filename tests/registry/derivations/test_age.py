"""D02: age at the start of IsaPd."""

import pytest

from tests.registry.derivations.build import NK, derived, shown, started

ROWS = {
    "1955-03-01, 2022-02-28 | 66 | <70": [("1955-03-01", "2022-02-28", 66, "<70", "NO")],
    "1955-03-01, 2022-03-01 | 67 | <70": [("1955-03-01", "2022-03-01", 67, "<70", "NO")],
    "1952-02-29, 2022-02-28 / 2022-03-01 | 69 / 70 | <70 / ≥70": [
        ("1952-02-29", "2022-02-28", 69, "<70", "NO"),
        ("1952-02-29", "2022-03-01", 70, "≥70", "NO"),
    ],
    "1952-07, 2022-07-10 | 69 (bounds 69–70 → ambiguous) | <70 + query": [
        ("1952-07", "2022-07-10", 69, "<70", "YES")
    ],
    "1952, 2022-03-01 | 69 (bounds 69–70 → ambiguous) | <70 + query": [
        ("1952", "2022-03-01", 69, "<70", "YES")
    ],
}


@pytest.mark.parametrize("examples", ROWS.values(), ids=ROWS)
def test_age(examples: list[tuple[str, str, int, str, str]]) -> None:
    for birth, start, age, group, ambiguous in examples:
        answers = derived(started(start, demographics={"birth_date": birth}))
        names = ("age_at_start", "age_group", "age_ambiguous")
        assert [shown(answers[name]) for name in names] == [age, group, ambiguous]


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (started(), "The date of birth is missing"),
        ({"demographics": {"birth_date": "1955-03"}}, "The first dose of IsaPd is missing"),
        (started(demographics={"birth_date": "2022-04"}), "The date of birth is after the start of IsaPd"),
    ],
)
def test_without_both_dates_age_is_not_evaluable(case: dict, reason: str) -> None:
    answers = derived(case)
    assert answers["age_at_start"].value is None
    assert answers["age_at_start"].reason == reason
    assert answers["age_group"].status == "NE"


def test_a_birth_year_of_the_start_is_age_zero() -> None:
    assert derived(started(demographics={"birth_date": "2022"}))["age_at_start"].value == 0


def test_the_last_dose_not_known_is_no_date() -> None:
    answers = derived(started(demographics={"sex": "F"}, diagnosis={"dx_date": NK}))
    assert answers["age_ambiguous"].status == "NE"
