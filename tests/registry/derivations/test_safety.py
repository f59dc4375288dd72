"""D33: treatment-emergent adverse events, worst grades, infusion reactions, infections."""

from datetime import date
from typing import Any

import pytest

from registry.derivations.derived import Value
from tests.registry.derivations.build import NK, Raw, derived, value

START, LAST = "2022-03-10", "2022-08-01"
ENDED = {"isapd_start_date": START, "isapd_ongoing": "N", "isapd_end_date": LAST}

# Onset, relation, whether treatment-emergent; the last dose was on 2022-08-01.
EXAMPLES = {
    "onset 30 d after last dose → TEAE": ("2022-08-31", ["NONE"], "YES"),
    "31 d → not": ("2022-09-01", ["NONE"], "NO"),
    "31 d → not, unless related": ("2022-09-01", ["ISA"], "YES"),
}
LIMITS = {
    "on the day of the first dose": (START, ["NONE"], "YES"),
    "the day before it, even if related": ("2022-03-09", ["ISA"], "NO"),
    "lower bound of a partial onset, inside": ("2022-04", ["NONE"], "YES"),
    "lower bound of a partial onset, before the start": ("2022-03", ["NONE"], "NO"),
    "lower bound of a partial onset, after the window": ("2022-09", ["NONE"], "NO"),
    "too late, relation unknown": ("2022-09-01", NK, "NE"),
    "in time, relation unknown": ("2022-08-31", NK, "YES"),
    "onset unknown": (NK, ["ISA"], "NE"),
}


def event(term: str = "NEUT", grade: Any = "3", onset: Any = "2022-04-01", **more: Any) -> Raw:
    return {"ae_term": term, "ae_grade": grade, "ae_start": onset, "ae_related": ["NONE"]} | more


def patient(*events: Raw, **forms: Any) -> Raw:
    return {"isapd_treatment": ENDED, "adverse_event": list(events)} | forms


@pytest.mark.parametrize(
    ("onset", "related", "expected"), (EXAMPLES | LIMITS).values(), ids=EXAMPLES | LIMITS
)
def test_treatment_emergent(onset: Any, related: Any, expected: str) -> None:
    assert value(patient(event(onset=onset, ae_related=related)), "teae_any") == expected


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ({"isapd_ongoing": "Y"}, "YES"),
        ({"isapd_ongoing": "N"}, "NE"),
        ({}, "NE"),
        ({"isa_last_dose_date": "2023-12-03"}, "YES"),
        ({"pom_last_dose_date": "2023-12-03"}, "YES"),
        ({"pom_last_dose_date": "2023-12-01"}, "NE"),
    ],
)
def test_the_last_dose_may_not_be_known(treatment: Raw, expected: str) -> None:
    late = patient(event(onset="2024-01-01"), isapd_treatment={"isapd_start_date": START} | treatment)
    assert value(late, "teae_any") == expected


def test_a_cycle_shows_treatment_went_on() -> None:
    treated = {"isapd_start_date": START}
    cycles = [{"cycle_no": 1, "cycle_start": START}, {"cycle_no": 20, "cycle_start": "2023-12-03"}]
    late = event(onset="2024-01-02")
    assert value(patient(late, isapd_treatment=treated, isapd_cycle=cycles), "teae_any") == "YES"
    assert value(patient(late, isapd_treatment=treated, isapd_cycle=cycles[:1]), "teae_any") == "NE"


def test_worst_grades_by_term_in_the_order_of_the_dictionary() -> None:
    found = derived(
        patient(
            event("PLT", "2"),
            event("NEUT", "3"),
            event("PLT", "4"),
            event("FN", NK),
            event("DIARR", "1", NK),
            event("RASH", "3", "2023-01-01"),
        )
    )
    assert found["teae_worst_grades"].value == {"NEUT": "3", "FN": "NE", "PLT": "4", "DIARR": "NE"}
    assert list(found["teae_worst_grades"].value) == ["NEUT", "FN", "PLT", "DIARR"]  # type: ignore[arg-type]
    assert found["teae_worst_grade"].value is None
    assert found["teae_n"].value is None


def test_worst_grade_and_count() -> None:
    found = derived(patient(event("PLT", "2"), event("PLT", "4"), event("RASH", "5", "2023-01-01")))
    assert found["teae_worst_grade"].value == 4
    assert found["teae_n"].value == 2


