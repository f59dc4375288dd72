"""Whether an actor may give a command: a person by their roles, the software by being the software."""

from registry.audit.actor import Actor
from registry.exceptions import NotPermitted
from registry.models import Center
from registry.permissions.check import check_user_can
from registry.permissions.roles import SYSTEM
from registry.permissions.verbs import Verb


def check_actor_can(actor: Actor, verb: Verb, center: Center | None = None) -> None:
    """Raise NotPermitted unless the actor may do `verb`."""
    if actor.user is not None:
        check_user_can(actor.user, verb, center)
    elif actor.role != SYSTEM:
        raise NotPermitted("nobody may do this without logging in")
