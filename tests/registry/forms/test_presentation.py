"""What stands beside a question and in a list: limits, options, suggestions, derived values in words."""

from datetime import date

import pytest

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.entry import read
from registry.dictionary.facts import Facts, Record
from registry.dictionary.variable import Kind
from registry.forms.control import control
from registry.forms.derived_values import groups
from registry.forms.history import role_text
from registry.forms.limit_hint import limit_hint
from registry.forms.posted import Typed, typed
from registry.forms.sections import SECTIONS, sections
from registry.forms.suggestions import by_line, suggestions
from registry.forms.wording import text_of
from registry.models import CASE_ROWS
from tests.factories import FIXTURE

TODAY = date(2024, 6, 30)
FACTS = Facts.from_json(FIXTURE)


def variable(form: str, name: str):
    return CASE_FORMS[form].variable(name)


def drawn(form: str, name: str, answer: Typed = Typed(), facts: Facts = FACTS):  # noqa: B008
    return control(variable(form, name), answer, facts.lookup(Record(CASE_FORMS[form])), TODAY)


@pytest.mark.parametrize(
    ("form", "name", "hint"),
    [
        ("baseline", "hb", "2–25 g/dL, usually 6–17"),
        ("baseline", "platelets", "1–2000 ×10⁹/L, usually 20–600"),
        ("fish", "fish_del17p_pct", "0–100 % nuclei, usually 5–100"),
        ("isapd_cycle", "dex_weekly_mg", "0–40 mg/week"),
        ("enrolment", "consent_date", "01/01/2015 to today"),
        ("response", "resp_date", "11/03/2022 to today"),
        ("demographics", "birth_date", "01/01/1910 to 10/03/2004, usually 01/01/1930 to 31/12/1985"),
        ("diagnosis", "dx_date", "01/06/1954 to 10/03/2022, usually from 01/01/1995"),
    ],
)
def test_limits_in_words(form, name, hint) -> None:
    assert limit_hint(variable(form, name), FACTS.lookup(Record(CASE_FORMS[form])), TODAY) == hint


def test_a_limit_that_hangs_on_an_open_question_names_it() -> None:
    empty = Facts.from_json({})
    hint = limit_hint(
        variable("demographics", "birth_date"), empty.lookup(Record(CASE_FORMS["demographics"])), TODAY
    )
    assert hint.startswith("01/01/1910 to First dose of IsaPd − 18 years")


@pytest.mark.parametrize("form", CASE_FORMS)
def test_every_variable_stands_in_one_section(form) -> None:
    variables = CASE_ROWS[form].variables
    found = [v for _heading, these in sections(form, variables) for v in these]
    assert sorted(v.name for v in found) == sorted(v.name for v in variables)
    assert set(SECTIONS.get(form, {})) <= {v.name for v in variables}


def test_few_choices_are_radios_and_many_a_list() -> None:
    for form in CASE_FORMS.values():
        for each in form:
            widget = drawn(form.name, each.name).widget
            if each.kind in (Kind.CHOICE, Kind.BOOLEAN):
                assert widget == ("radio" if len(each.choices) <= 4 else "select"), each.name
            elif each.kind is Kind.MULTICHOICE:
                assert widget == "checkboxes"


def test_every_option_and_reason_is_offered_once() -> None:
    for form in CASE_FORMS.values():
        for each in form:
            found = drawn(form.name, each.name)
            offered = [option.value for group in found.groups for option in group.options]
            reasons = [f"?{reason}" for reason in each.missing] if each.choices else []
            assert sorted(offered) == sorted([*each.codes, *reasons]), each.name
            if not each.choices:
                assert [option.value for option in found.missing] == list(each.missing)


def test_drugs_stand_under_their_class_without_repeating_it() -> None:
    found = {
        group.label: [o.label for o in group.options] for group in drawn("prior_line_drug", "drug").groups
    }
    assert found["IMiD"] == ["Lenalidomide", "Pomalidomide", "Thalidomide"]
    assert found["CD38"] == ["Daratumumab", "Isatuximab"]


@pytest.mark.parametrize(
    ("form", "name", "raw", "shown"),
    [
        ("baseline", "hb", {"value": "111", "unit": "g/L"}, "111 g/L"),
        ("baseline", "hb", {"missing": "ND"}, "Not done"),
        ("baseline", "comorbidities", ["DM", "MI"], "Myocardial infarction, Diabetes uncomplicated"),
        ("baseline", "dialysis", "Y", "Yes"),
        ("prior_line", "line_cycles", 6, "6 cycles"),
        ("prior_line", "line_start", "2019-05", "05/2019"),
        ("prior_line", "line_start", "2019", "2019"),
        ("prior_line", "line_start", "2019-05-03", "03/05/2019"),
        ("response", "resp_date", "2022-05-03", "03/05/2022"),
        ("prior_line", "line_no", None, ""),
    ],
)
def test_a_value_in_words_and_as_typed(form, name, raw, shown) -> None:
    value = read(variable(form, name), raw)
    assert text_of(variable(form, name), value) == shown
    # What stands in the field reads back as the same value.
    assert read(variable(form, name), typed(value).raw(variable(form, name))) == value


