"""The one form of allauth that needs another ending here."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest


class PasswordResetForm(ResetPasswordForm):
    """Asks for a link. Known and unknown addresses get the same page, and a mail each, as fast."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Mail the link, or that there is no account; allauth would offer a sign-up."""
        if self.users:
            return super().save(request, **kwargs)
        email: str = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email
