"""A change of the rules reaches the cases that are stored."""

import pytest
from django.db import connection

from registry.actions.derive import stale_cases
from registry.actions.rederive import rederive
from registry.derivations.parameters import DEFAULT
from registry.models import DerivedCase, Event
from registry.public import data_cut
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def outdated():
    """Two cases derived under other rules, which knew nothing of response."""
    at = factories.center()
    # Two patients: a twin would be asked about.
    cases = [factories.case(at), factories.case(at, demographics={"birth_date": "1950-01", "sex": "M"})]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_derivedcase SET rule_version = 'older', \"values\" = '{}'")
    return cases


def derived():
    return list(DerivedCase.objects.scoped().order_by("pk"))


def test_outdated_cases_are_derived_again_without_an_event(outdated):
    events, before = Event.objects.count(), derived()
    assert rederive(limit=1) == 1
    assert rederive() == 1
    assert rederive() == 0
    after = derived()
    assert {each.rule_version for each in after} == {DEFAULT.rule_version}
    assert [each.changed_at for each in after] == [each.changed_at for each in before]
    assert Event.objects.count() == events
    assert list(stale_cases()) == []


def test_until_then_a_data_cut_derives_them_itself(outdated, snapshot_sees_test):
    assert {case.derived["bor"].value for case in data_cut().cases} == {"PR"}
