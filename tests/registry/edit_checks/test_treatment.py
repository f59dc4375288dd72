"""C23 status of treatment, C25 first day, C27 dexamethasone, C52 toxicity."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, START, alive, dead, therapy
from tests.registry.edit_checks.fired import Fired, fired


def treated(**entries: Any) -> dict[str, Any]:
    return {"isapd_treatment": {"isapd_start_date": START} | entries}


STATUS = {
    "Y and DEAD": (treated(isapd_ongoing="Y") | {"follow_up": dead("2023-04-01")}, "isapd_ongoing"),
    "Y with end date": (treated(isapd_ongoing="Y", isapd_end_date="2022-08-25"), "isapd_ongoing"),
    "Y with next therapy": (
        treated(isapd_ongoing="Y") | {"subsequent_therapy": therapy("2022-09-20")},
        "isapd_ongoing",
    ),
    "Y with next therapy of unknown start": (
        treated(isapd_ongoing="Y") | {"subsequent_therapy": [{"subs_line_no": 1, "subs_drugs": ["TEC"]}]},
        "isapd_ongoing",
    ),
    "N without end date": (treated(isapd_ongoing="N"), "isapd_end_date"),
}
STATUS_PASSES = {
    "N, end date, DEAD": treated(isapd_ongoing="N", isapd_end_date="2022-08-25")
    | {"follow_up": dead("2023-04-01")},
    "Y and ALIVE": treated(isapd_ongoing="Y") | {"follow_up": alive("2023-04-01")},
    # Radiotherapy of a lesion is no next line.
    "Y with radiotherapy": treated(isapd_ongoing="Y") | {"subsequent_therapy": therapy("2022-09-20", "RT")},
    "not answered": treated() | {"follow_up": dead("2023-04-01")},
    "nothing": {},
}


@pytest.mark.parametrize(("case", "variable"), STATUS.values(), ids=STATUS)
def test_c23_status_against_the_other_forms(case: dict[str, Any], variable: str) -> None:
    text = "Treatment status contradicts other forms."
    assert fired("C23", case) == [Fired("error", "isapd_treatment", 0, variable, text)]


@pytest.mark.parametrize("case", STATUS_PASSES.values(), ids=STATUS_PASSES)
def test_c23_status_that_fits(case: dict[str, Any]) -> None:
    assert fired("C23", case) == []


@pytest.mark.parametrize(
    ("cycles", "index"),
    [
        ([(1, "2022-03-11")], 0),
        ([(2, "2022-04-07"), (1, "2022-03-09")], 1),
        ([(1, START)], None),
        ([(2, "2022-04-07")], None),
        ([(1, None)], None),
    ],
)
def test_c25_cycle_1_is_the_start(cycles: list[tuple[int, str | None]], index: int | None) -> None:
    rows = [{"cycle_no": number, "cycle_start": start} for number, start in cycles]
    text = "Cycle 1 day 1 must equal IsaPd start."
    expected = [] if index is None else [Fired("error", "isapd_cycle", index, "cycle_start", text)]
    assert fired("C25", treated() | {"isapd_cycle": rows}) == expected
    assert fired("C25", {"isapd_cycle": rows}) == []


@pytest.mark.parametrize(
    ("birth", "dose", "text"),
    [
        ("1942-03-10", "40", "Dexamethasone 40 mg at age 80: intended?"),
        ("1947-03-10", "40", ""),
        ("1947-03-10", "20", ""),
        ("1947-03-10", "10", "Dexamethasone 10 mg at age 75: intended?"),
        ("1947-03-11", "20", "Dexamethasone 20 mg at age 74: intended?"),
        ("1947-03-11", "40", ""),
        ("1946-03-10", "40", "Dexamethasone 40 mg at age 76: intended?"),
        ("1946-03-10", "20", ""),
        ("1955-06-15", "0", "Dexamethasone 0 mg at age 66: intended?"),
        # 74 or 75, 75 or 76: whatever fits one of them may be meant.
        ("1947", "20", ""),
        ("1946-03", "40", ""),
        ("1945", "40", "Dexamethasone 40 mg at age 76: intended?"),
        ("1955-06-15", NK, ""),
        (None, "20", ""),
    ],
)
def test_c27_dexamethasone_by_age(birth: Any, dose: Any, text: str) -> None:
    case = treated(dex_start_dose=dose) | {"demographics": {"birth_date": birth}}
    expected = [Fired("warning", "isapd_treatment", 0, "dex_start_dose", text)] if text else []
    assert fired("C27", case) == expected


def test_c27_needs_a_start() -> None:
    assert (
        fired("C27", {"isapd_treatment": {"dex_start_dose": "20"}, "demographics": {"birth_date": "1955"}})
        == []
    )


@pytest.mark.parametrize(
    ("reason", "actions", "fires"),
    [
        ("TOX", [], True),
        ("TOX", [["ISA_STOP"]], False),
        ("TOX", [["NONE"], ["POM_RED", "DEX_STOP"]], False),
        ("TOX", [["POM_RED"], NK], True),
        ("PD", [], False),
        (NK, [], False),
    ],
)
def test_c52_event_that_stopped_treatment(reason: Any, actions: list[Any], fires: bool) -> None:
    case = treated(isapd_stop_reason=reason) | {"adverse_event": [{"ae_action": each} for each in actions]}
    text = "Which event stopped treatment?"
    expected = [Fired("query", "isapd_treatment", 0, "isapd_stop_reason", text)] if fires else []
    assert fired("C52", case) == expected
