"""Counting what proposed rules would change, before anybody puts them in force."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from registry.actions.change import change
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.audit.log import data_version
from registry.edit_checks.rules import Rules
from registry.models import Case, CheckRules, RulesState, Source
from registry.models.guard import writes_allowed
from registry.policies.check_rules import WAITING
from registry.selectors.check_rules import rules_in_force
from registry.selectors.rules_effect import CHUNK, Effect, changes, every_case

# Whoever counts says so this often at least; a killed worker is missed after it.
PATIENCE = timedelta(seconds=60)


def preview() -> CheckRules | None:
    """Count the effect of the oldest proposal that waits for it; None when none does or another is at it."""
    waiting = list(CheckRules.objects.filter(state__in=WAITING).order_by("proposed_at"))
    if not waiting:
        return None
    current = rules_in_force()
    for rules in waiting:
        is_known = rules.state == RulesState.PREVIEWED and rules.effect_against == current.version
        if not is_known and _claim(rules.pk):
            return _count(rules, current)
    return None


def _count(rules: CheckRules, current: Rules) -> CheckRules:
    """Compare case by case. What is saved meanwhile is counted as it was when its turn came."""
    version, effect = data_version(), Effect()
    wanted = Rules.from_json(rules.settings)
    for done, changed in enumerate(changes(every_case(), wanted, current), start=1):
        effect.add(changed)
        if done % CHUNK == 0:
            _say(rules.pk, cases_done=done, counting_until=timezone.now() + PATIENCE)
    with change(Actor.system("preview", Source.TASK)) as work:
        stored: CheckRules = CheckRules.objects.select_for_update().get(pk=rules.pk)
        if stored.state in WAITING:
            before = image(stored)
            stored.state = RulesState.PREVIEWED
            stored.effect, stored.effect_version = effect.to_json(), version
            stored.effect_against, stored.counting_until = current.version, None
            stored.cases_done = stored.cases_all
            work.update(stored, before)
    return stored


def _claim(pk: UUID) -> bool:
    """Whether nobody else counts; then we do."""
    now = timezone.now()
    free = Q(counting_until=None) | Q(counting_until__lt=now)
    with writes_allowed():
        claimed = CheckRules.objects.filter(free, pk=pk).update(
            counting_until=now + PATIENCE, cases_done=0, cases_all=Case.objects.scoped().count()
        )
    return bool(claimed)


def _say(pk: UUID, **columns: object) -> None:
    """How far the counting is. No event: it is nothing anybody decided."""
    with writes_allowed():
        CheckRules.objects.filter(pk=pk).update(**columns)
