"""The first account of a new installation."""

import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from registry.models import Event, Membership, User
from registry.terminology.roles import Role

pytestmark = pytest.mark.django_db


def create(email: str = "ada@hospital.example", name: str = "Ada Rossi") -> None:
    call_command("create_administrator", email=email, name=name)


def test_its_owner_sets_the_password_by_mail(client: Client) -> None:
    create()
    user = User.objects.get(email="ada@hospital.example")
    assert not user.has_usable_password()
    assert list(Membership.objects.values_list("user", "role", "center")) == [
        (user.pk, Role.ADMINISTRATOR, None)
    ]

    client.post("/accounts/password/reset/", {"email": user.email})
    [message] = mail.outbox
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", message.body)
    assert link, message.body
    page = client.get(link[1], follow=True)
    password = "a long enough passphrase 17"
    client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    assert client.login(email=user.email, password=password)


def test_it_is_in_the_audit_trail_and_made_once() -> None:
    create()
    events = Event.objects.count()
    assert events >= 2
    create("ADA@hospital.example ")
    assert User.objects.count() == 1
    assert Event.objects.count() == events


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        create("nobody")
    assert not User.objects.exists()
