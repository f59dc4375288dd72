"""Request ids, headers, log lines and the end of sessions."""

import datetime
import io
import json
import logging
import re

import pytest
import time_machine
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from registry.middleware import RequestLogMiddleware, SecurityHeadersMiddleware
from registry.models import User
from registry.views.language import set_language

START = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=datetime.UTC)
CANARY = "PZ-CANARY-0417"


def echo(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Say who is logged in and under which id the request runs."""
    return HttpResponse(f"{request.user.is_authenticated} {request.request_id}")


def nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"duplicate key (patient_code)=({CANARY})")


urlpatterns = [
    path("echo", echo),
    path("echo/<str:secret>/", echo),
    path("nonce", nonce),
    path("fail", fail),
    path("language/", set_language, name="set_language"),
]

pytestmark = pytest.mark.urls("tests.registry.test_middleware")


@pytest.fixture
def lines():
    """Log lines as they are written, parsed."""
    handler = logging.getLogger().handlers[0]
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)


@pytest.fixture
def user(db: None) -> User:
    user = User(email="dm@example.org", name="Data Manager")
    # Past the guard: how an account comes about is tested elsewhere.
    Model.save(user)
    return user


def logged_in(client: Client) -> bool:
    return client.get("/echo").content.startswith(b"True")


def test_every_response_names_its_request(client: Client, db: None) -> None:
    first, second = client.get("/echo"), client.get("/echo", headers={"X-Request-ID": "chosen by the client"})
    for response in (first, second):
        assert response.content.decode().split()[1] == response["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize("path", ["/echo?q=%00", "/echo?a=1&q=x%00y", "/echo/%00/", "/echo/a%00b/?q=1"])
def test_an_address_with_a_nul_is_refused_on_every_database(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert response["X-Request-ID"]


def test_pages_are_kept_in_no_cache_and_frames(client: Client, db: None) -> None:
    response = client.get("/echo")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]


def test_a_view_may_decide_on_caching_itself() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    response = SecurityHeadersMiddleware(view)(RequestFactory().get("/"))
    assert response["Cache-Control"] == "max-age=60"


def test_scripts_run_by_nonce_only(client: Client, db: None) -> None:
    first, second = client.get("/nonce"), client.get("/nonce")
    policy = first["Content-Security-Policy"]
    assert f"'nonce-{first.content.decode()}'" in policy
    assert "unsafe" not in policy
    assert first.content != second.content


def test_the_log_names_the_route_and_nothing_the_person_sent(client: Client, db: None, lines) -> None:
    client.post(
        f"/echo/{CANARY}/?q={CANARY}", {"patient_code": CANARY}, headers={"Referer": f"http://x/{CANARY}"}
    )
    client.get(f"/nowhere/{CANARY}/?q={CANARY}")
    written = lines()
    assert [(line["route"], line["status"]) for line in written] == [("echo/<str:secret>/", 200), (None, 404)]
    assert all(line["request_id"] and line["milliseconds"] >= 0 for line in written)
    assert CANARY not in json.dumps(written)


def test_an_error_is_logged_by_type_and_place_without_its_message(client: Client, db: None, lines) -> None:
    client.raise_request_exception = False
    response = client.get("/fail")
    written = lines()
    assert response.status_code == 500
    assert CANARY not in response.content.decode()
    [failed, request] = written
    assert failed["exception"] == "builtins.ValueError"
    assert any("fail" in place and "test_middleware.py" in place for place in failed["places"])
    assert failed["request_id"] == request["request_id"] == response["X-Request-ID"]
    assert CANARY not in json.dumps(written)


def test_the_log_context_ends_with_the_request(lines) -> None:
    RequestLogMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    logging.getLogger("after").warning("later")
    assert "request_id" in lines()[0]
    assert "request_id" not in lines()[1]


def test_a_session_ends_after_a_quarter_of_an_hour_of_nothing(client: Client, user) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client.force_login(user)
        assert logged_in(client)
        clock.shift(datetime.timedelta(minutes=14, seconds=59))
        assert logged_in(client)
        clock.shift(datetime.timedelta(minutes=14, seconds=59))
        assert logged_in(client), "the request before kept it alive"
        clock.shift(datetime.timedelta(minutes=15, seconds=31))
        assert not logged_in(client)
        assert not logged_in(client)


def test_a_session_ends_after_twelve_hours_of_work(client: Client, user) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client.force_login(user)
        for _ in range(12 * 6):
            assert logged_in(client)
            clock.shift(datetime.timedelta(minutes=10))
        assert logged_in(client)
        clock.shift(datetime.timedelta(seconds=1))
        assert not logged_in(client)


def test_the_session_key_changes_at_login(client: Client, user) -> None:
    session = client.session
    session["seen before login"] = True
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    client.force_login(user)
    assert client.session.session_key != before


def test_reading_does_not_write_the_session_every_time(
    client: Client, user, django_assert_num_queries
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client.force_login(user)
        assert logged_in(client)
        clock.shift(datetime.timedelta(seconds=29))
        with django_assert_num_queries(2):  # the session and the user
            assert logged_in(client)
