"""A center: its identity, its ethics approval, its laboratory's reference ranges."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.dictionary import center, center_labref
from registry.models.captured import Captured, captures


@captures(center.FORM)
class Center(Captured):
    """A hospital that treats patients. Known to people by its code, in URLs by its id."""

    synthetic = models.BooleanField(_("synthetic demonstration data"), default=False, editable=False)

    class Meta:
        verbose_name = _("center")
        verbose_name_plural = _("centers")
        constraints = [models.UniqueConstraint(fields=["center_code"], name="center_code_once")]
        ordering = ("center_code",)

    def __str__(self) -> str:
        return str(self.center_code)  # type: ignore[attr-defined]


@captures(center_labref.FORM)
class CenterLabref(Captured):
    """Reference ranges of a center's laboratory from a day on."""

    center: models.ForeignKey[Any, Any] = models.ForeignKey(
        Center, on_delete=models.PROTECT, related_name="labrefs", editable=False
    )
    seq = models.PositiveIntegerField(editable=False)

    class Meta:
        verbose_name = _("laboratory reference ranges")
        verbose_name_plural = _("laboratory reference ranges")
        ordering = ("seq",)
        constraints = [models.UniqueConstraint(fields=["center", "seq"], name="centerlabref_seq_once")]

    def __str__(self) -> str:
        return str(self.labref_valid_from or "")  # type: ignore[attr-defined]
