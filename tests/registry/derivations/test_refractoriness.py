"""D13 refractoriness per drug and class, D14 triple-class and penta-refractory."""

from typing import Any

import pytest

from registry.derivations.parameters import DEFAULT, NonresponseMeans, Parameters
from registry.derivations.refractoriness import undecided_rows
from registry.dictionary.facts import Facts
from tests.registry.derivations.build import NK, derived, drug, line, refractory, shown, started, value

FIRST, LAST = "2021-01-10", "2022-03-01"
START = "2023-01-10"
STRICT = Parameters(nonresponse_means=NonresponseMeans.PR)
NO_MINIMUM = Parameters(nonresponse_min_exposure_days=0)


def given(first: Any, last: Any, best: Any, **of_the_line: Any) -> dict[str, Any]:
    """One drug in one line; without more, the line did not progress."""
    asserted = of_the_line.pop("asserted", None)
    row = drug("LEN", 1, drug_start=first, drug_last_dose=last, drug_refractory_asserted=asserted)
    parent = line(1, "2021-01-10", line_stop=last, line_best_response=best, **of_the_line)
    return started(START, prior_line=[parent], prior_line_drug=[row])


def pd(when: Any) -> dict[str, Any]:
    return {"line_progressed": "Y", "line_progression_date": when}


ROWS: dict[str, list[tuple[Any, Parameters, str, str]]] = {
    "2021-01-10, 2022-03-01, VGPR, PD 2022-04-30 (60 d) | YES (R1)": [
        (given(FIRST, LAST, "VGPR", **pd("2022-04-30")), DEFAULT, "YES", "COMPUTED")
    ],
    "same, PD 2022-05-01 (61 d) | NO": [
        (given(FIRST, LAST, "VGPR", **pd("2022-05-01")), DEFAULT, "NO", "COMPUTED")
    ],
    "2021-01-10, 2022-03-01, SD, none | YES (R2)": [(given(FIRST, LAST, "SD"), DEFAULT, "YES", "COMPUTED")],
    "2021-01-10, 2021-01-24 (15 d), SD, none | NO (exposure <28 d)": [
        (given(FIRST, "2021-01-24", "SD"), DEFAULT, "NO", "COMPUTED"),
        (given(FIRST, "2021-01-24", "SD"), NO_MINIMUM, "YES", "COMPUTED"),
    ],
    "2021-01-10, 2022-03-01, MR, PD 2022-09-01 | NO (YES if `nonresponse_means` = PR)": [
        (given(FIRST, LAST, "MR", **pd("2022-09-01")), DEFAULT, "NO", "COMPUTED"),
        (given(FIRST, LAST, "MR", **pd("2022-09-01")), STRICT, "YES", "COMPUTED"),
    ],
    "last `2022-03`, PR, PD 2022-05-15 (45–75 d) | NE; asserted Y → YES (ASSERTED)": [
        (given(FIRST, "2022-03", "PR", **pd("2022-05-15")), DEFAULT, "NE", "COMPUTED"),
        (given(FIRST, "2022-03", "PR", asserted="Y", **pd("2022-05-15")), DEFAULT, "YES", "ASSERTED"),
        (given(FIRST, "2022-03", "PR", asserted="N", **pd("2022-05-15")), DEFAULT, "NO", "ASSERTED"),
        (given(FIRST, "2022-03", "PR", asserted=NK, **pd("2022-05-15")), DEFAULT, "NE", "COMPUTED"),
    ],
    "last `2021-09`, PR, PD 2022-11-20 | NO (all bounds >60)": [
        (given(FIRST, "2021-09", "PR", **pd("2022-11-20")), DEFAULT, "NO", "COMPUTED")
    ],
    "last 2022-03-01, PR, PD date NK, line stopped for PD 2022-03-01 | YES (R1b)": [
        (given(FIRST, LAST, "PR", **pd(NK), line_stop_reason="PD"), DEFAULT, "YES", "INFERRED")
    ],
    "2021-01-10, 2022-03-01, CR, stopped for toxicity | NO": [
        (given(FIRST, LAST, "CR", line_stop_reason="TOX"), DEFAULT, "NO", "COMPUTED")
    ],
}


