"""Deriving and checking stored cases again: after rules have changed, and once a day."""

from django.db.models import Q

from registry.actions.change import change
from registry.audit.actor import Actor
from registry.derivations.parameters import DEFAULT
from registry.models import Case, Source
from registry.selectors.check_rules import rules_in_force
from registry.today import today


def rederive(limit: int = 200) -> int:
    """Bring up to `limit` cases to the rules in force and to today; return how many.

    No fact changes, so who changed the case last stays as it was; queries that open or close leave events.
    """
    current = Q(
        derived__rule_version=DEFAULT.rule_version,
        derived__checks_version=rules_in_force().version,
        derived__checked_on=today(),
    )
    outdated = Case.objects.exclude(current).select_related("center").scoped()
    cases = list(outdated.order_by("pk")[:limit])
    actor = Actor.system("rederive", Source.TASK)
    for case in cases:
        with change(actor, case=case) as work:
            work.rebuild(case, changed=False)
    return len(cases)
