"""Logins, failed logins, logouts, passwords and second factors leave an event each.

Nothing that was typed is kept: no password, and an address only when it is somebody's. A mistyped address may
be a password or a patient's name in the wrong field.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from registry.actions import people
from registry.audit.actor import Actor
from registry.models import Action, Source, User

UNKNOWN = "unknown address"


@receiver(auth.user_logged_in)
def logged_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Record a login; one that cannot be recorded does not happen."""
    people.note(_person(request, user), Action.LOGIN)


@receiver(auth.user_logged_out)
def logged_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    """Record a logout, by the person or because the session was too old."""
    if user is not None:
        people.note(_person(request, user), Action.LOGOUT)


@receiver(auth.user_login_failed)
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Record a wrong password or an unknown address."""
    email = str(credentials.get("email") or "").strip()
    known = User.objects.filter(email__iexact=email).first() if email else None
    people.note(
        Actor.nobody(known.email if known else UNKNOWN, _source(request), _batch(request)),
        Action.LOGIN_FAILED,
    )


@receiver(mfa.authentication_failed)
def second_factor_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record a right password with a wrong code."""
    people.note(Actor.nobody(user.email, _source(request), _batch(request)), Action.LOGIN_FAILED)


@receiver([account.password_changed, account.password_reset])
def password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record that a password was changed, or set by a mailed link."""
    people.note(_person(request, user), Action.PASSWORD)


@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
def second_factor_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record that a second factor was set up, switched off or renewed."""
    people.note(_person(request, user), Action.MFA)


def _person(request: HttpRequest | None, user: User) -> Actor:
    return Actor.person(user, _source(request), _batch(request))


def _batch(request: HttpRequest | None) -> str:
    return getattr(request, "request_id", "")


def _source(request: HttpRequest | None) -> Source:
    """The page, unless the API has said that it is the one asking."""
    return getattr(request, "audit_source", Source.PAGE)
