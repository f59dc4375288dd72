"""One FISH sample."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import fish
from registry.models.captured import CaseRow, captures


@captures(fish.FORM)
class Fish(CaseRow):
    """One FISH sample."""

    class Meta(CaseRow.Meta):
        verbose_name = _("FISH sample")
        verbose_name_plural = _("FISH samples")
