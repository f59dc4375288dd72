"""Addresses of reports and releases."""

from django.urls import path

from analytics.views import release, report

urlpatterns = [
    path("reports/", report.report_list, name="report_list"),
    path("reports/<slug:cohort>/", report.report, name="report"),
    path("reports/<slug:cohort>/freshness/", report.report_freshness, name="report_freshness"),
    path("reports/<slug:cohort>/figures/<slug:key>.svg", report.report_figure, name="report_figure"),
    path("releases/", release.release_list, name="release_list"),
    path("releases/propose/", release.release_propose, name="release_propose"),
    path("releases/<int:number>/", release.release, name="release"),
    path("releases/<int:number>/progress/", release.release_progress, name="release_progress"),
    path("releases/<int:number>/approve/", release.release_approve, name="release_approve"),
    path("releases/<int:number>/reject/", release.release_reject, name="release_reject"),
    path("releases/<int:number>/download/", release.release_download, name="release_download"),
]
