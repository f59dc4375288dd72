"""Birth and sex."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import demographics
from registry.models.captured import CaseRow, captures


@captures(demographics.FORM)
class Demographics(CaseRow):
    """Birth and sex."""

    class Meta(CaseRow.Meta):
        verbose_name = _("demographics")
        verbose_name_plural = _("demographics")
