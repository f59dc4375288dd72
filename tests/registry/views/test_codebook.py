"""The codebook: all variables with their rules in words, and the search over them."""

import pytest
from django.test import Client

from registry.dictionary.catalog import FORMS
from registry.forms.codebook import codebook
from registry.terminology.roles import Role
from registry.today import today
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> Client:
    client = Client()
    client.force_login(factories.user(Role.STATISTICIAN))
    return client


def names(search: str = "", *, core: bool = False) -> list[str]:
    sections = codebook(today(), search=search, core=core)
    return [entry.variable.name for section in sections for entry in section.entries]


def test_holds_every_variable_of_every_form_in_order(client: Client) -> None:
    assert names() == [variable.name for form in FORMS.values() for variable in form]
    text = client.get("/codebook/").content.decode()
    assert "179 variables" in text
    for form in FORMS.values():
        for variable in form:
            assert f'id="{form.name}.{variable.name}"' in text


def test_a_variable_shows_all_its_rules(client: Client) -> None:
    text = client.get("/codebook/?q=hemoglobin").content.decode()
    row = text.split('id="baseline.hb"')[1].split("</tr>")[0]
    for shown in (
        "g/dL",
        "also g/L, mmol/L",
        "2–25 g/dL, usually 6–17",
        "Required",
        "LOINC 718-7",
        "Not done",
    ):
        assert shown in row
    conditional = client.get("/codebook/?q=spm_type").content.decode()
    assert "Asked when" in conditional
    assert "<code>spm_occurred = Y</code>" in conditional
    choices = client.get("/codebook/?q=ecog").content.decode()
    assert "One of" in choices


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("HB", "hb"),
        ("718-7", "hb"),
        ("mmol/L hemo", "hb"),
        ("LENALIDOMIDE", "drug"),
    ],
)
def test_search_looks_into_names_units_choices_and_standards(search: str, found: str) -> None:
    assert found in names(search)


def test_all_words_must_occur() -> None:
    assert names("hemoglobin nonsense") == []
    assert set(names("hemoglobin")) <= set(names("hemo"))


def test_core_only() -> None:
    assert len(names(core=True)) == 72


def test_nothing_found_says_what_to_do(client: Client) -> None:
    text = client.get("/codebook/?q=zzz").content.decode()
    assert "No variable fits this search" in text
    assert "0 variables" in text


def test_is_open_to_everybody_who_is_logged_in(client: Client) -> None:
    nobody_yet = Client()
    assert nobody_yet.get("/codebook/").status_code == 302
    nobody_yet.force_login(factories.user())
    assert nobody_yet.get("/codebook/").status_code == 200
