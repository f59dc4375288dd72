"""Every refusal of the API in one shape: problem details for HTTP APIs (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from registry.api.finding import told
from registry.exceptions import (
    Incomplete,
    InvalidEntries,
    NotFound,
    NotPermitted,
    ReasonRequired,
    StaleVersion,
    TokenReused,
    Unconfirmed,
)

MEDIA_TYPE = "application/problem+json"


# OpenAPI schema of what is answered.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, for a program and for a person.",
    "properties": {
        "title": {"type": "string", "description": "Short name of the kind of problem."},
        "status": {"type": "integer", "description": "The HTTP status once more."},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {
            "type": "object",
            "description": 'Messages by the field they are about: "hb", or "baseline.1.hb" of a whole case.',
        },
        "findings": {
            "type": "array",
            "description": "What the edit checks say, where they are why.",
            "items": {"$ref": "#/components/schemas/Finding"},
        },
    },
    "required": ["title", "status", "detail"],
}


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; None leaves what nobody expected to Django."""
    refusal = _of_actions(exception)
    if refusal is not None:
        return refusal
    response = exception_handler(exception, context)
    if response is None:
        return None
    if isinstance(exception, ValidationError):
        errors = response.data if isinstance(response.data, dict) else {"": response.data}
        answer = problem(response.status_code, _("The request cannot be understood."), errors=errors)
    else:
        answer = problem(response.status_code, str(response.data["detail"]))
    # Of a refused login and of a limit: how to log in, when to come again.
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _of_actions(exception: Exception) -> Response | None:
    """What an action refuses with."""
    match exception:
        case NotFound() | Http404():
            # One sentence for what does not exist and for what is another center's.
            return problem(404, _("There is no such thing here."))
        case NotPermitted():
            return problem(403, str(exception))
        case PermissionDenied():
            return problem(403, _("You may not do this."))
        case InvalidEntries():
            return problem(422, _("Some entries cannot be stored."), errors=_at_fields(exception))
        case Incomplete() | Unconfirmed():
            return problem(422, str(exception), findings=told(exception.findings))
        case StaleVersion():
            return problem(409, str(exception))
        case ReasonRequired():
            return problem(422, str(exception), errors={"reason": [str(exception)]})
        case TokenReused():
            return problem(422, str(exception))
        case _:
            return None


def problem(status: int, detail: str, **more: Any) -> Response:
    """A problem as a response."""
    return Response(
        {"title": _TITLES.get(status, "Refused"), "status": status, "detail": detail, **more},
        status=status,
        content_type=MEDIA_TYPE,
    )


def _at_fields(refused: InvalidEntries) -> dict[str, list[str]]:
    """Messages at their fields, each with its form and row."""
    places = refused.errors.items()
    return {f"{form}.{seq or 1}.{name}".rstrip("."): list(messages) for (form, seq, name), messages in places}


_TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    409: "Already there",
    412: "Changed in the meantime",
    415: "Unsupported media type",
    422: "Refused",
    428: "Version wanted",
    429: "Too many requests",
}
