"""D12: prior lines and transplant."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, derived, drug, line, shown, started, value

# What a line is, is decided by who enters it (Rajkumar 2015); these rows show the entries each history makes.
HISTORIES = {
    "VTd → ASCT → VTd consolidation → len maintenance → PD → Dara-Vd | 2": (
        [line(1, "2018-01-10", line_transplant="AUTO1", line_progressed="Y"), line(2, "2020-03-05")],
        2,
        "YES",
    ),
    "Rd; PD; dara **added** to Rd | 2": ([line(1, "2018-01-10"), line(2, "2019-05-01")], 2, "NO"),
    "Dara-VMP, bortezomib stopped at cycle 9, dara continues | 1": ([line(1, "2018-01-10")], 1, "NO"),
    "VCd → switched to VRd for insufficient response | 2": (
        [line(1, "2018-01-10", line_stop_reason="NORESP"), line(2, "2018-04-01")],
        2,
        "NO",
    ),
    "VRd → ASCT → (planned tandem) ASCT at 3 months | 1": (
        [line(1, "2018-01-10", line_transplant="AUTO2")],
        1,
        "YES",
    ),
    "VRd → ASCT → PD → Kd induction → second ASCT planned as part of that relapse treatment | 2 `[K]`": (
        [line(1, "2018-01-10", line_transplant="AUTO1"), line(2, "2020-01-10", line_transplant="AUTO1")],
        2,
        "YES",
    ),
}


@pytest.mark.parametrize(("lines", "count", "transplant"), HISTORIES.values(), ids=HISTORIES)
def test_n_prior_lines(lines: list[Any], count: int, transplant: str) -> None:
    answers = derived(started(prior_line=lines))
    assert answers["n_prior_lines"].value == count
    assert answers["prior_asct"].value == transplant


@pytest.mark.parametrize(("count", "group"), [(0, "NE"), (1, "1"), (2, "2"), (3, "3"), (4, "≥4"), (7, "≥4")])
def test_prior_lines_group(count: int, group: str) -> None:
    lines = [line(number + 1, f"20{10 + number}-01-01") for number in range(count)]
    answers = derived(started(prior_line=lines))
    assert answers["n_prior_lines"].value == count
    assert shown(answers["prior_lines_group"]) == group


@pytest.mark.parametrize(
    ("start", "counts"),
    [("2022-03-09", 1), ("2022-03-10", 0), ("2022-03", 1), ("2022-04", 0), (NK, 1), (None, 1)],
)
def test_a_line_counts_unless_it_certainly_began_with_isapd_or_later(start: Any, counts: int) -> None:
    assert value(started(prior_line=[line(1, start)]), "n_prior_lines") == counts


def test_a_line_that_began_with_isapd_takes_its_drugs_along() -> None:
    case = started(
        prior_line=[line(1), line(2, "2022-03-10")], prior_line_drug=[drug("LEN", 1), drug("BOR", 2)]
    )
    assert list(value(case, "drug_refractory")) == ["LEN"]


@pytest.mark.parametrize(
    ("transplants", "answer"),
    [
        (["NONE", "AUTO_ALLO"], "YES"),
        (["ALLO", "NONE"], "NO"),
        (["NONE", NK], "NE"),
        (["AUTO2", NK], "YES"),
        ([], "NO"),
    ],
)
def test_prior_asct(transplants: list[Any], answer: str) -> None:
    lines = [line(number, line_transplant=kind) for number, kind in enumerate(transplants, 1)]
    assert value(started(prior_line=lines), "prior_asct") == answer


def test_without_a_start_nothing_is_prior() -> None:
    answers = derived({"prior_line": [line(1)]})
    for name in ("n_prior_lines", "prior_lines_group", "prior_asct"):
        assert (shown(answers[name]), answers[name].reason) == ("NE", "The first dose of IsaPd is missing")
