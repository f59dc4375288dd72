"""One line of therapy after IsaPd."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import subsequent_therapy
from registry.models.captured import CaseRow, captures


@captures(subsequent_therapy.FORM)
class SubsequentTherapy(CaseRow):
    """One line of therapy after IsaPd."""

    class Meta(CaseRow.Meta):
        verbose_name = _("subsequent therapy")
        verbose_name_plural = _("subsequent therapies")
