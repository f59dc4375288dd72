"""What wraps every request: a name for it, one log line, headers, and the end of a forgotten session."""

import sys
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.cache import patch_cache_control

logger = structlog.get_logger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

# They must answer when the database does not.
_PROBES = ("/healthz", "/readyz")


class RequestLogMiddleware:
    """Give each request an id (`request.request_id`, the `X-Request-ID` header) and log it when it is done.

    The line names the route, not the path: a path may hold the secret of a reset link. An id that the client
    sends is not taken over, because audit events carry ours.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        got_request_exception.connect(self._log_exception, dispatch_uid="registry.request_log")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):  # type: ignore[attr-defined]
            started = time.perf_counter()
            response = self.get_response(request)
            _level(request, response)(
                "request",
                method=request.method,
                route=_route(request),
                status=response.status_code,
                milliseconds=round(1000 * (time.perf_counter() - started)),
            )
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    @staticmethod
    def _log_exception(sender: object, request: HttpRequest | None = None, **_: object) -> None:
        logger.error("request_failed", route=_route(request) if request else None, exc_info=sys.exc_info())


def _level(request: HttpRequest, response: HttpResponse) -> Callable[..., None]:
    if response.status_code >= 500:
        return logger.error
    # A probe every few seconds would bury everything else.
    return logger.debug if request.path_info in _PROBES else logger.info


def _route(request: HttpRequest) -> str | None:
    match = request.resolver_match
    return match.route if match else None


class RefuseNulMiddleware:
    """Answer 400 to an address with a NUL character in it.

    No search term or identifier has one. SQLite would look for it and PostgreSQL would fail on it: refused
    here, both behave alike. (Form fields are refused by Django's own validators.)
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "%00" in query or "\0" in query:
            return self._refusal(request)
        return self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return HttpResponseBadRequest()
        # A program gets the shape its documentation promises.
        detail = "An address holds no NUL character."
        problem = {"title": "Bad request", "status": 400, "detail": detail}
        return JsonResponse(problem, status=400, content_type="application/problem+json")


class SecurityHeadersMiddleware:
    """Headers that Django does not set itself, and no copy of a page in any cache unless the view says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        if "Cache-Control" not in response:
            patch_cache_control(response, no_store=True, private=True)
        return response


class SessionLimitsMiddleware:
    """End a session that was idle for 15 minutes or is 12 hours old, whatever it was doing.

    (The session key itself is renewed by Django at every login.)
    """

    STARTED = "session_started"
    SEEN = "session_seen"
    # Writing the session on every request would make each page view take the database's write lock.
    RESOLUTION_SECONDS = 30

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in _PROBES and SESSION_KEY in request.session:
            self._limit(request)
        return self.get_response(request)

    def _limit(self, request: HttpRequest) -> None:
        session, now = request.session, int(time.time())
        started, seen = session.get(self.STARTED), session.get(self.SEEN, now)
        if started is None:
            session[self.STARTED] = session[self.SEEN] = now
        elif now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_ABSOLUTE_SECONDS:
            logout(request)
        # A page that asks by itself how current it is must not keep an abandoned session alive.
        elif now - seen >= self.RESOLUTION_SECONDS and "X-Background" not in request.headers:
            session[self.SEEN] = now
