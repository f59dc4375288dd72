"""What was changed about a person: the account and the roles, as the audit trail tells it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.audit.canonical import Image
from registry.audit.replay import ROW_ACTIONS, upcast
from registry.models import Event, EventPayload, Membership, User
from registry.selectors.people import membership_ids
from registry.terminology.roles import Role


@dataclass(frozen=True)
class PersonChange:
    """One event about a person, in words."""

    event: Event
    text: str


def of_person(user: User, limit: int = 200) -> list[PersonChange]:
    """Changes of the account and its roles, the newest first."""
    account = Event.objects.filter(table=User._meta.db_table, row_id=str(user.pk))
    roles = Event.objects.filter(
        table=Membership._meta.db_table, row_id__in=[str(pk) for pk in membership_ids(user)]
    )
    events = list((account | roles).filter(action__in=ROW_ACTIONS).order_by("-number")[:limit])
    payloads = EventPayload.objects.in_bulk([event.number for event in events])
    return [PersonChange(event, _describe(event, payloads[event.number])) for event in events]


def _describe(event: Event, payload: EventPayload) -> str:
    before, after = upcast(payload.before, event.schema) or {}, upcast(payload.after, event.schema) or {}
    if event.table == Membership._meta.db_table:
        return _role_change(event, before, after)
    if not before:
        return _("Account opened")
    return "; ".join(_account_changes(before, after))


def _role_change(event: Event, before: Image, after: Image) -> str:
    role = _(Role(after["role"]).label)
    what = f"{role}, {event.center_code}" if event.center_code else role
    if before:
        return _("Role ended: %(role)s") % {"role": what}
    return _("Role given: %(role)s") % {"role": what}


def _account_changes(before: Image, after: Image) -> list[str]:
    texts = []
    if before["name"] != after["name"]:
        texts.append(f"{before['name']} → {after['name']}")
    if before["is_active"] != after["is_active"]:
        texts.append(_("Account switched on") if after["is_active"] else _("Account switched off"))
    return texts
