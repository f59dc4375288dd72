"""`manage.py recompute`: bring the reports up to date now, in this process, without a broker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.models import ReportSnapshot
from analytics.models.report_snapshot import Trigger
from analytics.reports.recompute import behind, recompute
from registry.public import today


class Command(BaseCommand):
    """Bring the reports up to date."""

    help = "Compute the reports that are behind; --again computes all and compares with what is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="compute what is current, too, and compare")

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        if not again and not behind(today()):
            self.stdout.write("The reports are current.")
            return
        made = recompute(trigger=Trigger.MANUAL, again=again)
        if not made:
            raise CommandError("Another process is recomputing at this moment; try again in a few seconds.")
        for snapshot in made:
            self._report(snapshot)

    def _report(self, snapshot: ReportSnapshot) -> None:
        stored = ReportSnapshot.objects.get(
            **{
                field: getattr(snapshot, field)
                for field in (
                    "cohort",
                    "cohort_version",
                    "parameters_digest",
                    "as_of",
                    "data_version",
                    "code_version",
                    "rule_version",
                )
            }
        )
        if stored.result_digest != snapshot.result_digest:
            raise CommandError(f"{snapshot}: computed again, the result differs from the one stored.")
        self.stdout.write(
            f"{snapshot.cohort}: data version {snapshot.data_version}, {snapshot.duration_ms} ms"
        )
