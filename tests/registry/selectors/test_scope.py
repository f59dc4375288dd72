"""One center-scope rule: no center, no rows; a foreign and a non-existent case answer alike (X3, X4)."""

from uuid import uuid4

import pytest

from registry.actions import people
from registry.exceptions import NotFound
from registry.models import User
from registry.selectors import scope
from registry.terminology.roles import CENTER_ROLES, Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return factories.empty_case(factories.center())


@pytest.fixture
def foreign():
    return factories.empty_case(factories.center())


@pytest.mark.parametrize("role", sorted(CENTER_ROLES))
def test_a_center_role_sees_its_centers_cases_only(role, own, foreign):
    person = factories.user(role, at=own.center)
    assert list(scope.cases(person)) == [own]
    assert scope.case(person, own.pk) == own
    assert scope.centers(person) == [own.center]


@pytest.mark.parametrize("role", [role for role in Role if role not in CENTER_ROLES])
def test_a_study_wide_role_sees_no_case(role, own):
    person = factories.user(role)
    assert list(scope.cases(person)) == []
    with pytest.raises(NotFound):
        scope.case(person, own.pk)


def test_a_foreign_and_a_missing_case_answer_alike(own, foreign):
    person = factories.user(Role.DATA_MANAGER, at=own.center)
    answers = set()
    for case_id in (foreign.pk, uuid4(), "not-an-id", None):
        with pytest.raises(NotFound) as refusal:
            scope.case(person, case_id)
        answers.add(str(refusal.value))
    assert len(answers) == 1


def test_several_memberships_add_up(own, foreign):
    person = factories.user(Role.DATA_MANAGER, at=own.center)
    people.grant(factories.SYSTEM, person, Role.MONITOR, foreign.center)
    assert set(scope.cases(User.objects.get(pk=person.pk))) == {own, foreign}


def test_an_inactive_person_sees_nothing(own):
    person = factories.user(Role.DATA_MANAGER, at=own.center)
    person.is_active = False
    assert list(scope.cases(person)) == []