def test_suggestions_follow_the_dictionary() -> None:
    cycles = CASE_FORMS["isapd_cycle"]
    assert suggestions("isapd_cycle", FACTS, Record(cycles)) == {"cycle_no": "2"}
    before = Facts.from_json({name: rows for name, rows in FIXTURE.items() if name != "isapd_cycle"})
    assert suggestions("isapd_cycle", before, Record(cycles)) == {
        "cycle_no": "1",
        "cycle_start": "10/03/2022",
    }
    assert suggestions("prior_line", FACTS, Record(CASE_FORMS["prior_line"])) == {"line_no": "4"}
    assert by_line(FACTS)["2"] == {"drug_start": "05/03/2020", "drug_last_dose": "30/06/2021"}
    assert suggestions("baseline", FACTS, Record(CASE_FORMS["baseline"])) == {}


def _shown(name: str, value, status: str = "OK", reason: str = "because"):
    stored = {name: {"value": value, "status": status, "reason": reason}}
    return next(v for g in groups(stored) for v in (*g.values, *g.further))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("os_months", 8.25, "8.3 months"),
        ("os_months", 8.35, "8.4 months"),
        ("os_months", 8.249999, "8.2 months"),
        ("os_months", 0, "0.0 months"),
        ("crcl_cg", 60.5, "61 mL/min"),
        ("dor_days", 119, "119 days, 3.9 months"),
        ("tcr", "YES", "Yes"),
        ("dara_refractory", "NOT_EXPOSED", "Never given"),
        (
            "drug_refractory",
            {"BOR": "NO", "CAR": "YES", "LEN": "NE"},
            "Bortezomib no, Carfilzomib yes, Lenalidomide not evaluable",
        ),
        ("flc_ratio", 85.0, "85.00"),
        ("last_alive_date", "2022-09-20", "20/09/2022"),
        ("bor", "SCR", "sCR · Stringent complete response"),
        ("iss", "II", "II"),
        ("rdi_pomalidomide", 0.6428571428571429, "64.3 %"),
        ("rtd_isatuximab", 0.875, "87.5 %"),
        ("isa_dose_mg", 680.0, "680 mg"),
        ("isa_volume_ml", 34.25, "34.25 mL"),
        ("dex_dose_by_age", 40, "40 mg"),
        ("isa_dates", ["2023-02-06", "2023-02-20"], "06/02/2023, 20/02/2023"),
        ("cycle_delay_days", [0, 14], "0, 14"),
        ("cycle_delay_days", [], "–"),
        ("frailty_simplified", "NONFRAIL", "Not frail"),
        (
            "teae_worst_grades",
            {"NEUT": "4", "FN": "NE"},
            "Neutrophil count decreased: 4, Febrile neutropenia: not evaluable",
        ),
        ("teae_worst_grades", {}, "–"),
    ],
)
def test_a_derived_value_in_words(name, value, text) -> None:
    reason = "BOR NO COMPUTED; CAR YES ASSERTED" if name == "drug_refractory" else "because"
    assert _shown(name, value, reason=reason).text == text


def test_a_value_nobody_gave_a_place_is_not_shown() -> None:
    stored = {"of_a_later_rule": {"value": 1, "status": "OK", "reason": "because"}}
    assert not [value for group in groups(stored) for value in (*group.values, *group.further)]


def test_a_verdict_that_rests_on_the_source_says_so() -> None:
    reason = "BOR NO COMPUTED; CAR YES ASSERTED; LEN YES INFERRED"
    detail = _shown("drug_refractory", {"CAR": "YES"}, reason=reason).detail
    assert detail == "Carfilzomib: as the source says; Lenalidomide: progression dated by the end of the line"


def test_not_evaluable_keeps_its_reason() -> None:
    found = _shown("iss", None, "NE", "Albumin is missing")
    assert (found.text, found.detail, found.is_evaluable) == ("Not evaluable", "Albumin is missing", False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DATA_MANAGER IT001, MONITOR IT002", "Data manager IT001, Monitor IT002"),
        ("SYSTEM", "System"),
        ("", ""),
    ],
)
def test_roles_of_an_event_in_words(text, told) -> None:
    assert role_text(text) == told
