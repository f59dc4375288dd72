"""One IsaPd cycle."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import isapd_cycle
from registry.models.captured import CaseRow, captures


@captures(isapd_cycle.FORM)
class IsapdCycle(CaseRow):
    """One IsaPd cycle."""

    class Meta(CaseRow.Meta):
        verbose_name = _("IsaPd cycle")
        verbose_name_plural = _("IsaPd cycles")
