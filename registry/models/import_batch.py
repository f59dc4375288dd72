"""A file of patients' data that somebody brought, and how far its import is."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.center import Center
from registry.models.guard import Audited
from registry.models.scoped import ScopedManager


class BatchState(models.TextChoices):
    """How far an import is; `registry/policies/import_batch.py` says what may follow what."""

    UPLOADED = "UPLOADED", _("Being read")
    PREVIEWED = "PREVIEWED", _("To be looked at")
    REFUSED = "REFUSED", _("Refused")
    COMMITTING = "COMMITTING", _("Being imported")
    OUTDATED = "OUTDATED", _("To be previewed again")
    COMMITTED = "COMMITTED", _("Imported")
    UNDOING = "UNDOING", _("Being undone")
    UNDONE = "UNDONE", _("Undone")
    FAILED = "FAILED", _("Failed")


class Outcome(models.TextChoices):
    """What becomes of a row of the file."""

    READ = "READ", _("read")
    CREATED = "CREATED", _("created")
    CHANGED = "CHANGED", _("changed")
    UNCHANGED = "UNCHANGED", _("unchanged")
    REFUSED = "REFUSED", _("refused")


class ImportBatch(Audited):
    """One file for one center: what was done with it, by whom, when and why.

    Attributes
    ----------
    completing : rows become complete where nothing is owed and no warning is unconfirmed.
    preview_version : the data version the preview is of; what was changed since outdates it.
    first_event, last_event : what the commit wrote.
    last_number : of the newest patient code it issued; codes are not given out again once it is undone.
    failure : why it was refused or went wrong; names lines of the file, never patients.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    center: models.ForeignKey[Any, Any] = models.ForeignKey(
        Center, on_delete=models.PROTECT, related_name="+", editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=BatchState.choices)
    name = models.CharField(_("file"), max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    completing = models.BooleanField(default=False)

    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=120)
    uploaded_by_id = models.CharField(max_length=36, blank=True)
    preview_version = models.BigIntegerField(null=True)
    rows_created = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    cases_created = models.PositiveIntegerField(default=0)
    cases_changed = models.PositiveIntegerField(default=0)

    reason = models.CharField(_("reason"), max_length=500, blank=True)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.CharField(max_length=120, blank=True)
    committed_by_id = models.CharField(max_length=36, blank=True)
    first_event = models.BigIntegerField(null=True)
    last_event = models.BigIntegerField(null=True)
    last_number = models.PositiveIntegerField(null=True)
    undo_reason = models.CharField(max_length=500, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)
    undone_by_id = models.CharField(max_length=36, blank=True)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-uploaded_at",)
        indexes = [
            models.Index(fields=["state"], name="import_batch_state"),
            models.Index(fields=["center", "-uploaded_at"], name="import_batch_of_center"),
        ]
        constraints = [
            models.CheckConstraint(
                name="import_batch_committed_whole",
                condition=~Q(state__in=["COMMITTED", "UNDOING", "UNDONE"])
                | Q(committed_at__isnull=False, first_event__isnull=False, last_event__isnull=False)
                & ~Q(committed_by=""),
            ),
            models.CheckConstraint(
                name="import_batch_undone_whole",
                condition=~Q(state="UNDONE") | Q(undone_at__isnull=False) & ~Q(undone_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has something to do."""
        return self.state in UNDER_WAY

    @property
    def rows_to_write(self) -> int:
        return self.rows_created + self.rows_changed


UNDER_WAY = (BatchState.UPLOADED, BatchState.COMMITTING, BatchState.UNDOING)


class ImportWork(models.Model):
    """What the worker needs for one import: the file, how far it is, and who is at it.

    In the database, because the page and the worker may be on different machines; no event shows it.

    Attributes
    ----------
    content : the file; removed once it is imported, or after 30 days.
    language : in which its messages are written.
    holder, expires_at : the lease of the worker that is at it.
    """

    batch: models.OneToOneField[Any, Any] = models.OneToOneField(
        ImportBatch, on_delete=models.CASCADE, primary_key=True, related_name="work"
    )
    content = models.BinaryField(null=True)
    language = models.CharField(max_length=10)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=32, blank=True)
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.batch_id)


class ImportRow(models.Model):
    """One row of the file, and what the preview says of it; removed with the file's content or later.

    Attributes
    ----------
    position : in the file, over all its sheets.
    patient : number of its patient within the file, in order of appearance; 0 where it is nobody.
    case_id : of a patient the registry knows; None of a new one.
    entries : variable name → raw entry; what is not named keeps its value.
    changes : [[variable, old, new]] as raw entries.
    problems : [[column, value, message]]: why it is refused.
    findings : [[variable, severity, message, params]]: what the edit checks say of it.
    owed : how many required answers it still lacks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch: models.ForeignKey[Any, Any] = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="rows"
    )
    position = models.PositiveIntegerField()
    form = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    patient_code = models.CharField(max_length=40, blank=True)
    own_reference = models.CharField(max_length=60, blank=True)
    patient = models.PositiveIntegerField()
    case_id = models.UUIDField(null=True)
    seq = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.READ)
    completes = models.BooleanField(default=False)
    entries = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    owed = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        ordering = ("position",)
        indexes = [
            models.Index(fields=["batch", "patient"], name="import_row_of_patient"),
            models.Index(fields=["batch", "outcome", "position"], name="import_row_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.line}"
