"""Accounts and roles."""

import pytest

from registry.actions import people
from registry.audit.actor import Actor
from registry.exceptions import InvalidEntries, NotPermitted
from registry.models import Action, Event, EventPayload, Membership, User
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(Role.ADMINISTRATOR)


@pytest.fixture
def actor(administrator):
    return Actor.person(administrator)


def test_an_invited_person_has_no_usable_password(actor):
    invited = people.invite(actor, " New.Person@Example.test ", "New Person")
    assert invited.email == "new.person@example.test"
    assert not invited.has_usable_password()


def test_no_event_ever_holds_a_password_hash(actor):
    invited = people.invite(actor, "a@example.test", "A", password=factories.PASSWORD)
    payload = EventPayload.objects.order_by("number").last()
    assert invited.password
    assert invited.password not in payload.after
    assert "password" not in payload.after


@pytest.mark.parametrize(
    ("email", "name"), [("no address", "A"), ("b@example.test", " "), ("b@example.test", "x" * 121)]
)
def test_a_person_needs_an_address_and_a_name(actor, email, name):
    with pytest.raises(InvalidEntries):
        people.invite(actor, email, name)
    assert not User.objects.filter(email=email).exists()


def test_an_address_is_used_once(actor, administrator):
    with pytest.raises(InvalidEntries):
        people.invite(actor, administrator.email.upper(), "Twin")


def test_a_role_is_granted_once_and_ends(actor):
    person, at = factories.user(), factories.center()
    membership = people.grant(actor, person, Role.MONITOR, at, reason="New monitor")
    assert people.grant(actor, person, Role.MONITOR, at) == membership
    event = Event.objects.filter(action=Action.ROLE).order_by("number").last()
    assert (event.reason, event.center_code) == ("New monitor", str(at))

    people.revoke(actor, membership)
    people.revoke(actor, membership)
    assert Membership.objects.get(pk=membership.pk).ended_at
    assert Event.objects.filter(action=Action.ROLE, row_id=str(membership.pk)).count() == 2
    assert not user_can(User.objects.get(pk=person.pk), Verb.VIEW_CASES)


def test_a_role_is_held_where_it_belongs(actor):
    person, at = factories.user(), factories.center()
    for role, center in ((Role.MONITOR, None), (Role.AUDITOR, at)):
        with pytest.raises(InvalidEntries):
            people.grant(actor, person, role, center)


def test_nobody_changes_their_own_account_or_roles(actor, administrator):
    with pytest.raises(NotPermitted):
        people.grant(actor, administrator, Role.AUDITOR)
    with pytest.raises(NotPermitted):
        people.revoke(actor, administrator.memberships.get())
    with pytest.raises(NotPermitted):
        people.update(actor, administrator, is_active=False)


def test_an_account_is_renamed_and_switched_off(actor):
    person = factories.user(Role.AUDITOR)
    people.update(actor, person, name="Renamed", is_active=False, reason="Left")
    stored = User.objects.get(pk=person.pk)
    assert (stored.name, stored.is_active) == ("Renamed", False)
    assert not user_can(stored, Verb.VIEW_AUDIT)
    with pytest.raises(InvalidEntries):
        people.update(actor, person, name="")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_manage_people(role):
    actor = Actor.person(factories.user(role, at=factories.center()))
    person = factories.user()
    for command in (
        lambda: people.invite(actor, "x@example.test", "X"),
        lambda: people.update(actor, person, name="Y"),
        lambda: people.grant(actor, person, Role.AUDITOR),
    ):
        with pytest.raises(NotPermitted):
            command()


def test_a_login_is_an_event_about_no_row(administrator):
    people.note(Actor.person(administrator), Action.LOGIN)
    event = Event.objects.order_by("number").last()
    assert (event.action, event.table, event.actor_name) == (Action.LOGIN, "", administrator.name)


def test_nobody_logged_in_may_do_nothing():
    with pytest.raises(NotPermitted):
        people.invite(Actor.nobody("unknown"), "x@example.test", "X")
