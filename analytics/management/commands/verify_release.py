"""`manage.py verify_release FILE`: is this the bundle that was locked?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.exceptions import DamagedBundle
from analytics.releases.verify import verify_bundle


class Command(BaseCommand):
    """Check a bundle."""

    help = "Check a release's bundle against its manifest and against the digest recorded when it was locked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the downloaded ZIP file")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            release, files = verify_bundle(file)
        except DamagedBundle as damaged:
            raise CommandError(str(damaged)) from None
        self.stdout.write(
            f"{release}: {files} files unchanged; locked {release.locked_at:%Y-%m-%d %H:%M} UTC "
            f"at data version {release.data_version}."
        )
