"""Forms on paper: blank with boxes for everything there is to answer, filled with what is stored."""

import pytest
from django.test import Client

from registry.actions import own_reference
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.conditions import parse_condition
from registry.forms.printed import asked_when
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center(center_code="IT014")


@pytest.fixture
def client(center) -> Client:
    client = Client()
    client.force_login(factories.user(Role.DATA_MANAGER, at=center))
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("form", CASE_FORMS)
def test_a_blank_form_asks_every_question_and_knows_no_patient(client, form) -> None:
    page = text(client.get(f"/codebook/{form}/print/"))
    questions = [variable for variable in CASE_FORMS[form] if variable.name != "patient_code"]
    assert page.count('<th scope="row">') == len(questions)
    assert "chosen" not in page
    assert "Patient code" in page


def test_a_blank_form_has_a_box_per_choice_unit_and_missing_reason(client) -> None:
    page = text(client.get("/codebook/baseline/print/"))
    for label in ("ECOG performance status", "g/dL", "g/L", "Not done", "Extramedullary"):
        assert label in page
    assert "if " in text(client.get("/codebook/progression/print/"))


def test_a_filled_form_holds_the_answers(client, center) -> None:
    case = factories.case(center)
    own_reference.assign(factories.SYSTEM, case, "chart 17")
    page = text(client.get(f"/cases/{case.pk}/baseline/print/"))
    for answer in ("IT014-0001", "chart 17", '<span class="value">10.4</span>', "Complete"):
        assert answer in page
    # One ECOG grade of five, and so on: a box is ticked for each question with choices that is answered.
    assert page.count("chosen:") == page.count('class="option chosen"') > 8
    assert "does not apply" in page


def test_every_row_of_a_form_that_repeats_is_a_sheet(client, center) -> None:
    case = factories.case(center)
    page = text(client.get(f"/cases/{case.pk}/response/print/"))
    assert page.count('<section class="sheet">') == 5
    assert page.count("<h1>") == 1
    for day in ("07/04/2022", "15/09/2022"):
        assert day in page


def test_what_is_not_begun_is_printed_blank(client, center) -> None:
    case = factories.empty_case(center)
    page = text(client.get(f"/cases/{case.pk}/prior_line/print/"))
    assert page.count('<section class="sheet">') == 1
    assert "Not started" in page


def test_a_monitor_prints_without_the_own_reference(center) -> None:
    case = factories.case(center)
    own_reference.assign(factories.SYSTEM, case, "chart 17")
    client = Client()
    client.force_login(factories.user(Role.MONITOR, at=center))
    page = text(client.get(f"/cases/{case.pk}/baseline/print/"))
    assert "IT014-0001" in page
    assert "chart 17" not in page


@pytest.mark.parametrize("path", ["/codebook/nothing/print/", "/codebook/center/print/"])
def test_there_is_no_other_form(client, path) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("always", ""),
        ("pd_occurred = Y", "Progressive disease after IsaPd start: Yes"),
        ("line_transplant != NONE", "not None"),
        ("heavy_chain = IGG and light_chain in (K,L)", " and "),
        ("vital_status = DEAD or pd_occurred = Y", " or "),
        ("pd_date or death_date entered", "answered"),
    ],
)
def test_when_a_question_is_asked_in_words(condition, words) -> None:
    assert words in asked_when(parse_condition(condition))
