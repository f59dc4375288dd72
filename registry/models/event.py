"""The audit trail: an immutable header per change, its payload in a table of its own.

No foreign keys: an event outlives whatever it is about. Headers and payloads refuse UPDATE and DELETE by
trigger (`registry.audit.triggers`).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What happened."""

    CREATE = "CREATE", _("created")
    UPDATE = "UPDATE", _("changed")
    DELETE = "DELETE", _("removed")
    LOGIN = "LOGIN", _("logged in")
    LOGIN_FAILED = "LOGIN_FAILED", _("failed to log in")
    LOGOUT = "LOGOUT", _("logged out")
    PASSWORD = "PASSWORD", _("changed the password")
    MFA = "MFA", _("changed the second factor")
    ROLE = "ROLE", _("changed a role")
    EXPORT = "EXPORT", _("exported")
    PROPOSE = "PROPOSE", _("proposed a lock")
    APPROVE = "APPROVE", _("approved a lock")
    REJECT = "REJECT", _("rejected a lock")
    LOCK = "LOCK", _("locked")


class Source(models.TextChoices):
    """Where from."""

    PAGE = "PAGE", _("page")
    ADMIN = "ADMIN", _("admin")
    API = "API", _("API")
    IMPORT = "IMPORT", _("import")
    TASK = "TASK", _("task")
    COMMAND = "COMMAND", _("command")


class Event(models.Model):
    """One change. `number` is gapless and in commit order: the data version after it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=16, choices=Action.choices)
    actor_id = models.CharField(max_length=36, blank=True)
    actor_name = models.CharField(max_length=120)
    actor_role = models.CharField(max_length=80)
    source = models.CharField(max_length=8, choices=Source.choices)
    center_id = models.CharField(max_length=36, blank=True)
    center_code = models.CharField(max_length=8, blank=True)
    table = models.CharField(max_length=40, blank=True)
    row_id = models.CharField(max_length=40, blank=True)
    case_id = models.CharField(max_length=36, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    batch = models.CharField(max_length=64, blank=True)
    schema = models.PositiveIntegerField()
    payload_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("number",)
        indexes = [
            models.Index(fields=["case_id", "number"], name="event_of_case"),
            models.Index(fields=["table", "row_id", "number"], name="event_of_row"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.table}"


class EventPayload(models.Model):
    """The full row before and after, as canonical text; empty where the event is about no row."""

    number = models.BigIntegerField(primary_key=True)
    salt = models.CharField(max_length=32)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        verbose_name = _("audit payload")
        verbose_name_plural = _("audit payloads")

    def __str__(self) -> str:
        return str(self.number)


class DataVersion(models.Model):
    """The one counter row: the number of the newest event."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="data_version_single_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.number)
