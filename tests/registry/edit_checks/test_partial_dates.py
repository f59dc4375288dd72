"""C49: partial dates that alone keep a yes or no open."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, Raw, drug, line, started
from tests.registry.edit_checks.found import said, where

LAST = "prior_line_drug 1 drug_last_dose"
FIRST = "prior_line_drug 1 drug_start"
PROGRESSED = "prior_line 1 line_progression_date"


def case(first: Any, last: Any, best: str, code: str = "BOR", asserted: Any = None, **of_line: Any) -> Raw:
    given = drug(code, 1, drug_start=first, drug_last_dose=last, drug_refractory_asserted=asserted)
    row = line(1, "2021-01-01", line_stop=NK, line_best_response=best, **of_line)
    return started("2022-06-30", prior_line=[row], prior_line_drug=[given])


def progressed(when: Any) -> Raw:
    return {"line_progressed": "Y", "line_progression_date": when}


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        # 45 to 75 days, then 45.
        (case("2021-01-10", "2022-03", "PR", **progressed("2022-05-15")), LAST),
        (case("2021-01-10", "2022-03-31", "PR", **progressed("2022-05-15")), None),
        (case("2021-01-10", "2022-02-20", "PR", **progressed("2022-04")), PROGRESSED),
        (case("2021-01-10", "2022-03", "PR", **progressed("2022-05")), LAST),
        # No month of theirs would make it 60 days or less, or more.
        (case("2021-01-10", "2021-09", "PR", **progressed("2022-11-20")), None),
        # Exposure of 28 days or not, without a response.
        (case("2021-01", "2021-02-10", "SD"), FIRST),
        (case("2021-01-10", "2021-02", "SD"), LAST),
        (case("2021-01-10", "2021-02", "PR"), None),
        # A whole date alone would not tell.
        (case("2021-01-10", NK, "PR", **progressed("2022-05")), None),
        (case("2021-01-10", "2022-03", "PR", **progressed(NK)), None),
        # The source decides.
        (case("2021-01-10", "2022-03", "PR", asserted="Y", **progressed("2022-05-15")), None),
        (case("2021-01-10", "2022-03", "PR", asserted=NK, **progressed("2022-05-15")), LAST),
    ],
)
def test_refractoriness(entries: Raw, place: str | None) -> None:
    assert where("C49", entries) == ({place: "query"} if place else {})


def test_the_stop_of_a_line_that_stopped_for_progression() -> None:
    entries = case("2021-01-10", "2022-02-20", "PR", line_stop_reason="PD", **progressed(NK))
    entries["prior_line"][0]["line_stop"] = "2022-04"
    assert where("C49", entries) == {"prior_line 1 line_stop": "query"}


@pytest.mark.parametrize(
    ("code", "derived"),
    [
        ("DARA", "dara_refractory"),
        ("ISA", "cd38_refractory"),
        ("BOR", "pi_refractory"),
        ("LEN", "len_refractory"),
        ("POM", "imid_refractory"),
        ("CYC", "drug_refractory"),
    ],
)
def test_what_it_would_settle(code: str, derived: str) -> None:
    entries = case("2021-01-10", "2022-03", "PR", code, **progressed("2022-05-15"))
    entries["isapd_treatment"] = {"isapd_start_date": "2023-12-10"}
    assert said("C49", entries) == [f"A day or month here would settle {derived}."]


def test_a_class_that_another_drug_settles_leaves_the_drug_open() -> None:
    entries = case("2021-01-10", "2022-03", "PR", **progressed("2022-05-15"))
    entries["prior_line_drug"].append(drug("CAR", 1, drug_start="2021-02-01", drug_last_dose="2022-05-01"))
    assert said("C49", entries) == ["A day or month here would settle drug_refractory."]


def test_a_drug_that_another_line_settles_is_not_asked_about() -> None:
    entries = case("2021-01-10", "2022-03", "PR", **progressed("2022-05-15"))
    entries["prior_line"].append(line(2, "2022-05-20", line_best_response="PD"))
    entries["prior_line_drug"].append(drug("BOR", 2))
    assert where("C49", entries) == {}


@pytest.mark.parametrize(
    ("doses", "place"),
    [
        (["2021-09"], LAST),
        (["2021-09-11"], None),
        (["2021-05"], None),
        (["2021"], LAST),
        (["2021-05", "2021-09"], "prior_line_drug 2 drug_last_dose"),
    ],
)
def test_the_interval_since_daratumumab(doses: list[str], place: str | None) -> None:
    drugs = [drug("DARA", number, drug_last_dose=last) for number, last in enumerate(doses, 1)]
    lines = [line(number, "2020-01-01") for number in range(1, len(doses) + 1)]
    entries = started("2022-03-10", prior_line=lines, prior_line_drug=drugs)
    assert where("C49", entries) == ({place: "query"} if place else {})
    assert said("C49", entries) in ([], ["A day or month here would settle dara_int_ge6."])


@pytest.mark.parametrize(
    ("birth", "place"),
    [("2004", True), ("2004-03", True), ("2004-02", False), ("2004-03-10", False), ("1954", False)],
)
def test_an_adult(birth: str, place: bool) -> None:
    entries = started(demographics={"birth_date": birth})
    assert where("C49", entries) == ({"demographics 1 birth_date": "query"} if place else {})
    assert where("C49", {"demographics": {"birth_date": birth}}) == {}
