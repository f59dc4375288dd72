"""One contact with the patient."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import follow_up
from registry.models.captured import CaseRow, captures


@captures(follow_up.FORM)
class FollowUp(CaseRow):
    """One contact with the patient."""

    class Meta(CaseRow.Meta):
        verbose_name = _("follow-up contact")
        verbose_name_plural = _("follow-up contacts")
