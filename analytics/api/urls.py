"""Addresses of the API of analytics."""

from django.urls import path

from analytics.api import release, report

urlpatterns = [
    path("v1/reports/", report.ReportList.as_view(), name="api_report_list"),
    path("v1/reports/<slug:cohort>/", report.Report.as_view(), name="api_report"),
    path("v1/reports/<slug:cohort>/snapshots/", report.SnapshotList.as_view(), name="api_snapshot_list"),
    path(
        "v1/reports/<slug:cohort>/snapshots/<int:snapshot_id>/",
        report.Snapshot.as_view(),
        name="api_snapshot",
    ),
    path("v1/releases/", release.ReleaseList.as_view(), name="api_release_list"),
    path("v1/releases/<int:number>/", release.ReleaseDetail.as_view(), name="api_release"),
]
