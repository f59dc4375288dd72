"""Django discovers the models here."""

from analytics.models.lease import Lease
from analytics.models.release import Release
from analytics.models.report_snapshot import Drawing, ReportSnapshot

__all__ = ["Drawing", "Lease", "Release", "ReportSnapshot"]
