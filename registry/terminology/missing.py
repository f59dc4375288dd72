"""Why a value is absent. Blank is none of these: blank means not yet entered."""

from enum import StrEnum

from registry.terminology.text import gettext_noop as _


class Missing(StrEnum):
    """Missing reasons of the specification (D01)."""

    NK = "NK"
    ND = "ND"
    NA = "NA"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Missing.NK: _("Not known"),
    Missing.ND: _("Not done"),
    Missing.NA: _("Not applicable"),
}
