"""The patient at IsaPd start."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import baseline
from registry.models.captured import CaseRow, captures


@captures(baseline.FORM)
class Baseline(CaseRow):
    """The patient at IsaPd start."""

    class Meta(CaseRow.Meta):
        verbose_name = _("baseline")
        verbose_name_plural = _("baseline")
