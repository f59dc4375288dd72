"""A case is one patient's record at one center."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.center import Center
from registry.models.guard import Audited
from registry.models.scoped import ScopedManager


class Case(Audited):
    """One patient at one center. The code is issued once; URLs carry the id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="cases", editable=False)
    patient_code = models.CharField(_("patient code"), max_length=10, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    synthetic = models.BooleanField(_("synthetic demonstration data"), default=False, editable=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("patient_code",)
        # The list of a center's cases, in its order.
        indexes = [models.Index(fields=["center", "patient_code"], name="case_of_center")]

    def __str__(self) -> str:
        return self.patient_code
