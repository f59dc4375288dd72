"""`manage.py create_demo_users`: one login per role, to look around with."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.actions import people
from registry.audit.actor import Actor
from registry.management.synthetic_centers import CodeTaken, synthetic_centers
from registry.models import Center, Membership, User
from registry.terminology.roles import Role

PASSWORD = "synthetic-patients-only"  # noqa: S105 (printed on purpose; refused in production)


@dataclass(frozen=True)
class Login:
    """A demo person: who they are, and where they hold their role."""

    address: str
    name: str
    role: Role
    centers: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.address}@demo.test"


LOGINS = (
    Login("datamanager", "Dana Manager (demo)", Role.DATA_MANAGER, ("IT001",)),
    Login("datamanager2", "Dario Manager (demo)", Role.DATA_MANAGER, ("IT002",)),
    Login("investigator", "Ines Investigator (demo)", Role.INVESTIGATOR, ("IT001",)),
    Login("monitor", "Momo Monitor (demo)", Role.MONITOR, ("IT001", "IT002")),
    Login("coordinator", "Cora Coordinator (demo)", Role.COORDINATOR),
    Login("coordinator2", "Cosimo Coordinator (demo)", Role.COORDINATOR),
    Login("statistician", "Stella Statistician (demo)", Role.STATISTICIAN),
    Login("administrator", "Ada Administrator (demo)", Role.ADMINISTRATOR),
    Login("auditor", "Aldo Auditor (demo)", Role.AUDITOR),
)


class Command(BaseCommand):
    """Make the demo logins through the normal actions, once."""

    help = "Make one demo login per role and print how to log in. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make who is missing; whoever exists keeps password and roles."""
        if settings.PRODUCTION:
            raise CommandError(_("This is a production installation: there are no demo users in it."))
        actor = Actor.system("create_demo_users")
        try:
            centers = synthetic_centers(actor)
        except CodeTaken as taken:
            raise CommandError(
                _("Center %(code)s is a real one: no demo users are made beside it.") % {"code": taken}
            ) from None
        for login in LOGINS:
            _ensure(actor, login, [centers[code] for code in login.centers])
        self._print()

    def _print(self) -> None:
        self.stdout.write(_("Demo logins, all with the password %(password)s") % {"password": PASSWORD})
        width = max(len(login.email) for login in LOGINS)
        for login in LOGINS:
            place = f" ({', '.join(login.centers)})" if login.centers else ""
            self.stdout.write(f"  {login.email:<{width}}  {_(login.role.label)}{place}")


def _ensure(actor: Actor, login: Login, centers: list[Center]) -> None:
    user = User.objects.filter(email=login.email).first()
    if user is None:
        user = people.invite(actor, login.email, login.name, password=PASSWORD)
    places: list[Center | None] = [*centers] or [None]
    for center in places:
        # A role that somebody has ended stays ended.
        if not Membership.objects.filter(user=user, role=login.role, center=center).exists():
            people.grant(actor, user, login.role, center)