@pytest.mark.parametrize("examples", ROWS.values(), ids=ROWS)
def test_one_drug_of_one_line(examples: list[tuple[Any, Parameters, str, str]]) -> None:
    for case, parameters, verdict, provenance in examples:
        answer = derived(case, parameters)["drug_refractory"]
        assert answer.value == {"LEN": verdict}
        assert answer.reason == f"LEN {verdict} {provenance}"


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        # Progression on the drug, before its last dose.
        (given(FIRST, LAST, "PR", **pd("2022-02-01")), "YES"),
        # Best response PD needs no dates.
        (given(NK, NK, "PD", **pd(NK)), "YES"),
        # Stable disease, exposure not known, or on both sides of 28 days.
        (given(NK, LAST, "SD"), "NE"),
        (given("2022-02", LAST, "SD"), "NE"),
        (given("2022-02-03", "2022-03-02", "SD"), "YES"),
        (given("2022-02-03", "2022-03-01", "SD"), "NO"),
        # Response unknown, or not evaluable: the exposure decides only when it was short.
        (given(FIRST, LAST, NK), "NE"),
        (given(FIRST, LAST, "NE"), "NE"),
        (given(FIRST, "2021-01-24", NK), "NO"),
        (given(NK, NK, NK), "NE"),
        # Progressed, or perhaps progressed, nobody knows when.
        (given(FIRST, LAST, "PR", **pd(NK)), "NE"),
        (given(FIRST, LAST, "PR", line_progressed=NK), "NE"),
        (given(FIRST, LAST, "PR", line_progressed=None), "NE"),
        # At the limit: 60 to 90 days is open, 61 to 91 is not.
        (given(FIRST, "2022-03", "PR", **pd("2022-05-30")), "NE"),
        (given(FIRST, "2022-03", "PR", **pd("2022-05-31")), "NO"),
        # Progression known, last dose not.
        (given(FIRST, NK, "PR", **pd("2022-05-15")), "NE"),
        # Stopped for progression, but neither date is known.
        (given(FIRST, LAST, "PR", line_progressed="N", line_stop_reason="PD") | {}, "YES"),
    ],
)
def test_what_decides_and_what_does_not(case: dict[str, Any], verdict: str) -> None:
    assert value(case, "drug_refractory") == {"LEN": verdict}


def test_stopped_for_progression_on_an_unknown_day() -> None:
    case = given(FIRST, LAST, "PR", line_progressed="N", line_stop_reason="PD")
    case["prior_line"][0]["line_stop"] = NK
    assert value(case, "drug_refractory") == {"LEN": "NE"}


def test_a_late_inferred_progression_is_told_as_inferred() -> None:
    case = given(FIRST, "2021-09-01", "PR", **pd(NK), line_stop_reason="PD")
    case["prior_line"][0]["line_stop"] = LAST
    assert derived(case)["drug_refractory"].reason == "LEN NO INFERRED"


def test_sixty_days_count_from_the_drugs_own_last_dose() -> None:
    # Dara-VMP: bortezomib stopped long before daratumumab, which the patient progressed on.
    parent = line(1, "2020-01-01", line_stop="2021-06-30", **pd("2021-07-10"))
    rows = [
        drug("DARA", 1, drug_start="2020-01-01", drug_last_dose="2021-06-30"),
        drug("BOR", 1, drug_start="2020-01-01", drug_last_dose="2020-08-15"),
    ]
    case = started(prior_line=[parent], prior_line_drug=rows)
    assert value(case, "drug_refractory") == {"BOR": "NO", "DARA": "YES"}


def lines_of_len(*verdicts: str) -> dict[str, Any]:
    """Lenalidomide in several lines, in each with that verdict."""
    progression = {"YES": pd(LAST), "NO": {}, "NE": pd(NK), "ASSERTED": pd(NK)}
    lines = [
        line(number, "2021-01-10", line_stop=LAST, **progression[verdict])
        for number, verdict in enumerate(verdicts, 1)
    ]
    rows = [
        drug("LEN", number, drug_start=FIRST, drug_last_dose=LAST)
        | ({"drug_refractory_asserted": "Y"} if verdict == "ASSERTED" else {})
        for number, verdict in enumerate(verdicts, 1)
    ]
    return started(START, prior_line=lines, prior_line_drug=rows)


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        (("NO", "YES", "NO"), "LEN YES COMPUTED"),
        (("NO", "NE"), "LEN NE COMPUTED"),
        (("NO", "NO"), "LEN NO COMPUTED"),
        (("ASSERTED", "NE"), "LEN YES ASSERTED"),
        (("ASSERTED", "YES"), "LEN YES COMPUTED"),
    ],
)
def test_refractory_in_any_line(verdicts: tuple[str, ...], reason: str) -> None:
    assert derived(lines_of_len(*verdicts))["drug_refractory"].reason == reason
    assert derived(lines_of_len(*verdicts[::-1]))["drug_refractory"].reason == reason


