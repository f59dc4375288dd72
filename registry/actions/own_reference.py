"""A center's own reference for a patient: set, changed, taken away. It never leaves the center."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.actions.change import change
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.exceptions import InvalidEntries
from registry.models import Case, OwnReference
from registry.permissions.verbs import Verb

PLACE = ("own_reference", 1, "text")


def assign(actor: Actor, case: Case, text: str) -> OwnReference:
    """Call the patient `text` at their center; again with the same text, nothing happens.

    Raises
    ------
    InvalidEntries
        When the text is empty, too long, or another patient's of the center.
    NotPermitted
    """
    check_actor_can(actor, Verb.RECORD, case.center)
    wanted = _read(text)
    with change(actor, case=case) as work:
        reference = OwnReference.objects.filter(case=case).scoped().first()
        before = image(reference) if reference else None
        reference = reference or OwnReference(case=case, center=case.center)
        reference.text = wanted
        try:
            # What a faster one has taken is refused by the database, and only this statement undone.
            with transaction.atomic():
                if before is None:
                    work.create(reference)
                else:
                    work.update(reference, before)
        except IntegrityError:
            message = _("Another patient of your center has this reference.")
            raise InvalidEntries({PLACE: [message]}) from None
    return reference


def clear(actor: Actor, case: Case) -> None:
    """Take the reference away; without one, nothing happens. Raises NotPermitted."""
    check_actor_can(actor, Verb.RECORD, case.center)
    with change(actor, case=case) as work:
        reference = OwnReference.objects.filter(case=case).scoped().first()
        if reference is not None:
            work.delete(reference)


def _read(text: str) -> str:
    """One line without spaces at its ends."""
    found = " ".join(text.split())
    most = OwnReference._meta.get_field("text").max_length or 0
    if not found:
        message = _("Please enter the reference.")
    elif len(found) > most:
        message = _("At most %(limit)s characters.") % {"limit": most}
    elif not found.isprintable():
        message = _("The text holds a character that cannot be stored.")
    else:
        return found
    raise InvalidEntries({PLACE: [message]})
