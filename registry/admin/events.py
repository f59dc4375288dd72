"""The audit trail, to read. Headers only: what rows held is patient data and is read with the case."""

from registry.admin.base import RegistryAdmin
from registry.admin.site import site
from registry.models import Event
from registry.permissions.verbs import Verb


class EventAdmin(RegistryAdmin):
    """Nobody adds, changes or removes an event."""

    may_view = (Verb.VIEW_AUDIT,)

    list_display = ("number", "at", "action", "actor_name", "actor_role", "source", "center_code", "table")
    list_filter = ("action", "source")
    ordering = ("-number",)
    sortable_by = ()


site.register(Event, EventAdmin)
