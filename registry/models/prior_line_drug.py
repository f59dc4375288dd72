"""One drug of a prior line."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import prior_line_drug
from registry.models.captured import CaseRow, captures


@captures(prior_line_drug.FORM)
class PriorLineDrug(CaseRow):
    """One drug of a prior line."""

    class Meta(CaseRow.Meta):
        verbose_name = _("drug of a prior line")
        verbose_name_plural = _("drugs of prior lines")
