"""Analytics: cohorts, reports, releases."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Django's handle on analytics."""

    name = "analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        from analytics.models import release_trigger

        post_migrate.connect(release_trigger.install, sender=self)
