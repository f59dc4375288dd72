"""`manage.py grant_application_role`: after a migration, what the application may do with each table."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections, transaction

GRANTS = settings.BASE_DIR / "deploy" / "postgresql" / "grants.sql"


class Command(BaseCommand):
    """Run `deploy/postgresql/grants.sql` as the owner of the tables, for the application's role."""

    help = "Grant the application's database role what it needs, no more (after each migration)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant, in one transaction: no moment with half of it."""
        if "owner" not in settings.DATABASES:
            raise CommandError("DATABASE_OWNER_URL is not set: there is no owner to grant anything.")
        owner, role = settings.DATABASES["owner"]["USER"], settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
        if owner == role:
            raise CommandError(
                f"DATABASE_URL and DATABASE_OWNER_URL both log in as {owner}: "
                "the application would own the tables."
            )
        grant(role, "owner")
        self.stdout.write(f"{role} may use every table, and only read and append audit events.")


def grant(role: str, alias: str) -> None:
    """Run the grants over one connection for one role."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT set_config('registry.application_role', %s, true)", [role])
        cursor.execute(GRANTS.read_text())
