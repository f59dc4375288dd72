"""The one place that reads the calendar; everything below it is told what day it is."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Today where the study is (setting `REGISTRY_TODAY_TIME_ZONE`), not where the server is."""
    return timezone.now().astimezone(ZoneInfo(settings.REGISTRY_TODAY_TIME_ZONE)).date()
