"""`manage.py load_study_cohort`: the 270 synthetic patients, entered like any others."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.actions import case as case_actions
from registry.audit.actor import Actor
from registry.management.study_cohort.cohort import SIZE, synthetic_cases
from registry.management.synthetic_centers import CodeTaken, synthetic_centers
from registry.models import Submission

STEP = 30
"""Patients between two lines of progress."""


class Command(BaseCommand):
    """Enter the synthetic study cohort through the normal actions, once."""

    help = "Enter the 270 synthetic patients of the study cohort. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--yes-synthetic",
            action="store_true",
            help="enter synthetic patients even where DATABASE_URL is set (a training installation)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Enter who is missing, with one transaction per patient."""
        if settings.PRODUCTION and not options["yes_synthetic"]:
            raise CommandError(
                _(
                    "This is a production installation: synthetic patients do not belong among real ones. "
                    "For a training installation, say --yes-synthetic."
                )
            )
        actor = Actor.system("load_study_cohort")
        try:
            centers = synthetic_centers(actor)
        except CodeTaken as taken:
            raise CommandError(
                _("Center %(code)s is a real one: the synthetic cohort cannot be entered here.")
                % {"code": taken}
            ) from None
        entered = 0
        known = _known_tokens()
        for number, case in enumerate(synthetic_cases(), start=1):
            token = _token(case.reference)
            if token not in known:
                case_actions.enter(
                    actor,
                    centers[case.center_code],
                    case.forms,
                    complete=case.complete,
                    confirm="As generated.",
                    token=token,
                    synthetic=True,
                )
                entered += 1
            if entered and (number % STEP == 0 or number == SIZE):
                self.stdout.write(_("  %(number)d of %(size)d patients") % {"number": number, "size": SIZE})
                self.stdout.flush()
        self.stdout.write(self.style.SUCCESS(_report(entered)))


def _token(reference: str) -> str:
    return f"study-cohort:{reference}"


def _known_tokens() -> set[str]:
    """Tokens of the patients an earlier run has entered, even under an older version of the cohort."""
    return set(Submission.objects.filter(token__startswith=_token("")).values_list("token", flat=True))


def _report(entered: int) -> str:
    if not entered:
        return _("The synthetic study cohort is here already: nothing changed.")
    return ngettext(
        "%(count)d synthetic patient entered (not patient data).",
        "%(count)d synthetic patients entered (not patient data).",
        entered,
    ) % {"count": entered}
