"""`manage.py preview_checks`: what this code, or other rules, would newly ask; nothing is written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.edit_checks.rules import Rules
from registry.management.case_lines import settings_of
from registry.selectors.check_rules import rules_in_force
from registry.selectors.rules_effect import Effect, changes, every_case


class Command(BaseCommand):
    """Compare what would be asked with the queries that are open, and print how many cases differ."""

    help = (
        "How many cases of each center each check would newly ask about, and no longer, compared with the "
        "queries that are open. Run it with new code before its first nightly run. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rules", metavar="FILE", help="JSON object of settings; those in force are the default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rules = settings_of(options["rules"], Rules.from_json, rules_in_force(), "rules")
        effect, cases = Effect(), 0
        for changed in changes(every_case(), rules, before=None):
            effect.add(changed)
            cases += 1
        lines = effect.lines()
        if lines:
            # Not inside the f-string, where makemessages finds no text.
            check, center, opens, closes = _("check"), _("center"), _("opens"), _("closes")
            self.stdout.write(f"{check:10}{center:10}{opens:>8}{closes:>8}")
        for line in lines:
            self.stdout.write(f"{line.check:10}{line.center:10}{len(line.opens):8}{len(line.closes):8}")
        if not lines:
            self.stdout.write(_("Nothing would be asked that is not asked now, and nothing no longer."))
        self.stdout.write(
            ngettext("%(count)d case compared.", "%(count)d cases compared.", cases) % {"count": cases}
        )
