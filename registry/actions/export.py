"""Taking a center's data away is an event: who, when, in which form, of how many patients."""

from collections.abc import Mapping

from registry.actions.change import change
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.models import Action, Center
from registry.permissions.verbs import Verb


def note(actor: Actor, center: Center, content: Mapping[str, str | int | bool]) -> None:
    """Record that the actor takes the center's data; before they are handed out.

    Parameters
    ----------
    content : how many patients, which format; no patient data.

    Raises
    ------
    NotPermitted
    """
    check_actor_can(actor, Verb.EXPORT_CASES, center)
    with change(actor, center=center) as work:
        work.note(Action.EXPORT, Center._meta.db_table, str(center.pk), dict(content))
