"""Who asks: the owner of an API token."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class ApiTokenAuthentication(TokenAuthentication):
    """knox's tokens: kept as hashes, expiring."""

    def authenticate_credentials(self, token: bytes) -> Any:
        # knox decodes without asking whether it can.
        if not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class ApiTokenScheme(KnoxTokenScheme):
    """How OpenAPI calls it."""

    target_class = ApiTokenAuthentication
    name = "token"
