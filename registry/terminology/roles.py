"""The roles people hold, and which of them are held at a center."""

from enum import StrEnum

from registry.terminology.text import gettext_noop as _


class Role(StrEnum):
    """Who somebody is in the study; what a role may do is data in `registry.permissions`."""

    DATA_MANAGER = "DATA_MANAGER"
    INVESTIGATOR = "INVESTIGATOR"
    MONITOR = "MONITOR"
    COORDINATOR = "COORDINATOR"
    STATISTICIAN = "STATISTICIAN"
    ADMINISTRATOR = "ADMINISTRATOR"
    AUDITOR = "AUDITOR"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def at_center(self) -> bool:
        """Whether the role is held at one center rather than study-wide."""
        return self in CENTER_ROLES


CENTER_ROLES = frozenset({Role.DATA_MANAGER, Role.INVESTIGATOR, Role.MONITOR})

LABELS = {
    Role.DATA_MANAGER: _("Data manager"),
    Role.INVESTIGATOR: _("Investigator"),
    Role.MONITOR: _("Monitor"),
    Role.COORDINATOR: _("Coordinating investigator"),
    Role.STATISTICIAN: _("Statistician"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.AUDITOR: _("Auditor"),
}
