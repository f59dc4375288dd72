"""`manage.py create_administrator`: the first person gets in without anybody before them."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from registry.models import Event, User
from tests import factories

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_administrator", "ada@example.test", "Ada Admin", *arguments, stdout=out)
    return out.getvalue()


def test_prints_a_link_that_leads_to_the_people_page() -> None:
    printed = run("--site", "https://registry.example.org/")
    path = re.fullmatch(r"https://registry\.example\.org(/accounts/password/reset/key/\S+/)\n", printed)[1]
    assert mail.outbox == []
    client = Client()
    form = client.get(path, follow=True)
    fields = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    client.post(form.redirect_chain[-1][0], fields)
    client.post("/accounts/login/", {"login": "ada@example.test", "password": factories.PASSWORD})
    assert client.get("/people/").status_code == 200


def test_sends_the_link_on_demand() -> None:
    assert "sent to ada@example.test" in run("--send")
    assert "http://localhost:8000/accounts/password/reset/key/" in mail.outbox[0].body
    assert "/accounts/password/reset/key/" not in run_again_fails()


def run_again_fails() -> str:
    with pytest.raises(CommandError) as refused:
        run()
    return str(refused.value)


def test_an_address_that_is_taken_is_refused_and_changes_nothing() -> None:
    run()
    before = Event.objects.count()
    assert "There is an account with this address already." in run_again_fails()
    assert Event.objects.count() == before
    assert User.objects.count() == 1
