"""One line of therapy before IsaPd."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import prior_line
from registry.models.captured import CaseRow, captures


@captures(prior_line.FORM)
class PriorLine(CaseRow):
    """One line of therapy before IsaPd."""

    class Meta(CaseRow.Meta):
        verbose_name = _("prior line")
        verbose_name_plural = _("prior lines")
