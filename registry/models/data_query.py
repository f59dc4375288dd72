"""A data query: something about a row that somebody has to look at."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.edit_checks.finding import Severity
from registry.models.case import Case
from registry.models.guard import Audited
from registry.models.scoped import ScopedManager


class QueryState(models.TextChoices):
    """How far a query is; `registry/policies/data_query.py` says what may follow what."""

    OPEN = "OPEN", _("Open")
    ANSWERED = "ANSWERED", _("Answered")
    CONFIRMED = "CONFIRMED", _("Confirmed correct")
    CLOSED = "CLOSED", _("Closed")


WAITING = (QueryState.OPEN, QueryState.ANSWERED)


class DataQuery(Audited):
    """A finding of an edit check at a complete row, or a person's question about a field.

    Attributes
    ----------
    check_id : "C27", "limit" …; empty for a person's question.
    message, params : as of `registry.edit_checks.finding.Finding`; of a question, its text.
    fingerprint : of the finding; with the place it says whether a finding is this one.
    opened_by : who asked; of a finding, who was at work when it was found.
    opened_by_id : of the person who asked.
    reason : why it was confirmed correct, or the answer to a question.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case: models.ForeignKey[Any, Any] = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="queries", editable=False
    )
    form = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    variable = models.CharField(max_length=60, blank=True)
    check_id = models.CharField(max_length=12, blank=True)
    severity = models.CharField(max_length=8)
    message = models.CharField(max_length=500)
    params = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=10, choices=QueryState.choices, default=QueryState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    # Text like an event's: it outlives the account.
    opened_by_id = models.CharField(max_length=36, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("data query")
        verbose_name_plural = _("data queries")
        ordering = ("opened_at", "form", "seq", "variable")
        indexes = [models.Index(fields=["case", "state"], name="query_of_case")]
        constraints = [
            models.CheckConstraint(
                name="data_query_severity_known",
                condition=Q(severity__in=[severity.value for severity in Severity]),
            ),
            models.CheckConstraint(
                name="data_query_answer_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answered_by="")),
            ),
            models.UniqueConstraint(
                name="data_query_once",
                fields=["case", "form", "seq", "variable", "check_id", "fingerprint"],
                condition=~Q(check_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_id or self.state} {self.form} {self.seq}"

    @property
    def is_question(self) -> bool:
        """Whether a person asked, and not an edit check."""
        return not self.check_id

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to do something: answer it, or be content with the answer."""
        return self.state in WAITING

    @property
    def key(self) -> str:
        """What its finding is called within the row: "C27.dex_start_dose"."""
        return f"{self.check_id}.{self.variable}"
