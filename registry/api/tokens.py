"""Tokens: logging in with the same password, second factor and limits as on the page, and logging out."""

from datetime import UTC
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from registry.api.authentication import ApiTokenAuthentication
from registry.models import Source, User

# allauth's own word, which knows how many proxies are ours.
_TOO_MANY = "too_many_login_attempts"


class LoginThrottle(AnonRateThrottle):
    """Logins by address of the client; allauth limits failures by account as well."""

    rate = "30/minute"
    scope = "login"

    def get_ident(self, request: Request) -> str:
        return str(get_adapter().get_client_ip(request))


class LoginSerializer(serializers.Serializer[Any]):
    """What a person knows and has."""

    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=1000)
    code = serializers.CharField(
        required=False, allow_blank=True, max_length=20, help_text="Where a second factor is set up."
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A token, told once."""

    token = serializers.CharField(help_text="Send it as: Authorization: Token <token>")
    expiry = serializers.DateTimeField(default_timezone=UTC)


class Login(APIView):
    """Get a token."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)

    def get_authenticate_header(self, request: Request) -> str:
        """A refused login is a 401, though nothing that came with the request was looked at."""
        return ApiTokenAuthentication().authenticate_header(request)  # type: ignore[no-any-return]

    @extend_schema(request=LoginSerializer, responses={200: TokenSerializer}, tags=["auth"], auth=[])
    def post(self, request: Request) -> Response:
        """A new token for an email address and a password; it expires by itself."""
        _mark(request)
        given = LoginSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = _person(request, given.validated_data)
        made, token = AuthToken.objects.create(user)
        user_logged_in.send(sender=User, request=_plain(request), user=user)
        return Response(TokenSerializer({"token": token, "expiry": made.expiry}).data)


class Logout(APIView):
    """Give the token back."""

    authentication_classes = (ApiTokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=None, responses={204: OpenApiResponse()}, tags=["auth"])
    def post(self, request: Request) -> Response:
        """End the token the request came with."""
        _mark(request)
        request.auth.delete()
        user_logged_out.send(sender=User, request=_plain(request), user=request.user)
        return Response(status=204)


class LogoutAll(APIView):
    """Give all tokens back."""

    authentication_classes = (ApiTokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=None, responses={204: OpenApiResponse()}, tags=["auth"])
    def post(self, request: Request) -> Response:
        """End every token of the person."""
        _mark(request)
        request.user.auth_token_set.all().delete()
        user_logged_out.send(sender=User, request=_plain(request), user=request.user)
        return Response(status=204)


@receiver([password_changed, password_reset])
def end_tokens(user: User, **kwargs: Any) -> None:
    """A new password ends every token, as it ends every session."""
    AuthToken.objects.filter(user=user).delete()


def _plain(request: Request) -> Any:
    """Django's own request, which signals and allauth expect."""
    return request._request  # noqa: SLF001


def _mark(request: Request) -> None:
    """The audit trail says that this login did not come through a page."""
    _plain(request).audit_source = Source.API


def _person(request: Request, given: dict[str, str]) -> User:
    """The person, or one answer for an unknown address, a wrong password and an account switched off."""
    try:
        user = get_adapter().authenticate(
            _plain(request), email=given["email"].lower(), password=given["password"]
        )
        if user is None or not user.is_active:
            raise AuthenticationFailed(_("This email address and password do not belong together."))
        if is_mfa_enabled(user):
            _check_code(user, given.get("code", ""))
    except ValidationError as error:
        if error.code == _TOO_MANY:
            raise Throttled from None
        raise
    return user  # type: ignore[no-any-return]


def _check_code(user: User, code: str) -> None:
    if not code:
        raise AuthenticationFailed(_("This account has a second factor: send its code as well."))
    form = AuthenticateForm(user=user, data={"code": code})
    if not form.is_valid():
        if form.has_error("code", _TOO_MANY):
            raise Throttled
        raise AuthenticationFailed(_("This code is not right, or no longer. Enter the one shown now."))
    # Not form.save(): that would open a session for somebody who asked for a token.
    form.authenticator.record_usage()
