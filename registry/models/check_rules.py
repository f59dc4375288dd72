"""Rules of the edit checks as somebody proposed them, with what they would change."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.guard import Audited


class RulesState(models.TextChoices):
    """Proposed; its effect counted; in force; replaced by newer rules, or given up."""

    PROPOSED = "PROPOSED", _("Proposed")
    PREVIEWED = "PREVIEWED", _("Effect known")
    IN_FORCE = "IN_FORCE", _("In force")
    RETIRED = "RETIRED", _("Retired")


class CheckRules(Audited):
    """One set of settings.

    Attributes
    ----------
    settings : as of `registry.edit_checks.rules.Rules.to_json`.
    effect : what they would change, as of `registry.selectors.rules_effect.Effect.to_json`.
    effect_version, effect_against : the data version it was counted at, and the rules then in force.
    cases_all, cases_done : how far the counting is.
    counting_until : somebody counts, and will have said so again before then.
    """

    audited_columns = (
        "id",
        "settings",
        "state",
        "reason",
        "effect",
        "effect_version",
        "effect_against",
        "proposed_at",
        "proposed_by",
        "proposed_by_id",
        "in_force_at",
        "in_force_by",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    settings = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RulesState.choices, default=RulesState.PROPOSED)
    reason = models.CharField(max_length=500)
    effect = models.JSONField(default=dict)
    effect_version = models.BigIntegerField(null=True)
    effect_against = models.CharField(max_length=40, blank=True)
    cases_all = models.PositiveIntegerField(default=0)
    cases_done = models.PositiveIntegerField(default=0)
    counting_until = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=120)
    proposed_by_id = models.CharField(max_length=36, blank=True)
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("rules of the edit checks")
        verbose_name_plural = _("rules of the edit checks")
        ordering = ("-proposed_at",)
        constraints = [
            models.UniqueConstraint(
                name="check_rules_one_in_force", fields=["state"], condition=Q(state=RulesState.IN_FORCE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.proposed_at:%Y-%m-%d}"
