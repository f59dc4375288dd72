"""One adverse event."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import adverse_event
from registry.models.captured import CaseRow, captures


@captures(adverse_event.FORM)
class AdverseEvent(CaseRow):
    """One adverse event."""

    class Meta(CaseRow.Meta):
        verbose_name = _("adverse event")
        verbose_name_plural = _("adverse events")
