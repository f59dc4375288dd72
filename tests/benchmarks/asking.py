"""Requests through the whole of the application without a network, and without what a test client adds."""

from collections.abc import Callable

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory

from registry.models import User


def asking(user: User) -> Callable[[str], HttpResponse]:
    """A function that gets a page for somebody who has logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    factory, handler = RequestFactory(), BaseHandler()
    factory.cookies["sessionid"] = session.session_key
    handler.load_middleware()

    def get(path: str) -> HttpResponse:
        response = handler.get_response(factory.get(path))
        assert response.status_code == 200, response.status_code
        return response

    # The first request of a session writes when it began.
    handler.get_response(factory.get("/"))
    return get
