"""The OpenAPI description and the pages to read and try it, served from here."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer

from registry.api.authentication import ApiTokenAuthentication
from registry.api.problems import MEDIA_TYPE, SCHEMA

_REFUSALS = {
    "400": "The request cannot be understood.",
    "401": "No token, or one that has expired.",
    "403": "The person may not do this.",
    "404": "There is no such thing, or it is another center's.",
    "409": "Somebody else was faster.",
    "415": "The body is no JSON.",
    "422": "What was sent cannot be stored, or the row cannot be called complete.",
    "428": "The request does not say which version was seen.",
    "429": "Too many requests.",
}


class Schema(SpectacularAPIView):
    """The description, as JSON."""

    renderer_classes = (JSONRenderer,)
    permission_classes = (IsAuthenticated,)
    authentication_classes = (ApiTokenAuthentication, SessionAuthentication)


@method_decorator(login_required, name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """Swagger UI for somebody who is logged in; its script has an address of its own, as the CSP wants."""

    url_name = "api_schema"
    template_name = "registry/api/docs.html"
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)


def document_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular hook: every operation can be refused, always in the same shape."""
    result["components"]["schemas"]["Problem"] = SCHEMA
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            for status in _possible(path, operation):
                answer = {"description": _REFUSALS[status], "content": content}
                operation["responses"].setdefault(status, answer)
    return result


def _possible(path: str, operation: dict[str, Any]) -> list[str]:
    statuses = ["401", "429"]
    if operation.get("security"):
        statuses.append("403")
    if "requestBody" in operation:
        statuses += ["400", "409", "415", "422"]
    parameters = operation.get("parameters", [])
    if any(each["in"] == "query" for each in parameters):
        statuses.append("400")
    if any(each["name"] == "If-Match" for each in parameters):
        statuses.append("428")
    if "{" in path:
        statuses.append("404")
    return statuses
