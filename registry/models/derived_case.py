"""What follows from a case's facts, computed in the transaction that changed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.case import Case
from registry.models.guard import Audited
from registry.models.scoped import ScopedManager


class DerivedCase(Audited):
    """Derived variables of one case, and what its line in a list needs.

    Rebuildable from the case at any time, so it is verified by deriving again, not by events.

    Attributes
    ----------
    forms : of every form begun or expected: how many rows, which of them are drafts, its completeness, what
        it owes (`registry.selectors.case_work` reads it).
    not_known : key variable (D34) → in how many rows it is NK.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="derived")
    values = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=40)
    start_date = models.DateField(_("IsaPd start"), null=True)
    forms_complete = models.PositiveSmallIntegerField(default=0)
    forms_started = models.PositiveSmallIntegerField(default=0)
    core_answered = models.PositiveSmallIntegerField(default=0)
    core_applicable = models.PositiveSmallIntegerField(default=0)
    forms = models.JSONField(default=dict)
    not_known = models.JSONField(default=dict)
    open_errors = models.PositiveSmallIntegerField(default=0)
    open_warnings = models.PositiveSmallIntegerField(default=0)
    open_queries = models.PositiveSmallIntegerField(default=0)
    checked_on = models.DateField(null=True)
    checks_version = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["start_date"], name="derived_case_start")]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def core_percent(self) -> int:
        """Core completeness in whole percent, rounded down: 100 means nothing is owed."""
        return 100 * self.core_answered // self.core_applicable if self.core_applicable else 0
