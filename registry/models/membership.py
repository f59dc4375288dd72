"""Which role a person holds, at which center, since when and until when."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.center import Center
from registry.models.guard import Audited
from registry.models.user import User
from registry.terminology.roles import CENTER_ROLES, Role


class Membership(Audited):
    """One role of one person. Ended, never deleted: who could see what when stays known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    center = models.ForeignKey(
        Center, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True
    )
    role = models.CharField(_("role"), max_length=20)
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_role_known",
                condition=Q(role__in=[role.value for role in Role]),
            ),
            models.CheckConstraint(
                name="membership_center_fits_role",
                condition=Q(role__in=sorted(CENTER_ROLES), center__isnull=False)
                | (~Q(role__in=sorted(CENTER_ROLES)) & Q(center__isnull=True)),
            ),
            models.UniqueConstraint(
                name="membership_held_once",
                fields=["user", "center", "role"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role().label} {self.center or ''}".strip()

    def get_role(self) -> Role:
        return Role(self.role)
