"""`manage.py validate_statistics`: do the statistics agree with other software?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.validation.run import Line, Outcome, lines, run_file, run_suite, to_json


class Command(BaseCommand):
    """Compare the statistics with known results."""

    help = (
        "Compare the statistics with results of R and published ones: those that come with the project, or "
        "those of a file. Uses no database; exits 1 when a case fails."
    )
    requires_system_checks: Sequence[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=Path, metavar="FILE", help="cases in the reference format (JSON)")
        parser.add_argument(
            "--data",
            type=Path,
            metavar="DIR",
            help="their data sets (by default the folder data beside FILE)",
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write every case's outcome there")

    def handle(
        self, *args: Any, cases: Path | None, data: Path | None, json: Path | None, **options: Any
    ) -> None:
        outcomes = self._outcomes(cases, data)
        self.stdout.write(
            f"{'operation':24}{'cases':>6}{'worst error':>13}{'of allowed':>12}{'result':>8}{'seconds':>9}"
        )
        for line in lines(outcomes):
            self.stdout.write(_table_row(line))
        failed = [outcome for outcome in outcomes if not outcome.passed]
        for outcome in failed:
            self.stdout.write(f"\n{outcome.case.id} ({outcome.case.operation}) failed:")
            for difference in outcome.differences:
                self.stdout.write(f"  {difference}")
        if json is not None:
            _write(json, outcomes)
        if failed:
            raise CommandError(f"{len(failed)} of {len(outcomes)} cases failed.")
        self.stdout.write(f"\nAll {len(outcomes)} cases agree.")

    def _outcomes(self, cases: Path | None, data: Path | None) -> tuple[Outcome, ...]:
        if cases is None:
            if data is not None:
                raise CommandError("--data says where the data sets of --cases are; name the cases, too.")
            return run_suite()
        try:
            return run_file(cases, cases.parent / "data" if data is None else data)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None


def _table_row(line: Line) -> str:
    worst = "–" if line.worst is None else f"{line.worst:.1e}"
    share = "–" if line.share is None else f"{line.share:.1%}"
    result = f"{line.failed} FAIL" if line.failed else "pass"
    return f"{line.operation:24}{line.cases:>6}{worst:>13}{share:>12}{result:>8}{line.seconds:>9.2f}"


def _write(file: Path, outcomes: Sequence[Outcome]) -> None:
    file.write_text(json.dumps(to_json(outcomes), indent=1) + "\n", encoding="utf-8")
