"""What every writing view shares: who acts, the idempotency key, the version that was seen."""

import hashlib
import re
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from registry.api.body import Body
from registry.audit.actor import Actor
from registry.models import Source

_KEY = re.compile(r"[!-~]{1,200}")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Of your own making. The same key and body again answer as before; another body is 422.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]+"$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag under which the row was read.",
)


class VersionWanted(APIException):
    """A change without saying of what."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED


def actor_of(request: Request) -> Actor:
    """The owner of the token; the id of the request ties their events together."""
    return Actor.person(request.user, Source.API, batch=request._request.request_id)  # noqa: SLF001 (DRF's own way in)


def token_of(request: Request, part: str = "") -> str:
    """The idempotency token of a request, or of a part of it; "" without a key. Two people's never meet."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not _KEY.fullmatch(key):
        raise serializers.ValidationError(
            {"Idempotency-Key": [_("At most 200 letters, digits and signs, no spaces.")]}
        )
    text = "\x1e".join((str(request.user.pk), request.method or "", request.path, key, part))
    return hashlib.sha256(text.encode()).hexdigest()


def version_of(request: Request) -> int:
    """The version of the row that was seen.

    Raises
    ------
    VersionWanted
        When the request does not say which: whoever has not seen a row cannot overwrite it.
    """
    for etag in parse_etags(request.headers.get("If-Match", "")):
        number = etag.strip('"')
        if number.isascii() and number.isdigit() and len(number) < 10:
            return int(number)
    raise VersionWanted(_("Say in If-Match which version you have seen: the ETag of the row."))


def read(body: type[Body], request: Request) -> dict[str, Any]:
    """The body of a request, checked."""
    if not isinstance(request.data, dict):
        raise serializers.ValidationError({"": [_("The body is one JSON object.")]})
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data  # type: ignore[no-any-return]
