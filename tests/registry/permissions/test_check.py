"""Who may do what: the access model of the design, row for row."""

import pytest

from registry.exceptions import NotPermitted
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

# The access model of the design: whatever is not here is refused.
ALLOWED = {
    Role.DATA_MANAGER: (
        "VIEW_CASES ENROLL RECORD IMPORT VIEW_OWN_REFERENCE EXPORT_CASES VIEW_HISTORY MANAGE_LABREFS"
    ),
    Role.INVESTIGATOR: (
        "VIEW_CASES ENROLL RECORD IMPORT VIEW_OWN_REFERENCE EXPORT_CASES VIEW_HISTORY MANAGE_LABREFS "
        "VIEW_REPORTS"
    ),
    Role.MONITOR: "VIEW_CASES VIEW_HISTORY RAISE_QUERY",
    Role.COORDINATOR: "VIEW_REPORTS VIEW_RELEASES PROPOSE_RELEASE APPROVE_RELEASE MANAGE_RULES VIEW_AUDIT",
    Role.STATISTICIAN: "VIEW_REPORTS VIEW_RELEASES PROPOSE_RELEASE DOWNLOAD_RELEASE",
    Role.ADMINISTRATOR: "MANAGE_PEOPLE MANAGE_CENTERS",
    Role.AUDITOR: "VIEW_AUDIT",
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_access_model_says_and_nothing_else(role):
    person = factories.user(role, at=factories.center())
    assert {verb for verb in Verb if user_can(person, verb)} == set(ALLOWED[role].split())


def test_a_role_at_a_center_reaches_that_center_only():
    own, foreign = factories.center(), factories.center()
    person = factories.user(Role.DATA_MANAGER, at=own)
    assert user_can(person, Verb.RECORD, own)
    assert not user_can(person, Verb.RECORD, foreign)


def test_a_refusal_says_what_may_not_be_done():
    with pytest.raises(NotPermitted, match="You may not manage people"):
        check_user_can(factories.user(Role.AUDITOR), Verb.MANAGE_PEOPLE)


def test_nobody_without_a_role_may_do_anything():
    person = factories.user()
    assert not [verb for verb in Verb if user_can(person, verb)]
