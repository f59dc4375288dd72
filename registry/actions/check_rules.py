"""Rules of the edit checks: proposed by one coordinator, counted, put in force by another."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from registry.actions.change import change
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.rules import DEFAULT, RuleError, Rules
from registry.exceptions import InvalidEntries
from registry.models import CheckRules, RulesState
from registry.permissions.verbs import Verb
from registry.policies.check_rules import WAITING, check_can_put_in_force, check_can_retire
from registry.selectors.check_rules import rules_in_force, rules_in_state

MAX_REASON = 500
# A lower setting, and the higher one it may not pass.
PAIRS = (("cycle_days_min", "cycle_days_max"), ("isa_mgkg_min", "isa_mgkg_max"))


def propose(actor: Actor, settings: Mapping[str, object], reason: str) -> CheckRules:
    """Propose rules; the next tick counts what they would change.

    Parameters
    ----------
    settings : as of `Rules.to_json`; whatever is not named is as the specification has it.

    Raises
    ------
    InvalidEntries, NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_RULES)
    rules, reason = _read(settings), reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise _invalid("reason", _("Say why, in at most %(most)s characters.") % {"most": MAX_REASON})
    with change(actor, reason=reason) as work:
        if rules == rules_in_force():
            raise _invalid("", _("These rules are in force already."))
        if any(Rules.from_json(other.settings) == rules for other in rules_in_state(*WAITING)):
            raise _invalid("", _("These rules are proposed already."))
        proposal = CheckRules(
            settings=_differing(rules),
            reason=reason,
            proposed_at=work.at,
            proposed_by=actor.name,
            proposed_by_id=_id(actor),
        )
        work.create(proposal)
    return proposal


def put_in_force(actor: Actor, rules: CheckRules, reason: str) -> CheckRules:
    """Let cases be checked by these rules from now on; the next ticks bring all queries up to them.

    Raises
    ------
    NotPermitted, StaleVersion, ReasonRequired
    """
    check_actor_can(actor, Verb.MANAGE_RULES)
    with change(actor, reason=reason.strip()) as work:
        # All of them are locked: two decisions at once are one after the other.
        locked = {each.pk: each for each in CheckRules.objects.select_for_update()}
        stored: CheckRules = locked[rules.pk]
        check_can_put_in_force(stored, _id(actor), rules_in_force(), reason)
        for former in locked.values():
            if former.state == RulesState.IN_FORCE:
                before = image(former)
                former.state = RulesState.RETIRED
                work.update(former, before)
        before = image(stored)
        stored.state, stored.in_force_at, stored.in_force_by = RulesState.IN_FORCE, work.at, actor.name
        work.update(stored, before)
    return stored


def retire(actor: Actor, rules: CheckRules, reason: str) -> CheckRules:
    """Give a proposal up. Raises NotPermitted, StaleVersion, ReasonRequired."""
    check_actor_can(actor, Verb.MANAGE_RULES)
    with change(actor, reason=reason.strip()) as work:
        stored: CheckRules = CheckRules.objects.select_for_update().get(pk=rules.pk)
        check_can_retire(stored, reason)
        before = image(stored)
        stored.state = RulesState.RETIRED
        work.update(stored, before)
    return stored


def _read(settings: Mapping[str, object]) -> Rules:
    try:
        rules = Rules.from_json(settings)
    except RuleError as error:
        raise _invalid("", str(error)) from None
    for low, high in PAIRS:
        if getattr(rules, low) > getattr(rules, high):
            raise _invalid(high, _("The longest or highest may not be below the shortest or lowest."))
    unknown = set(rules.off) - {check.id for check in CHECKS}
    if unknown:
        raise _invalid("off", _("There is no such check."))
    return rules


def _differing(rules: Rules) -> dict[str, object]:
    """What differs from the specification: should that change one day, the rest changes with it."""
    usual = DEFAULT.to_json()
    return {name: value for name, value in rules.to_json().items() if value != usual[name]}


def _id(actor: Actor) -> str:
    return str(actor.user.pk) if actor.user else ""


def _invalid(name: str, message: str) -> InvalidEntries:
    return InvalidEntries({("check_rules", 1, name): [message]})
