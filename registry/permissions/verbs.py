"""What can be done. Deny by default: a verb nobody holds is refused to everybody."""

from enum import StrEnum

from registry.terminology.text import gettext_noop as _


class Verb(StrEnum):
    """One thing that can be done; who may is in `registry.permissions.roles`."""

    VIEW_CASES = "VIEW_CASES"
    ENROLL = "ENROLL"
    RECORD = "RECORD"
    IMPORT = "IMPORT"
    RAISE_QUERY = "RAISE_QUERY"
    VIEW_OWN_REFERENCE = "VIEW_OWN_REFERENCE"
    EXPORT_CASES = "EXPORT_CASES"
    VIEW_HISTORY = "VIEW_HISTORY"
    MANAGE_LABREFS = "MANAGE_LABREFS"
    MANAGE_CENTERS = "MANAGE_CENTERS"
    MANAGE_PEOPLE = "MANAGE_PEOPLE"
    MANAGE_RULES = "MANAGE_RULES"
    VIEW_REPORTS = "VIEW_REPORTS"
    VIEW_RELEASES = "VIEW_RELEASES"
    PROPOSE_RELEASE = "PROPOSE_RELEASE"
    APPROVE_RELEASE = "APPROVE_RELEASE"
    DOWNLOAD_RELEASE = "DOWNLOAD_RELEASE"
    VIEW_AUDIT = "VIEW_AUDIT"

    @property
    def label(self) -> str:
        """What it means, after "You may not …"."""
        return LABELS[self]


LABELS = {
    Verb.VIEW_CASES: _("see cases"),
    Verb.ENROLL: _("enroll patients"),
    Verb.RECORD: _("enter or change data"),
    Verb.IMPORT: _("import data"),
    Verb.RAISE_QUERY: _("ask questions about data"),
    Verb.VIEW_OWN_REFERENCE: _("see a center's own references"),
    Verb.EXPORT_CASES: _("take a center's data away"),
    Verb.VIEW_HISTORY: _("see the history of a case"),
    Verb.MANAGE_LABREFS: _("change the laboratory's reference ranges"),
    Verb.MANAGE_CENTERS: _("manage centers"),
    Verb.MANAGE_PEOPLE: _("manage people"),
    Verb.MANAGE_RULES: _("change the rules of the edit checks"),
    Verb.VIEW_REPORTS: _("see pooled results"),
    Verb.VIEW_RELEASES: _("see locked releases"),
    Verb.PROPOSE_RELEASE: _("propose a lock"),
    Verb.APPROVE_RELEASE: _("approve a lock"),
    Verb.DOWNLOAD_RELEASE: _("download a locked release"),
    Verb.VIEW_AUDIT: _("see the audit trail"),
}
