"""Every refusal of the API in one shape: problem details for HTTP APIs (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from registry.exceptions import NotFound, NotPermitted

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
            "description": "Messages by the name of the field they are about.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["title", "status", "detail"],
}


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; None leaves what nobody expected to Django."""
    match exception:
        case NotFound() | Http404():
            # One sentence for what does not exist and for what is another center's.
            return problem(404, _("There is no such thing here."))
        case NotPermitted():
            return problem(403, str(exception))
        case PermissionDenied():
            return problem(403, _("You may not do this."))
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


def problem(status: int, detail: str, **more: Any) -> Response:
    """A problem as a response."""
    return Response(
        {"title": _TITLES.get(status, "Refused"), "status": status, "detail": detail, **more},
        status=status,
        content_type=MEDIA_TYPE,
    )


_TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    415: "Unsupported media type",
    429: "Too many requests",
}