def test_a_treated_patient_without_events() -> None:
    found = derived(patient())
    names = (
        "teae_any",
        "teae_ge3",
        "irr_any",
        "irr_first_infusion",
        "infection_ge3",
        "covid_any",
        "ae_led_to_stop",
    )
    assert {found[name].value for name in names} == {"NO"}
    assert found["safety_population"].value == "YES"
    assert found["teae_n"].value == 0
    assert found["teae_worst_grades"].value == {}
    assert found["teae_worst_grade"].reason == "No treatment-emergent adverse event"
    assert found["irr_max_grade"].reason == "No infusion reaction"


SAFETY = (
    "teae_any",
    "teae_n",
    "teae_ge3",
    "teae_worst_grade",
    "teae_worst_grades",
    "irr_any",
    "irr_max_grade",
    "irr_first_infusion",
    "infection_ge3",
    "covid_any",
    "ae_led_to_stop",
)


def test_who_had_no_dose_is_in_no_denominator() -> None:
    unknown = derived({"adverse_event": [event("IRR")]})
    assert unknown["safety_population"].value is None
    assert {unknown[name].reason for name in SAFETY} == {"The first dose of IsaPd is missing"}
    later = derived(patient(event("IRR")), cutoff=date(2022, 3, 9))
    assert later["safety_population"].value == "NO"
    assert {later[name].reason for name in SAFETY} == {"IsaPd had not begun by the end of observation"}


def test_events_after_the_cutoff_are_ignored() -> None:
    case = patient(event(onset="2022-04-01"), event(onset="2022-04-02"))
    assert value(case, "teae_n", cutoff=date(2022, 4, 1)) == 1
    assert value(case, "teae_n", cutoff=date(2022, 4, 2)) == 2


@pytest.mark.parametrize(
    ("name", "events", "expected"),
    [
        ("teae_ge3", [event(grade="3")], "YES"),
        ("teae_ge3", [event(grade="2")], "NO"),
        ("teae_ge3", [event(grade="2"), event(grade=NK)], "NE"),
        ("irr_any", [event("IRR", "1")], "YES"),
        ("irr_any", [event("RASH")], "NO"),
        ("irr_any", [event("")], "NE"),
        ("irr_any", [event("IRR", onset="2022-12-01")], "NO"),
        ("irr_max_grade", [event("IRR", "1"), event("IRR", "2"), event("NEUT", "4")], 2),
        ("irr_max_grade", [event("IRR", "1"), event("IRR", NK)], "NE"),
        ("irr_max_grade", [event("IRR", "1"), event("IRR", "2", NK)], "NE"),
        ("irr_max_grade", [event("IRR", "1"), event("", "4")], "NE"),
        ("irr_first_infusion", [event("IRR", irr_infusion_no=1)], "YES"),
        ("irr_first_infusion", [event("IRR", irr_infusion_no=2)], "NO"),
        ("irr_first_infusion", [event("IRR", irr_infusion_no=NK)], "NE"),
        ("irr_first_infusion", [event("NEUT")], "NO"),
        ("infection_ge3", [event("LUNGINF", "3")], "YES"),
        ("infection_ge3", [event("URTI", "4")], "YES"),
        ("infection_ge3", [event("SEPSIS", "5")], "YES"),
        ("infection_ge3", [event("INFOTH", "3")], "YES"),
        ("infection_ge3", [event("INFOTH", "2"), event("FN", "4"), event("NEUT", NK)], "NO"),
        ("infection_ge3", [event("INFOTH", NK)], "NE"),
        ("covid_any", [event("INFOTH", "1", infection_agent="SARS2")], "YES"),
        ("covid_any", [event("INFOTH", infection_agent="VIRAL"), event("NEUT")], "NO"),
        ("covid_any", [event("INFOTH")], "NE"),
        ("ae_led_to_stop", [event(ae_action=["ISA_INT", "POM_STOP"])], "YES"),
        ("ae_led_to_stop", [event(ae_action=["ISA_INT", "DELAY"])], "NO"),
        ("ae_led_to_stop", [event(ae_action=NK)], "NE"),
        ("ae_led_to_stop", [event(ae_action=NK), event(ae_action=["DEX_STOP"])], "YES"),
    ],
)
def test_each_question(name: str, events: list[Raw], expected: Value) -> None:
    assert value(patient(*events), name) == expected
