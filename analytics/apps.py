"""Analytics: cohorts, reports, releases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Django's handle on analytics."""

    name = "analytics"
    verbose_name = _("Analytics")
