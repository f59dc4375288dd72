"""How accounts come about: by an administrator's invitation, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's rules, with the door for sign-ups shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can open an account for themselves."""
        return False
