"""D16: disease status at the start of IsaPd."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, derived, drug, line, refractory, started, value

CRAB = ("crab_calcium", "crab_renal", "crab_anemia", "crab_bone", "relapse_plasmacytoma_new")
ALL_N = dict.fromkeys(CRAB, "N")
LAST_LINE = {
    "YES": refractory("LEN", 1),
    "NO": drug("LEN", 1, drug_refractory_asserted="N"),
    "NE": drug("LEN", 1),
}
ROWS = {
    "YES, Ca Y, Y | REFRACTORY": ("YES", ALL_N | {"crab_calcium": "Y"}, "Y", "REFRACTORY"),
    "NO, anemia Y, Y | SYMPTOMATIC": ("NO", ALL_N | {"crab_anemia": "Y"}, "Y", "SYMPTOMATIC"),
    "NO, all N, Y | BIOCHEMICAL": ("NO", ALL_N, "Y", "BIOCHEMICAL"),
    "NO, one NK rest N, Y | NE": ("NO", ALL_N | {"crab_bone": NK}, "Y", "NE"),
    "NO, all N, N | NE + query (why treated?)": ("NO", ALL_N, "N", "NE"),
    "NE, anemia Y, Y | NE": ("NE", ALL_N | {"crab_anemia": "Y"}, "Y", "NE"),
}


def status(rows: list[Any], baseline: dict[str, Any], **of_the_line: Any) -> dict[str, Any]:
    parent = line(1, line_progressed=NK, **of_the_line)
    return started(prior_line=[parent], prior_line_drug=rows, baseline=baseline)


@pytest.mark.parametrize(("refr", "crab", "biochemical", "expected"), ROWS.values(), ids=ROWS)
def test_disease_status(refr: str, crab: dict[str, Any], biochemical: str, expected: str) -> None:
    case = status([LAST_LINE[refr]], crab | {"relapse_biochemical": biochemical})
    assert value(case, "disease_status") == expected


def test_each_gap_has_its_own_reason() -> None:
    reasons = [
        derived(status(rows, baseline))["disease_status"].reason
        for rows, baseline in (
            ([LAST_LINE["NE"]], {}),
            ([LAST_LINE["NO"]], ALL_N | {"crab_bone": NK}),
            ([LAST_LINE["NO"]], ALL_N | {"relapse_biochemical": NK}),
            ([LAST_LINE["NO"]], ALL_N | {"relapse_biochemical": "N"}),
        )
    ]
    assert len(set(reasons)) == 4
    assert reasons[-1].endswith("why treated?")


def test_a_new_plasmacytoma_is_clinical_relapse() -> None:
    assert (
        value(status([LAST_LINE["NO"]], {"relapse_plasmacytoma_new": "Y"}), "disease_status") == "SYMPTOMATIC"
    )


def test_only_the_last_line_counts_and_only_in_it() -> None:
    # Lenalidomide refractory in line 1, given again without progression in line 2.
    case = started(
        prior_line=[line(1, line_progressed=NK), line(2)],
        prior_line_drug=[refractory("LEN", 1), drug("LEN", 2)],
        baseline=ALL_N | {"relapse_biochemical": "Y"},
    )
    assert value(case, "len_refractory") == "YES"
    assert value(case, "disease_status") == "BIOCHEMICAL"


def test_steroids_alone_are_no_active_drug() -> None:
    symptoms = {"crab_anemia": "Y"}
    assert value(status([refractory("DEX", 1)], symptoms), "disease_status") == "SYMPTOMATIC"


@pytest.mark.parametrize(("transplant", "expected"), [("AUTO1", "SYMPTOMATIC"), ("NONE", "NE"), (NK, "NE")])
def test_a_last_line_without_drugs(transplant: Any, expected: str) -> None:
    case = status([], {"crab_anemia": "Y"}, line_transplant=transplant)
    assert value(case, "disease_status") == expected


def test_without_prior_lines() -> None:
    assert value(started(baseline={"crab_anemia": "Y"}), "disease_status") == "NE"
