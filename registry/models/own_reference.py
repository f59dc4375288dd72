"""A center's own reference for a patient: its chart number. It never leaves the center."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.case import Case
from registry.models.center import Center
from registry.models.guard import Audited
from registry.models.scoped import ScopedManager


class OwnReference(Audited):
    """How a center calls the patient of a case. In no release, no pooled page, no log and no address."""

    case: models.OneToOneField[Any, Any] = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="own_reference", editable=False
    )
    center: models.ForeignKey[Any, Any] = models.ForeignKey(
        Center, on_delete=models.PROTECT, related_name="+", editable=False
    )
    text = models.CharField(_("own reference"), max_length=40)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("own reference")
        verbose_name_plural = _("own references")
        constraints = [
            models.UniqueConstraint(fields=["center", "text"], name="own_reference_once_per_center")
        ]

    def __str__(self) -> str:
        return str(self.case_id)
