"""Logging in and out, passwords and second factors: what is answered, and what the audit trail keeps."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from registry.actions import people
from registry.models import Action, Event, EventPayload, User
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "an entirely different staple"


def log_in(client: Client, email: str, password: str = factories.PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def last_event() -> Event:
    return Event.objects.latest("number")


def everything_kept() -> str:
    """All text the audit trail holds."""
    headers = [str(vars(event)) for event in Event.objects.all()]
    return "".join(headers + [p.before + p.after for p in EventPayload.objects.all()])


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_logs_in_by_email_and_records_it(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    response = log_in(client, user.email.upper())
    assert response.status_code == 302
    assert response["Location"] == "/"
    event = last_event()
    assert (event.action, event.actor_name, event.actor_role) == (Action.LOGIN, user.name, "AUDITOR")
    assert event.batch == response["X-Request-ID"]


def test_goes_where_the_person_wanted_to(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    asked = client.get("/audit/")
    page = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/audit/"' in page
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": factories.PASSWORD, "next": "/audit/"}
    )
    assert response["Location"] == "/audit/"
    elsewhere = {"login": user.email, "password": factories.PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/accounts/login/", elsewhere)["Location"] == "/"


def test_session_key_changes_at_login(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    client.get("/accounts/login/")
    client.session["something"] = 1
    client.session.save()
    before = client.session.session_key
    log_in(client, user.email)
    assert client.session.session_key != before


def test_known_and_unknown_addresses_are_answered_alike(client: Client) -> None:
    known = factories.user(Role.AUDITOR).email
    unknown = "person9999@example.test"
    answers = [log_in(Client(), email, "wrong") for email in (known, unknown)]
    assert [answer.status_code for answer in answers] == [200, 200]

    def neutral(answer, email: str) -> str:
        text = answer.content.decode().replace(email, "EMAIL")
        text = re.sub(r'(nonce|value|name="csrfmiddlewaretoken" value)="[^"]*"', "", text)
        return re.sub(r'"x-csrftoken": "[^"]*"', "", text)

    assert neutral(answers[0], known) == neutral(answers[1], unknown)


def test_failed_login_of_a_known_person_is_recorded_by_address(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    log_in(client, user.email, "wrong-Horse-7731")
    event = last_event()
    assert (event.action, event.actor_name, event.actor_id) == (Action.LOGIN_FAILED, user.email, "")
    assert "wrong-Horse-7731" not in everything_kept()


def test_failed_login_of_an_unknown_address_keeps_nothing_that_was_typed(client: Client) -> None:
    log_in(client, "mario.rossi.1950@patients.example", "wrong-Horse-7731")
    assert (last_event().action, last_event().actor_name) == (Action.LOGIN_FAILED, "unknown address")
    assert "mario" not in everything_kept()
    assert "wrong-Horse-7731" not in everything_kept()


def test_sixth_wrong_password_is_not_even_tried(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    for _ in range(5):
        log_in(client, user.email, "wrong")
    answer = log_in(client, user.email)
    assert "Too many failed attempts" in answer.content.decode()
    assert Event.objects.filter(action=Action.LOGIN_FAILED).count() == 5


def test_login_that_cannot_be_recorded_does_not_happen(client: Client, monkeypatch) -> None:
    user = factories.user(Role.AUDITOR)

    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the audit trail is full")

    monkeypatch.setattr("registry.views.login_events.people.note", refuse)
    client.raise_request_exception = False
    assert log_in(client, user.email).status_code == 500
    assert client.get("/audit/").status_code == 302


def test_switched_off_account_cannot_log_in(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    people.update(factories.SYSTEM, user, is_active=False)
    response = log_in(client, user.email)
    assert response["Location"] == "/accounts/inactive/"
    assert "switched off" in client.get("/accounts/inactive/").content.decode()
    assert client.get("/audit/").status_code == 302
    assert not Event.objects.filter(action=Action.LOGIN).exists()


def test_switching_an_account_off_ends_its_sessions(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    log_in(client, user.email)
    assert client.get("/audit/").status_code == 200
    people.update(factories.SYSTEM, user, is_active=False)
    assert client.get("/audit/").status_code == 302


def test_lost_role_acts_on_the_next_request(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    log_in(client, user.email)
    people.revoke(factories.SYSTEM, user.memberships.get(), reason="left the team")
    assert client.get("/audit/").status_code == 403


def test_logout_takes_a_post_and_is_recorded(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    log_in(client, user.email)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.get("/audit/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert (last_event().action, last_event().actor_name) == (Action.LOGOUT, user.name)
    assert client.get("/audit/").status_code == 302


def test_changed_password_is_saved_recorded_and_ends_the_session(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    log_in(client, user.email)
    fields = {"oldpassword": factories.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/accounts/password/change/", fields)["Location"] == "/accounts/login/"
    assert Event.objects.filter(action=Action.PASSWORD, actor_name=user.name).count() == 1
    assert User.objects.get(pk=user.pk).check_password(NEW_PASSWORD)
    assert client.get("/audit/").status_code == 302
    assert NEW_PASSWORD not in everything_kept()
    assert User.objects.get(pk=user.pk).password not in everything_kept()
    assert mail.outbox[-1].to == [user.email]


@pytest.mark.parametrize("weak", ["short", "123456789012345", "password1234"])
def test_weak_password_is_refused(client: Client, weak: str) -> None:
    user = factories.user(Role.AUDITOR)
    log_in(client, user.email)
    fields = {"oldpassword": factories.PASSWORD, "password1": weak, "password2": weak}
    assert client.post("/accounts/password/change/", fields).status_code == 200
    assert User.objects.get(pk=user.pk).check_password(factories.PASSWORD)


def test_reset_link_sets_a_password_once(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]
    form = client.get(link, follow=True)
    assert "Set your password" in form.content.decode()
    fields = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    done = client.post(form.redirect_chain[-1][0], fields, follow=True)
    assert "Password set" in done.content.decode()
    assert last_event().action == Action.PASSWORD
    assert log_in(client, user.email, NEW_PASSWORD).status_code == 302
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_reset_answers_known_and_unknown_addresses_alike(client: Client) -> None:
    known = factories.user(Role.AUDITOR).email
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in (known, "nobody@example.test")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/accounts/password/reset/done/")
    }
    to_known, to_unknown = mail.outbox
    assert "/accounts/password/reset/key/" in to_known.body
    assert to_unknown.to == ["nobody@example.test"]
    assert "no active account has this address" in to_unknown.body
    assert "http" not in to_unknown.body


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_set_password", "account_request_login_code", "mfa_trust"],
)
def test_routes_that_are_not_used_do_not_exist(client: Client, name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
    assert client.get("/accounts/signup/").status_code == 404


# allauth reports a change of the second factor once it is committed.
@pytest.mark.django_db(transaction=True)
class TestSecondFactor:
    @pytest.fixture
    def user(self, client: Client) -> User:
        user = factories.user(Role.AUDITOR)
        log_in(client, user.email)
        return user

    def confirm(self, client: Client) -> None:
        fields = {"password": factories.PASSWORD, "next": "/accounts/two-factor/app/"}
        answer = client.post("/accounts/reauthenticate/", fields)
        assert answer["Location"] == "/accounts/two-factor/app/"

    def set_up(self, client: Client) -> str:
        self.confirm(client)
        page = client.get("/accounts/two-factor/app/")
        secret = page.context["form"].secret
        assert secret in page.content.decode()
        answer = client.post("/accounts/two-factor/app/", {"code": code_of(secret)})
        assert answer["Location"] == "/accounts/two-factor/codes/"
        return secret

    def test_set_up_shows_recovery_codes_and_is_recorded(self, client: Client, user: User) -> None:
        secret = self.set_up(client)
        assert Event.objects.filter(action=Action.MFA, actor_name=user.name).exists()
        assert secret not in everything_kept()
        codes = client.get("/accounts/two-factor/codes/").context["unused_codes"]
        assert len(codes) == 10
        assert codes[0] not in everything_kept()
        assert "10 codes left" in client.get("/accounts/two-factor/").content.decode()

    def test_login_then_asks_for_the_code(self, client: Client, user: User) -> None:
        secret = self.set_up(client)
        other = Client()
        assert log_in(other, user.email)["Location"] == "/accounts/two-factor/login/"
        assert other.get("/audit/").status_code == 302
        logins = Event.objects.filter(action=Action.LOGIN).count()

        wrong = other.post("/accounts/two-factor/login/", {"code": "000000"})
        assert "Incorrect code" in wrong.content.decode()
        assert (last_event().action, last_event().actor_name) == (Action.LOGIN_FAILED, user.email)
        assert Event.objects.filter(action=Action.LOGIN).count() == logins

        right = other.post("/accounts/two-factor/login/", {"code": code_of(secret)})
        assert right["Location"] == "/"
        assert other.get("/audit/").status_code == 200

    def test_recovery_code_opens_once(self, client: Client, user: User) -> None:
        self.set_up(client)
        code = client.get("/accounts/two-factor/codes/").context["unused_codes"][0]
        answers = []
        for other in (Client(), Client()):
            log_in(other, user.email)
            answers.append(other.post("/accounts/two-factor/login/", {"code": code}).status_code)
        assert answers == [302, 200]

    def test_new_recovery_codes_replace_the_old_ones(self, client: Client, user: User) -> None:
        self.set_up(client)
        old = client.get("/accounts/two-factor/codes/").context["unused_codes"]
        assert "10 codes that are left" in client.get("/accounts/two-factor/codes/new/").content.decode()
        client.post("/accounts/two-factor/codes/new/")
        new = client.get("/accounts/two-factor/codes/").context["unused_codes"]
        assert not set(old) & set(new)
        assert last_event().action == Action.MFA

    def test_switching_off_is_recorded(self, client: Client, user: User) -> None:
        self.set_up(client)
        before = Event.objects.filter(action=Action.MFA).count()
        client.post("/accounts/two-factor/app/off/")
        assert Event.objects.filter(action=Action.MFA).count() > before
        assert log_in(Client(), user.email)["Location"] == "/"

    def test_password_is_asked_for_once_more_before_anything_changes(
        self, client: Client, user: User
    ) -> None:
        asked = client.get("/accounts/two-factor/app/")["Location"]
        assert asked.startswith("/accounts/reauthenticate/")
        assert "Confirm that it is you" in client.get(asked).content.decode()
        assert "This is not your password" in client.post(asked, {"password": "wrong"}).content.decode()
        assert last_event().action == Action.LOGIN_FAILED
        assert client.get("/accounts/two-factor/app/").status_code == 302
        self.confirm(client)
        assert client.get("/accounts/two-factor/app/").status_code == 200

    def test_needs_a_login(self) -> None:
        for path in ("", "app/", "app/off/", "codes/", "codes/new/"):
            answer = Client().get(f"/accounts/two-factor/{path}")
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/accounts/login/"), path


def test_page_left_open_learns_the_token_of_the_new_session(client: Client) -> None:
    user = factories.user(Role.AUDITOR)
    assert client.get("/accounts/session/").json()["person"] == ""
    log_in(client, user.email)
    state = client.get("/accounts/session/").json()
    assert state["person"] == str(user.pk)

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/accounts/logout/").status_code == 403
    assert strict.post("/accounts/logout/", {"csrfmiddlewaretoken": state["token"]}).status_code == 302
