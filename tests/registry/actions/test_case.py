"""Enrolling patients and entering whole cases."""

import pytest

from registry.actions import case as case_actions
from registry.audit.actor import Actor
from registry.exceptions import InvalidEntries, NotFound, NotPermitted
from registry.models import CASE_ROWS, Case, DataQuery, Event, State
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_codes_are_issued_in_order_per_center():
    first, second = factories.center(center_code="IT801"), factories.center(center_code="IT802")
    codes = [factories.empty_case(at).patient_code for at in (first, first, second)]
    assert codes == ["IT801-0001", "IT801-0002", "IT802-0001"]


def test_a_whole_case_is_entered_complete_in_one_transaction():
    case = factories.case(factories.center())
    rows = [row for model in CASE_ROWS.values() for row in model.objects.filter(case=case).scoped()]
    assert len(rows) == 25
    assert all(row.state == State.COMPLETE and row.completed_once for row in rows)
    # A transplant without melphalan is asked about at once (C22).
    asked = DataQuery.objects.filter(case=case).scoped()
    assert [query.check_id for query in asked] == ["C22"]
    assert Event.objects.filter(case_id=str(case.pk)).count() == 1 + len(rows) + len(asked)


def test_the_fixture_of_the_specification_derives_as_printed():
    """Section E."""
    derived = factories.case(factories.center()).derived.values
    expected = {
        "age_at_start": 67,
        "age_group": "<70",
        "crcl_group": "<60",
        "iss": "II",
        "ldh_status": "HIGH",
        "cyto_risk": "HIGH",
        "hb_lt_11_0": "YES",
        "hb_lt_11_8": "YES",
        "n_prior_lines": 3,
        "prior_asct": "YES",
        "tcr": "YES",
        "penta_refractory": "NO",
        "dara_refractory": "YES",
        "lines_between_dara_isapd": 1,
        "dara_last_therapy": "NO",
        "dara_int_ge6": "YES",
        "dara_int_ge12": "NO",
        "disease_status": "REFRACTORY",
        "bor_confirmed": "PR",
        "pd_date_analysis": "2022-09-01",
        "pfs_days": 175,
        "pfs_event": 1,
        "os_days": 387,
        "os_event": 1,
        "ttnt_days": 194,
        "ttnt_status": 1,
        "time_to_response_days": 56,
        "dor_days": 119,
        "cohort_dara_r": "YES",
    }
    assert {name: derived[name]["value"] for name in expected} == expected
    assert derived["crcl_cg"]["value"] == pytest.approx(50.1, abs=0.05)


def test_one_wrong_entry_anywhere_saves_nothing():
    at = factories.center()
    events = Event.objects.count()
    wrong = factories.record(demographics={"birth_date": "1954-13", "sex": "X"})
    with pytest.raises(InvalidEntries) as invalid:
        case_actions.enter(factories.SYSTEM, at, wrong)
    assert set(invalid.value.errors) == {("demographics", 1, "birth_date"), ("demographics", 1, "sex")}
    assert not Case.objects.scoped().exists()
    assert Event.objects.count() == events


def test_the_same_token_enters_a_case_once():
    at = factories.center()
    first = case_actions.enter(factories.SYSTEM, at, factories.FIXTURE, token="once")
    assert case_actions.enter(factories.SYSTEM, at, factories.FIXTURE, token="once") == first
    assert Case.objects.scoped().count() == 1


def test_an_unknown_form_is_refused():
    with pytest.raises(NotFound):
        case_actions.enter(factories.SYSTEM, factories.center(), {"horoscope": {}})


def test_two_rows_of_a_form_that_does_not_repeat_are_refused():
    with pytest.raises(InvalidEntries):
        case_actions.enter(factories.SYSTEM, factories.center(), {"baseline": [{"hb": "10"}, {"hb": "11"}]})


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.DATA_MANAGER, Role.INVESTIGATOR}]
)
def test_only_data_managers_and_investigators_enroll(role):
    at = factories.center()
    with pytest.raises(NotPermitted):
        case_actions.enroll(Actor.person(factories.user(role, at=at)), at, {})
