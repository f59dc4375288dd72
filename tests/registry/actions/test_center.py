"""Centers and reference ranges."""

import pytest

from registry.actions import center as center_actions
from registry.audit.actor import Actor
from registry.exceptions import InvalidEntries, NotPermitted, StaleVersion
from registry.models import CenterLabref
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_code_has_its_pattern_and_is_given_once():
    factories.center(center_code="IT801")
    for code in ("IT801", "it802", "IT12", "Roma1"):
        with pytest.raises(InvalidEntries) as invalid:
            factories.center(center_code=code)
        assert ("center", 1, "center_code") in invalid.value.errors


def test_a_code_never_changes():
    center = factories.center(center_code="IT801")
    with pytest.raises(InvalidEntries):
        center_actions.update(factories.SYSTEM, center, {"center_code": "IT802"}, version=1)
    renamed = center_actions.update(factories.SYSTEM, center, {"center_name": "New"}, version=1)
    assert (renamed.center_name, renamed.version) == ("New", 2)
    with pytest.raises(StaleVersion):
        center_actions.update(factories.SYSTEM, center, {"center_name": "Newer"}, version=1)


def test_every_answer_about_a_center_is_owed():
    with pytest.raises(InvalidEntries) as invalid:
        center_actions.create(factories.SYSTEM, {"center_code": "IT801"})
    assert ("center", 1, "ec_reference") in invalid.value.errors


def test_new_reference_ranges_derive_the_centers_cases_again():
    at = factories.center()
    baseline = {name: raw for name, raw in factories.FIXTURE["baseline"].items() if name != "ldh_uln_sample"}
    case = factories.case(at, baseline=baseline)
    assert case.derived.values["ldh_status"]["value"] == "HIGH"
    actor = Actor.person(factories.user(Role.DATA_MANAGER, at=at))

    center_actions.save_labref(actor, at, {"ldh_uln": "300"}, seq=1, version=1)

    case.derived.refresh_from_db()
    assert case.derived.values["ldh_status"]["value"] == "NORMAL"
    assert CenterLabref.objects.get(center=at).version == 2


def test_reference_ranges_are_the_centers_own_business():
    actor = Actor.person(factories.user(Role.DATA_MANAGER, at=factories.center()))
    with pytest.raises(NotPermitted):
        center_actions.save_labref(actor, factories.center(), factories.LabrefEntries())


def test_a_removed_or_changed_range_is_not_overwritten():
    at = factories.center()
    with pytest.raises(StaleVersion):
        center_actions.save_labref(factories.SYSTEM, at, {"ldh_uln": "300"}, seq=2, version=1)
    with pytest.raises(StaleVersion):
        center_actions.save_labref(factories.SYSTEM, at, {"ldh_uln": "300"}, seq=1, version=9)
