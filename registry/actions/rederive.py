"""Deriving stored cases again after the rules, or their parameters, have changed."""

from registry.actions.change import change
from registry.audit.actor import Actor
from registry.derivations.parameters import DEFAULT
from registry.models import Case, Source


def rederive(limit: int = 200) -> int:
    """Derive up to `limit` cases that were derived under other rules; return how many.

    No fact changes, so no event is written, and who changed the case last stays as it was.
    """
    outdated = (
        Case.objects.exclude(derived__rule_version=DEFAULT.rule_version).select_related("center").scoped()
    )
    cases = list(outdated.order_by("pk")[:limit])
    actor = Actor.system("rederive", Source.TASK)
    for case in cases:
        with change(actor, case=case) as work:
            work.rebuild(case, changed=False)
    return len(cases)
