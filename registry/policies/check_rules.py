"""What the state of a set of rules allows.

========= ========= ====================================================================
from      to        by
========= ========= ====================================================================
PROPOSED  PREVIEWED the registry itself, once it has counted what the rules would change
PREVIEWED IN_FORCE  a coordinator other than the one who proposed them, with a reason
PROPOSED  RETIRED   a coordinator
PREVIEWED RETIRED   a coordinator
IN_FORCE  RETIRED   the next rules that are put in force
========= ========= ====================================================================
"""

from django.utils.translation import gettext as _

from registry.edit_checks.rules import Rules
from registry.exceptions import NotPermitted, ReasonRequired, StaleVersion
from registry.models import CheckRules, RulesState

WAITING = (RulesState.PROPOSED, RulesState.PREVIEWED)


def check_can_put_in_force(stored: CheckRules, person_id: str, current: Rules, reason: str) -> None:
    """Raise unless rules may be put in force.

    Parameters
    ----------
    person_id : of the one who decides; "" for the software.
    current : the rules in force now.

    Raises
    ------
    NotPermitted
        By whoever proposed them, or before their effect is known.
    StaleVersion
        Decided already, or counted against rules that are in force no more.
    ReasonRequired
    """
    if person_id and stored.proposed_by_id == person_id:
        raise NotPermitted(_("You proposed these rules: somebody else has to put them in force."))
    if stored.state == RulesState.PROPOSED:
        raise NotPermitted(_("What these rules would change is not known yet."))
    check_is_waiting(stored)
    if stored.effect_against != current.version:
        raise StaleVersion(_("The rules in force have changed since: the effect is counted again."), stored)
    _check_reason(reason)


def check_can_retire(stored: CheckRules, reason: str) -> None:
    """Raise unless a proposal may be given up: StaleVersion when it is decided, ReasonRequired."""
    check_is_waiting(stored)
    _check_reason(reason)


def check_is_waiting(stored: CheckRules) -> None:
    """Raise StaleVersion when a proposal is decided already."""
    if stored.state not in WAITING:
        raise StaleVersion(_("These rules have been decided about already."), stored)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonRequired(_("Please say why."))
