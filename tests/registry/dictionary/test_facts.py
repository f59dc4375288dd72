"""The facts of one case, from JSON."""

from datetime import date
from typing import Any

import pytest

from registry.dictionary.catalog import CASE_FORMS, FORMS
from registry.dictionary.entry import EntryError
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Measurement, PartialDate
from registry.dictionary.variable import AlternativeUnit, Unit
from registry.terminology.drugs import CLASS_OF, DrugClass, drugs_of
from registry.terminology.imwg import Response
from registry.terminology.missing import Missing
from registry.terminology.roles import CENTER_ROLES, LABELS, Role
from tests.registry.derivations.fixture_e import CASE


def test_from_json() -> None:
    facts = Facts.from_json(CASE | {"center_labref": [{"ldh_uln": 245}], "center": {"center_country": "IT"}})
    assert facts.patient_code == "IT001-0001"
    assert facts.one("demographics")["birth_date"] == PartialDate("1954-06")
    assert facts.one("isapd_treatment")["isapd_start_date"] == date(2022, 3, 10)
    assert isinstance(facts.one("baseline")["hb"], Measurement)
    assert [row["line_no"] for row in facts.rows("prior_line")] == [1, 2, 3]
    assert len(facts.labrefs) == 1
    assert facts.center["center_country"] == "IT"


def test_a_form_that_was_not_entered() -> None:
    facts = Facts.from_json({"patient_code": "IT001-0001", "fish": [], "baseline": {}})
    assert facts.one("baseline")["hb"] is None
    assert facts.one("baseline").form is FORMS["baseline"]
    assert facts.rows("fish") == ()
    assert Facts.from_json({}).patient_code == ""


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ({"unknown_form": {}}, KeyError),
        ({"baseline": {"unknown_variable": 1}}, KeyError),
        ({"baseline": {"hb": "eleven"}}, EntryError),
        ({"baseline": "hb"}, EntryError),
        ({"fish": [["Y"]]}, EntryError),
        ({"center_labref": ["245"]}, EntryError),
    ],
)
def test_what_is_no_case(case: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Facts.from_json(case)


@pytest.mark.parametrize(
    ("case", "place"),
    [
        ({"baseline": {"hb": "eleven"}}, "baseline.hb"),
        ({"fish": [{}, {"fish_done": "X"}]}, "fish[2].fish_done"),
        ({"fish": [["Y"]]}, "fish[1]"),
        ({"baseline": "hb"}, "baseline"),
    ],
)
def test_an_entry_that_cannot_be_read_says_where_it_stands(case: dict[str, Any], place: str) -> None:
    with pytest.raises(EntryError) as refused:
        Facts.from_json(case)
    assert refused.value.place == place


def test_blank_missing_and_known_are_three_things() -> None:
    row = Record.from_raw(FORMS["baseline"], {"hb": {"missing": "NK"}, "albumin": "3.6", "b2m": ""})
    assert row["hb"] is Missing.NK
    assert row.known("hb") is None
    assert row["b2m"] is None
    assert row.get("b2m", "x") is None
    assert row.get("weight_kg", "x") == "x"
    assert row.known("albumin") is row["albumin"]
    assert set(row) == {"hb", "albumin", "b2m"}
    assert len(row) == 3


def test_patient_data_never_shows_in_a_traceback() -> None:
    facts = Facts.from_json(CASE)
    assert "1954" not in repr(facts.one("demographics"))
    assert "IT001" not in repr(facts)


def test_lookup_finds_the_row_first_then_the_case() -> None:
    facts = Facts.from_json(CASE | {"center": {"ec_approval_date": "2020-01-01"}})
    lookup = facts.lookup(facts.rows("response")[0])
    assert lookup("resp_date") == date(2022, 4, 7)
    assert lookup("heavy_chain") == "IGG"
    assert lookup("ec_approval_date") == date(2020, 1, 1)
    assert lookup("line_start") is None
    assert facts.lookup(facts.one("diagnosis"))("heavy_chain") == "IGG"


def test_forms_and_variables_by_name() -> None:
    assert set(FORMS) - set(CASE_FORMS) == {"center", "center_labref"}
    hb = FORMS["baseline"].variable("hb")
    assert hb.units == ("g/dL", "g/L", "mmol/L")
    assert hb.factor("g/dL") == 1
    assert FORMS["demographics"].variable("sex").choice("F").label == "Female"
    with pytest.raises(KeyError):
        FORMS["demographics"].variable("sex").choice("X")
    with pytest.raises(KeyError):
        hb.factor("kg")
    with pytest.raises(KeyError):
        FORMS["baseline"].variable("age")
    assert FORMS["center"].names[0] == "center_code"


def test_units_as_people_write_them() -> None:
    assert str(Unit("10*9/L", "×10⁹/L")) == "×10⁹/L"
    assert str(Unit("g/dL")) == "g/dL"
    assert str(AlternativeUnit("umol/L", "/88.4")) == "µmol/L"
    assert str(AlternativeUnit("g/L", "*0.1")) == "g/L"


def test_every_drug_of_the_dictionary_has_its_class() -> None:
    choices = FORMS["prior_line_drug"].variable("drug").choices
    assert [choice.code for choice in choices] == list(CLASS_OF)
    for choice in choices:
        assert f"[{CLASS_OF[choice.code]}]" in choice.label
    assert drugs_of(DrugClass.PI) == ("BOR", "CAR", "IXA")


def test_depth_of_response() -> None:
    ordered = sorted(
        (response for response in Response if response is not Response.NE), key=lambda one: one.depth
    )
    assert [response.symbol for response in ordered] == ["PD", "SD", "MR", "PR", "VGPR", "CR", "sCR"]
    assert Response.CR.at_least(Response.PR)
    assert not Response.MR.at_least(Response.PR)
    assert not Response.NE.at_least(Response.PD)
    assert set(FORMS["response"].variable("resp_investigator").codes) == {
        response.value for response in Response
    }


def test_roles() -> None:
    assert set(LABELS) == set(Role)
    assert Role.MONITOR.label == "Monitor"
    assert {role for role in Role if role.at_center} == CENTER_ROLES
