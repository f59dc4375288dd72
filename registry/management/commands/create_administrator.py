"""`manage.py create_administrator`: the first person of a new installation, who then invites the others."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.actions import people
from registry.audit.actor import Actor
from registry.exceptions import InvalidEntries
from registry.models import User
from registry.terminology.roles import Role


class Command(BaseCommand):
    """Make an administrator's account, which its owner gives a password by mail."""

    help = (
        "Make an administrator's account; its owner sets the password through the link for a forgotten one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="as it will stand in the audit trail")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        """Make the account where there is none, and grant the role."""
        actor = Actor.system("create_administrator")
        try:
            user = User.objects.filter(email__iexact=email.strip()).first() or people.invite(
                actor, email, name
            )
        except InvalidEntries as refusal:
            raise CommandError(str(refusal)) from None
        people.grant(actor, user, Role.ADMINISTRATOR)
        self.stdout.write(
            _("%(email)s is an administrator. The password is set through the link that %(page)s sends.")
            % {"email": user.email, "page": reverse("account_reset_password")}
        )
