"""`manage.py create_administrator`: the first person of a new registry, who invites all others."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from registry.actions import invitation, people
from registry.audit.actor import Actor
from registry.exceptions import InvalidEntries
from registry.terminology.roles import Role


class Command(BaseCommand):
    """Open an account with the role of an administrator and hand out the link to set its password."""

    help = (
        "Opens an account with the role of an administrator and prints the link with which its owner sets "
        "the password: it works once, for three days. With --send the link is mailed instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The person, and how the link gets to them."""
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--send", action="store_true", help="mail the link instead of printing it")
        parser.add_argument("--site", default=_site(), help="address of the registry (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account and its role together, or neither."""
        actor = Actor.system("create_administrator")
        try:
            with transaction.atomic():
                user = people.invite(actor, options["email"], options["name"])
                people.grant(actor, user, Role.ADMINISTRATOR, reason="first administrator")
        except InvalidEntries as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["send"]:
            invitation.send(actor, user, options["site"])
            self.stdout.write(f"The link was sent to {user.email}.")
        else:
            self.stdout.write(invitation.set_password_link(actor, user, options["site"]))


def _site() -> str:
    """Where the registry answers, as far as its settings say."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
    return f"https://{host}" if settings.HTTPS else f"http://{host}:8000"
