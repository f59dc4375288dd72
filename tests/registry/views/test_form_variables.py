"""Every variable of every case form can be entered through its page, and is stored as it was meant."""

from typing import Any

import pytest

from registry.dictionary.bounds import Constant
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.conditions import (
    All,
    Always,
    AnyOf,
    Condition,
    Entered,
    NotEqual,
    OneOf,
    Predicate,
)
from registry.dictionary.entry import read
from registry.dictionary.variable import Form, Kind, Variable
from registry.forms.posted import Typed
from registry.models import CASE_ROWS
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import controls_of, posted_by

pytestmark = pytest.mark.django_db


def valid(variable: Variable) -> Any:
    """What a person could type as an answer."""
    match variable.kind:
        case Kind.TEXT:
            return "Some words"
        case Kind.INTEGER | Kind.DECIMAL:
            bound = (variable.soft if variable.soft.maximum else variable.hard).upper
            assert isinstance(bound, Constant)
            return (
                str(bound.value)
                if variable.kind is Kind.INTEGER
                else f"{float(bound.value) - 0.25}".replace(".", ",")
            )
        case Kind.DATE:
            return "10/03/2022"
        case Kind.PARTIAL_DATE:
            return "03/2022"
        case Kind.MULTICHOICE:
            return [variable.codes[0]]
        case _:
            return variable.codes[0]


def satisfying(form: Form, condition: Condition) -> dict[str, Any]:
    """Answers on the form's own page under which a condition holds; other forms see to their part."""
    match condition:
        case Always() | Predicate():
            return {"resp_calcium": "12"} if isinstance(condition, Predicate) else {}
        case OneOf():
            answers = {condition.variable: condition.codes[0]}
        case NotEqual():
            other = next(c for c in form.variable(condition.variable).codes if c != condition.code)
            answers = {condition.variable: other}
        case Entered():
            answers = {condition.names[0]: valid(form.variable(condition.names[0]))}
        case All() | AnyOf():
            answers = {name: a for term in condition.terms for name, a in satisfying(form, term).items()}
        case _:
            raise AssertionError(condition)
    own = {name: answer for name, answer in answers.items() if name in form.names}
    for name in list(own):
        own |= satisfying(form, form.variable(name).shown_when)
    return own


@pytest.fixture
def case():
    """A case whose diagnosis and baseline let the questions of other forms apply."""
    center = factories.center()
    case = factories.empty_case(center)
    factories.row(case, "diagnosis", {"heavy_chain": "IGG", "light_chain": "K"})
    factories.row(case, "baseline", {"plasmacytoma_type": "PARA"})
    return case


@pytest.mark.parametrize("name", CASE_FORMS)
def test_every_variable_of_the_form_is_entered_and_stored(client, case, name) -> None:
    client.force_login(factories.user(Role.DATA_MANAGER, at=case.center))
    form, model = CASE_FORMS[name], CASE_ROWS[name]
    address = f"/cases/{case.pk}/{name}/" + ("new/" if form.repeating else "")
    for variable in model.variables:
        page = client.get(address)
        answers = satisfying(form, variable.shown_when) | {variable.name: valid(variable)}
        posted = posted_by(page, **answers, do="draft")
        response = client.post(address, posted)
        assert response.status_code == 302, (variable.name, response.content.decode())
        row = model.objects.filter(case=case).scoped().order_by("seq").last()
        stored = row.record()[variable.name]
        assert stored == read(variable, valid(variable)), variable.name


@pytest.mark.parametrize("name", CASE_FORMS)
def test_every_missing_reason_can_be_given(client, case, name) -> None:
    client.force_login(factories.user(Role.DATA_MANAGER, at=case.center))
    form, model = CASE_FORMS[name], CASE_ROWS[name]
    address = f"/cases/{case.pk}/{name}/" + ("new/" if form.repeating else "")
    for variable in model.variables:
        for reason in variable.missing[:1]:
            answers = satisfying(form, variable.shown_when)
            if variable.kind in (Kind.BOOLEAN, Kind.CHOICE, Kind.MULTICHOICE):
                answers[variable.name] = [f"?{reason}"]
            else:
                answers |= {variable.name: "", f"{variable.name}.missing": reason}
            response = client.post(address, posted_by(client.get(address), **answers, do="draft"))
            assert response.status_code == 302, variable.name
            row = model.objects.filter(case=case).scoped().order_by("seq").last()
            assert row.record()[variable.name] == reason, variable.name


@pytest.mark.parametrize("name", CASE_FORMS)
def test_the_page_asks_every_variable_with_its_units_and_missing_reasons(client, case, name) -> None:
    client.force_login(factories.user(Role.DATA_MANAGER, at=case.center))
    form, model = CASE_FORMS[name], CASE_ROWS[name]
    page = client.get(f"/cases/{case.pk}/{name}/" + ("new/" if form.repeating else ""))
    controls = controls_of(page)
    for variable in model.variables:
        assert variable.name in controls
        assert (f"{variable.name}.unit" in controls) == bool(variable.alternatives)
        is_typed = variable.kind not in (Kind.BOOLEAN, Kind.CHOICE, Kind.MULTICHOICE)
        assert (f"{variable.name}.missing" in controls) == (is_typed and bool(variable.missing))


@pytest.mark.parametrize(
    ("form", "variable", "unit", "typed"),
    [
        (name, variable, unit, "1")
        for name, form in CASE_FORMS.items()
        for variable in form
        for unit in variable.units
        if variable.alternatives
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_measurement_is_read_in_every_unit_it_can_be_typed_in(form, variable, unit, typed) -> None:
    value = read(variable, Typed(text=typed, unit=unit).raw(variable))
    assert (value.entered, value.unit, value.canonical) == ("1", unit, variable.factor(unit))
