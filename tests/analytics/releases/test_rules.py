"""What may leave: decided for every variable of the dictionary by its declaration."""

import pytest

from analytics.releases.formats.forms import columns, keys
from analytics.releases.rules import CENTER_FORMS, Rule, rule
from registry.dictionary.catalog import FORMS
from registry.dictionary.variable import Form, Identifying, Kind, Variable

EVERY = [pytest.param(form, variable, id=variable.name) for form in FORMS.values() for variable in form]


@pytest.mark.parametrize(("form", "variable"), EVERY)
class TestEveryVariable:
    def test_what_names_a_person_is_withheld(self, form: Form, variable: Variable) -> None:
        if variable.identifying is Identifying.DIRECT:
            assert rule(form, variable) is Rule.WITHHELD

    def test_no_free_text_leaves(self, form: Form, variable: Variable) -> None:
        if variable.kind is Kind.TEXT:
            assert rule(form, variable) in (Rule.WITHHELD, Rule.PATIENT_CODE, Rule.CENTER_CODE)

    def test_no_date_leaves_unmoved(self, form: Form, variable: Variable) -> None:
        if variable.kind in (Kind.DATE, Kind.PARTIAL_DATE):
            assert rule(form, variable) in (Rule.SHIFTED, Rule.AGE, Rule.WITHHELD)

    def test_everything_else_does(self, form: Form, variable: Variable) -> None:
        if variable.kind not in (Kind.TEXT, Kind.DATE, Kind.PARTIAL_DATE):
            assert rule(form, variable) is Rule.KEPT
            assert variable.name in dict(columns(form))


def test_birth_leaves_as_age_only() -> None:
    form = FORMS["demographics"]
    assert rule(form, form.variable("birth_date")) is Rule.AGE
    assert [name for name, variable in columns(form) if variable.name == "birth_date"] == ["age_at_start"]


def test_what_is_entered_keeps_its_unit_and_its_missing_reason() -> None:
    names = [name for name, variable in columns(FORMS["baseline"]) if variable.name == "hb"]
    assert names == ["hb", "hb_entered", "hb_unit", "hb_missing"]


def test_rows_say_whose_they_are() -> None:
    assert keys(FORMS["response"]) == ["patient_code", "seq"]
    assert keys(FORMS["baseline"]) == ["patient_code"]
    assert [keys(FORMS[name])[0] for name in CENTER_FORMS] == 2 * ["center_code"]
