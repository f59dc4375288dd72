"""`manage.py verify_audit`: do the events explain the tables, and do the cases derive to what is stored?"""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.actions.derive import stale_cases
from registry.audit.log import data_version
from registry.audit.verify import Difference, differences


class Command(BaseCommand):
    """Replay all events, compare with the live tables, derive again; name the first difference."""

    help = "Verify the audit trail against the tables; exits 1 and names the first difference."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--all", action="store_true", help="name every difference, not only the first")

    def handle(self, *args: Any, **options: Any) -> None:
        derived = (
            Difference("derived case differs from its rows", f"case {case.pk}: {', '.join(columns)}")
            for case, columns in stale_cases()
        )
        count = 0
        for difference in chain(differences(), derived):
            count += 1
            self.stdout.write(self.style.ERROR(f"{difference.what}: {difference.where}"))
            if not options["all"]:
                break
        if count:
            raise CommandError(f"{'At least 1' if not options['all'] else count} difference found.")
        self.stdout.write(self.style.SUCCESS(f"Verified {data_version()} events: no difference."))
