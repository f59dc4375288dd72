"""The myeloma at diagnosis."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import diagnosis
from registry.models.captured import CaseRow, captures


@captures(diagnosis.FORM)
class Diagnosis(CaseRow):
    """The myeloma at diagnosis."""

    class Meta(CaseRow.Meta):
        verbose_name = _("diagnosis")
        verbose_name_plural = _("diagnosis")