def test_a_drug_without_its_line_can_only_be_asserted() -> None:
    rows = [drug("LEN", 4, drug_refractory_asserted="Y"), drug("BOR", 4), drug("POM", 2), {"drug": "DARA"}]
    case = started(prior_line=[line(1), line(2), line(2)], prior_line_drug=rows)
    assert value(case, "drug_refractory") == {"BOR": "NE", "DARA": "NE", "LEN": "YES", "POM": "NE"}


def test_a_row_without_a_drug_is_none() -> None:
    case = started(prior_line=[line(1)], prior_line_drug=[{"line_no_ref": 1}])
    assert derived(case)["drug_refractory"].reason == "No drug of a prior line is recorded"


def test_undecided_rows_are_those_where_the_source_is_asked() -> None:
    case = given(FIRST, "2022-03", "PR", asserted="Y", **pd("2022-05-15"))
    case["prior_line_drug"] += [
        drug("BOR", 1, drug_start=FIRST, drug_last_dose="2021-09-01"),
        {"line_no_ref": 1},
        drug("DEX", 9),
    ]
    facts = Facts.from_json(case)
    assert undecided_rows(facts) == {0, 3}
    assert undecided_rows(facts, Parameters(refractory_window_days=80)) == {3}


def classes(*rows: dict[str, Any]) -> dict[str, Any]:
    return started(prior_line=[line(1, line_progressed=NK)], prior_line_drug=list(rows))


def test_classes() -> None:
    case = classes(refractory("ISA", 1), drug("BOR", 1, drug_refractory_asserted="N"), drug("THAL", 1))
    answers = derived(case)
    assert shown(answers["cd38_refractory"]) == "YES"
    assert shown(answers["dara_refractory"]) == "NOT_EXPOSED"
    assert shown(answers["pi_refractory"]) == "NO"
    assert shown(answers["imid_refractory"]) == "NE"
    assert shown(answers["len_refractory"]) == "NOT_EXPOSED"
    assert answers["cd38_refractory"].reason == "ISA YES ASSERTED"


def test_celmods_are_no_imids() -> None:
    assert value(classes(refractory("CELMOD", 1)), "imid_refractory") == "NOT_EXPOSED"


@pytest.mark.parametrize("verdict", ["Y", "N", None])
def test_one_yes_makes_a_class_refractory_whatever_the_others(verdict: str | None) -> None:
    case = classes(drug("BOR", 1, drug_refractory_asserted=verdict), refractory("CAR", 1))
    assert value(case, "pi_refractory") == "YES"


BOR_NO = drug("BOR", 1, drug_refractory_asserted="N")
D14 = {
    "DARA, LEN (BOR exposed, NO) | NO | NO": (
        [refractory("DARA", 1), refractory("LEN", 1), BOR_NO],
        "NO",
        "NO",
    ),
    "DARA, LEN, CAR | YES | NO": ([refractory(code, 1) for code in ("DARA", "LEN", "CAR")], "YES", "NO"),
    "DARA, LEN, POM, BOR, CAR | YES | YES": (
        [refractory(code, 1) for code in ("DARA", "LEN", "POM", "BOR", "CAR")],
        "YES",
        "YES",
    ),
    "DARA, LEN, BOR = NE | NE | NO": (
        [refractory("DARA", 1), refractory("LEN", 1), drug("BOR", 1)],
        "NE",
        "NO",
    ),
    "DARA, LEN (never a PI) | NO | NO": ([refractory("DARA", 1), refractory("LEN", 1)], "NO", "NO"),
}


@pytest.mark.parametrize(("rows", "tcr", "penta"), D14.values(), ids=D14)
def test_triple_class_and_penta(rows: list[Any], tcr: str, penta: str) -> None:
    answers = derived(classes(*rows))
    assert [shown(answers[name]) for name in ("tcr", "penta_refractory")] == [tcr, penta]


def test_penta_is_open_while_one_drug_is() -> None:
    rows = [refractory(code, 1) for code in ("DARA", "LEN", "POM", "BOR")]
    assert value(classes(*rows, drug("CAR", 1)), "penta_refractory") == "NE"
