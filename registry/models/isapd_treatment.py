"""IsaPd as planned and as ended."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import isapd_treatment
from registry.models.captured import CaseRow, captures


@captures(isapd_treatment.FORM)
class IsapdTreatment(CaseRow):
    """IsaPd as planned and as ended."""

    class Meta(CaseRow.Meta):
        verbose_name = _("IsaPd treatment")
        verbose_name_plural = _("IsaPd treatment")
