"""The codebook: all variables with their rules in words, and the search over them."""

import pytest
from django.test import Client

from registry.derivations.catalog import DERIVED
from registry.dictionary.catalog import FORMS
from registry.edit_checks.catalog import CHECKS
from registry.forms.codebook import codebook
from registry.forms.codebook_checks import check_entries
from registry.forms.codebook_derived import derived_entries
from registry.terminology.roles import Role
from registry.today import today
from tests import factories
from tests.registry.derivations.random_case import random_case, written
from tests.registry.edit_checks.found import findings

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
    assert "Nothing fits this search" in text
    assert "0 variables" in text


def test_is_open_to_everybody_who_is_logged_in(client: Client) -> None:
    nobody_yet = Client()
    assert nobody_yet.get("/codebook/").status_code == 302
    nobody_yet.force_login(factories.user())
    assert nobody_yet.get("/codebook/").status_code == 200


def test_holds_every_derived_value_and_every_edit_check(client: Client) -> None:
    text = client.get("/codebook/").content.decode()
    for name in DERIVED:
        assert f'id="derived.{name}"' in text
    for check in CHECKS:
        assert f'id="check.{check.id}"' in text
    clearance = text.split('id="derived.crcl_cg"')[1].split("</tr>")[0]
    for shown in (
        "Creatinine clearance",
        "Cockcroft and Gault",
        "D05",
        "Number, mL/min",
        "#baseline.creatinine",
    ):
        assert shown in clearance
    hemoglobin = text.split('id="check.C11"')[1].split("</tr>")[0]
    for shown in ("Error", "Hemoglobin above 25", "did you mean {number} {likely_unit}", "Baseline"):
        assert shown in hemoglobin


def test_every_derived_value_has_a_name_and_a_meaning() -> None:
    entries = derived_entries()
    assert [entry.variable.name for entry in entries] == list(DERIVED)
    assert all(entry.label and entry.meaning for entry in entries)
    assert len({entry.label for entry in entries}) == len(entries)


@pytest.mark.parametrize(
    ("search", "derived", "checks"),
    [
        ("cockcroft", "crcl_cg", None),
        ("fish_t4_14 D10", "cyto_risk", None),
        ("likely_unit", None, "C11"),
        ("c27", None, "C27"),
        ("warning dexamethasone", None, "C27"),
    ],
)
def test_search_looks_into_derived_values_and_checks(
    search: str, derived: str | None, checks: str | None
) -> None:
    assert derived in {entry.variable.name for entry in derived_entries(search=search)} | {None}
    assert checks in {entry.id for entry in check_entries(search=search)} | {None}
    assert derived_entries(search="zzz") == []
    assert check_entries(search="zzz") == []


def test_one_form_alone(client: Client) -> None:
    """Its variables, what is derived from them, and the checks that speak there."""
    text = client.get("/codebook/?form=fish").content.decode()
    for shown in ('id="fish.fish_done"', 'id="derived.cyto_risk"', 'id="check.C45"'):
        assert shown in text
    for other in ('id="baseline.hb"', 'id="derived.crcl_cg"', 'id="check.C11"'):
        assert other not in text
    # A form that does not exist is no filter.
    assert 'id="baseline.hb"' in client.get("/codebook/?form=zzz").content.decode()
    core = client.get("/codebook/?core=yes").content.decode()
    assert 'id="checks"' not in core
    assert 'id="derived"' not in core


def test_checks_speak_only_at_the_forms_they_are_listed_under() -> None:
    listed = {entry.id: {name for name, _label in entry.forms} for entry in check_entries()}
    for seed in range(60):
        for finding in findings(written(random_case(seed))):
            if finding.check in listed:
                assert finding.form in listed[finding.check], finding.check
