"""Consent, eligibility and index regimen. The patient code is the case's."""

from django.utils.translation import gettext_lazy as _

from registry.dictionary import enrolment
from registry.models.captured import CaseRow, captures


@captures(enrolment.FORM, elsewhere=("patient_code",))
class Enrolment(CaseRow):
    """Consent, eligibility and index regimen. The patient code is the case's."""

    class Meta(CaseRow.Meta):
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolment")
