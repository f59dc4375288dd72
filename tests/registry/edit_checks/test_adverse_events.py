"""C38, C39: fatal events, and late ones that are called related."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, Raw, alive, dead, started
from tests.registry.edit_checks.found import where

OUTCOME, GRADE, END = (f"adverse_event 1 {name}" for name in ("ae_outcome", "ae_grade", "ae_end"))


def event(**entries: Any) -> Raw:
    return {"ae_term": "SEPSIS", "ae_start": "2022-06-01", **entries}


@pytest.mark.parametrize(
    ("entries", "contacts", "places"),
    [
        (event(ae_grade="5"), alive("2022-07-01"), [GRADE]),
        (event(ae_grade="5", ae_outcome="FATAL"), alive("2022-07-01"), [OUTCOME]),
        (event(ae_grade="4", ae_outcome="FATAL"), alive("2022-07-01"), [OUTCOME]),
        (event(ae_grade="5", ae_outcome="FATAL"), dead("2022-06-20"), []),
        (event(ae_grade="5", ae_outcome="FATAL"), [*alive("2022-06-10"), *dead("2022-06-20")], []),
        (event(ae_grade="5", ae_outcome="NOTRES"), dead("2022-06-20"), [OUTCOME]),
        (event(ae_grade="5", ae_outcome=NK), dead("2022-06-20"), []),
        (event(ae_grade="3", ae_outcome="RESOLVED"), alive("2022-07-01"), []),
        (event(ae_grade="5", ae_outcome="FATAL", ae_end="2022-06-20"), dead("2022-06-20"), []),
        (event(ae_grade="5", ae_outcome="FATAL", ae_end="2022-06-19"), dead("2022-06-20"), [END]),
        (event(ae_grade="5", ae_outcome="FATAL", ae_end="2022-06"), dead("2022-06-20"), []),
        (event(ae_grade="5", ae_outcome="FATAL", ae_end="2022-06-30"), dead("2022-07"), [END]),
        (event(ae_grade="5", ae_outcome="FATAL", ae_end="2022-06-20"), dead(None), []),
        # No contact yet says whether the patient lives.
        (event(ae_grade="5", ae_outcome="FATAL"), [], []),
        (event(ae_grade="5", ae_outcome="FATAL"), [{"contact_date": "2022-07-01"}], []),
    ],
)
def test_fatal(entries: Raw, contacts: list[Raw], places: list[str]) -> None:
    case = started(adverse_event=[entries], follow_up=contacts)
    assert where("C38", case) == dict.fromkeys(places, "error")


@pytest.mark.parametrize(
    ("onset", "related", "fires"),
    [
        ("2022-10-16", ["ISA"], True),  # +45 days
        ("2022-09-13", ["ISA"], False),  # +12 days
        ("2022-10-01", ["ISA"], False),  # +30 days
        ("2022-10-02", ["POM", "DEX"], True),
        ("2022-10-16", ["NONE"], False),
        ("2022-10-16", NK, False),
        ("2022-10", ["ISA"], False),
        ("2022-11", ["ISA"], True),
        (NK, ["ISA"], False),
    ],
)
def test_late_and_related(onset: Any, related: Any, fires: bool) -> None:
    treatment = {"isapd_start_date": "2022-03-10", "isapd_end_date": "2022-09-01"}
    case = started(isapd_treatment=treatment, adverse_event=[{"ae_start": onset, "ae_related": related}])
    assert where("C39", case) == ({"adverse_event 1 ae_start": "warning"} if fires else {})


@pytest.mark.parametrize(
    "treatment",
    [
        {},
        {"isapd_start_date": "2022-03-10"},
        {"isapd_start_date": "2022-03-10", "isapd_ongoing": "Y"},
        {"isapd_start_date": "2022-03-10", "isa_last_dose_date": "2022-09-01"},
    ],
)
def test_while_the_last_dose_is_not_known_no_event_is_late(treatment: Raw) -> None:
    late = {"ae_start": "2023-10-16", "ae_related": ["ISA"]}
    assert where("C39", {"isapd_treatment": treatment, "adverse_event": [late]}) == {}
