"""First progression after IsaPd start."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import progression
from registry.models.captured import CaseRow, captures


@captures(progression.FORM)
class Progression(CaseRow):
    """First progression after IsaPd start."""

    class Meta(CaseRow.Meta):
        verbose_name = _("progression")
        verbose_name_plural = _("progression")
