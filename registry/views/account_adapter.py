"""How accounts come about and keep their passwords: by invitation, and around no rule of the user model."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """allauth's rules, with the door for sign-ups shut."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This email address and password do not belong together."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can open an account for themselves."""
        return False

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Save the password and nothing else: everything else about a person changes by an audited action."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the login, because a new password ends every session."""
        return reverse("account_login")
