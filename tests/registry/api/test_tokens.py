"""Getting a token and giving it back: same password, same second factor, same limits, same audit."""

import pytest
from allauth.account.signals import password_changed
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from registry.actions import people
from registry.models import Event, User
from registry.terminology.roles import Role
from tests import factories
from tests.registry.api.conftest import client_of, token_of

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/auth/login/"


@pytest.fixture
def person(center) -> User:
    return factories.user(Role.DATA_MANAGER, at=center)


def log_in(person: User, **given: str):
    body = {"email": person.email, "password": factories.PASSWORD} | given
    return APIClient().post(LOGIN, body, format="json")


def last_event() -> tuple[str, str, str]:
    event = Event.objects.latest("number")
    return event.action, event.source, event.actor_name


def code_of(person: User) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_a_token_is_stored_as_a_hash_expires_and_leaves_an_event(person):
    token = token_of(person)
    stored = AuthToken.objects.get()
    assert token not in (stored.digest, stored.token_key)
    assert stored.expiry is not None
    assert last_event() == ("LOGIN", "API", person.name)


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"email": "nobody@example.test"}])
def test_known_and_unknown_people_are_refused_alike(person, given):
    answer = log_in(person, **given)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "This email address and password do not belong together."
    assert answer["Content-Type"] == "application/problem+json"
    assert last_event()[:2] == ("LOGIN_FAILED", "API")
    assert AuthToken.objects.count() == 0


def test_an_account_that_is_switched_off_is_refused_like_a_wrong_password(person):
    people.update(factories.SYSTEM, person, is_active=False)
    answer = log_in(person)
    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "This email address and password do not belong together.",
    )


def test_switching_an_account_off_ends_its_tokens(person):
    client = client_of(person)
    assert client.get("/api/v1/cases/").status_code == 200
    people.update(factories.SYSTEM, person, is_active=False)
    assert client.get("/api/v1/cases/").status_code == 401


def test_losing_the_role_acts_on_the_next_request(person):
    client = client_of(person)
    people.revoke(factories.SYSTEM, person.memberships.get())
    assert client.get("/api/v1/cases/").status_code == 403


def test_the_second_factor_is_asked_for(person):
    code = code_of(person)
    assert "second factor" in log_in(person).json()["detail"]
    assert log_in(person, code="000000").status_code == 401
    assert last_event()[:2] == ("LOGIN_FAILED", "API")
    assert log_in(person, code=code).status_code == 200
    # A code that was read over a shoulder is worth nothing.
    assert log_in(person, code=code).status_code == 401


def test_a_recovery_code_works_once(person):
    code_of(person)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    assert log_in(person, code=code).status_code == 200
    assert log_in(person, code=code).status_code == 401


def test_logging_in_opens_no_session(person):
    code = code_of(person)
    assert log_in(person, code=code).cookies == {}


def test_failures_are_limited(person):
    answers = [log_in(person, password=f"wrong {n}").status_code for n in range(12)]
    assert answers[:5] == [401] * 5
    assert 429 in answers
    assert log_in(person).status_code == 429


def test_wrong_codes_are_limited(person):
    code_of(person)
    assert 429 in [log_in(person, code="000000").status_code for _ in range(12)]


def test_logging_out_ends_one_token(person):
    first, second = client_of(person), client_of(person)
    assert first.post("/api/v1/auth/logout/").status_code == 204
    assert last_event() == ("LOGOUT", "API", person.name)
    assert first.get("/api/v1/cases/").status_code == 401
    assert second.get("/api/v1/cases/").status_code == 200


def test_logging_out_everywhere_ends_all_tokens_of_the_person(person, center):
    other = client_of(factories.user(Role.MONITOR, at=center))
    first, second = client_of(person), client_of(person)
    assert first.post("/api/v1/auth/logoutall/").status_code == 204
    assert second.get("/api/v1/cases/").status_code == 401
    assert other.get("/api/v1/cases/").status_code == 200


def test_a_new_password_ends_all_tokens(person, rf):
    client = client_of(person)
    password_changed.send(sender=User, request=rf.get("/"), user=person)
    assert client.get("/api/v1/cases/").status_code == 401


@pytest.mark.parametrize("sent", ["Token", "Token x y", "Token nonsense", "Token \xff\xfe", "Bearer abc"])
def test_whatever_is_no_token_is_refused_in_words(sent):
    answer = APIClient(HTTP_AUTHORIZATION=sent).get("/api/v1/cases/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"email": 1, "password": []}', b'{"email": "a\\u0000@b.c"}']
)
def test_a_body_that_is_no_login_is_a_400_with_fields(body):
    answer = Client().post(LOGIN, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_form_post_is_no_json(person):
    answer = Client().post(LOGIN, {"email": person.email, "password": factories.PASSWORD})
    assert answer.status_code == 415


def test_a_logged_in_browser_needs_its_csrf_token(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.get("/api/v1/cases/").status_code == 200
    # Only a token can be given back, so a session is refused either way: never a 2xx.
    assert client.post("/api/v1/auth/logout/").status_code == 401
