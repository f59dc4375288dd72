"""The demo logins: one per role, made once, never in production."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError

from registry.actions import people
from registry.audit.log import data_version
from registry.management.commands.create_demo_users import LOGINS, PASSWORD
from registry.models import Membership, User
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def create():
    """Output of one run."""
    said = StringIO()
    call_command("create_demo_users", stdout=said)
    return said.getvalue()


def roles():
    """(address, role, center code) of every membership in force."""
    return {
        (str(held.user.email), Role(held.role), str(held.center or ""))
        for held in Membership.objects.filter(ended_at=None).select_related("user", "center")
    }


def test_there_is_somebody_for_every_role_at_the_places_where_it_is_held():
    create()
    assert roles() == {
        ("datamanager@demo.test", Role.DATA_MANAGER, "IT001"),
        ("datamanager2@demo.test", Role.DATA_MANAGER, "IT002"),
        ("investigator@demo.test", Role.INVESTIGATOR, "IT001"),
        ("monitor@demo.test", Role.MONITOR, "IT001"),
        ("monitor@demo.test", Role.MONITOR, "IT002"),
        ("coordinator@demo.test", Role.COORDINATOR, ""),
        ("coordinator2@demo.test", Role.COORDINATOR, ""),
        ("statistician@demo.test", Role.STATISTICIAN, ""),
        ("administrator@demo.test", Role.ADMINISTRATOR, ""),
        ("auditor@demo.test", Role.AUDITOR, ""),
    }
    assert {role for _, role, _ in roles()} == set(Role)


def test_what_is_printed_is_enough_to_log_in():
    said = create()
    assert PASSWORD in said
    for login in LOGINS:
        assert login.email in said
        user = User.objects.get(email=login.email)
        assert user.check_password(PASSWORD)
        assert authenticate(None, email=login.email, password=PASSWORD) == user


def test_a_second_run_changes_nothing_and_prints_the_same():
    first, version = create(), data_version()
    assert create() == first
    assert data_version() == version
    assert User.objects.count() == len(LOGINS)


def test_a_role_that_was_ended_stays_ended():
    create()
    membership = Membership.objects.get(user__email="auditor@demo.test")
    people.revoke(factories.SYSTEM, membership, reason="left")
    create()
    assert ("auditor@demo.test", Role.AUDITOR, "") not in roles()


def test_production_refuses(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        create()
    assert not User.objects.exists()


def test_no_demo_user_is_let_into_a_real_center():
    factories.center(center_code="IT001")
    with pytest.raises(CommandError, match="IT001"):
        create()
    assert not User.objects.exists()
