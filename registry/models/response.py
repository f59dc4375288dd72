"""One response assessment."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import response
from registry.models.captured import CaseRow, captures


@captures(response.FORM)
class Response(CaseRow):
    """One response assessment."""

    class Meta(CaseRow.Meta):
        verbose_name = _("response assessment")
        verbose_name_plural = _("response assessments")
