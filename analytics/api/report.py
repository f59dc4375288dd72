"""Report snapshots as JSON: stored results told, nothing computed."""

from datetime import UTC
from typing import Any

from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from analytics.api.permissions import HasVerb
from analytics.extraction.cohorts import COHORTS, Cohort
from analytics.models import ReportSnapshot
from analytics.models.report_snapshot import Trigger
from analytics.reports.snapshot import freshness, newest
from registry.public import NotFound, Verb


class SnapshotSerializer(serializers.Serializer[ReportSnapshot]):
    """What names a snapshot and how it came about."""

    id = serializers.IntegerField()
    cohort = serializers.CharField()
    cohort_version = serializers.IntegerField()
    parameters_digest = serializers.CharField()
    as_of = serializers.DateField()
    data_version = serializers.IntegerField(help_text="Number of the newest change it contains.")
    code_version = serializers.CharField()
    rule_version = serializers.CharField()
    trigger = serializers.ChoiceField(choices=Trigger.choices)
    previous_version = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField(default_timezone=UTC)
    finished_at = serializers.DateTimeField(default_timezone=UTC)
    duration_ms = serializers.IntegerField()
    result_digest = serializers.CharField(help_text="SHA-256 of the result.")


class SnapshotResultSerializer(SnapshotSerializer):
    """A snapshot with its parameters and its result."""

    parameters = serializers.DictField()
    result = serializers.DictField(source="content", help_text="The sections of the report.")


class ReportSerializer(serializers.Serializer[Any]):
    """A cohort and its newest snapshot."""

    cohort = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    is_current = serializers.BooleanField(help_text="Whether nothing has changed since.")
    newest = SnapshotSerializer(allow_null=True)


class SnapshotPageSerializer(serializers.Serializer[Any]):
    """Some of the snapshots, and where the others are."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SnapshotSerializer(many=True)


class ReportList(APIView):
    """All cohorts."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_REPORTS

    @extend_schema(operation_id="reports_list", responses=ReportSerializer(many=True), tags=["reports"])
    def get(self, request: Request) -> Response:
        """The cohorts, each with its newest snapshot."""
        return Response(ReportSerializer([_report(cohort) for cohort in COHORTS.values()], many=True).data)


class Report(APIView):
    """The newest report on a cohort."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_REPORTS

    @extend_schema(
        operation_id="reports_read",
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)],
        responses={200: SnapshotResultSerializer, 304: OpenApiResponse(description="Nothing has changed.")},
        tags=["reports"],
    )
    def get(self, request: Request, cohort: str) -> Response:
        """The newest snapshot of a cohort with its result; 404 before the first."""
        snapshot = newest(_cohort(cohort).name)
        if snapshot is None:
            raise NotFound
        etag = quote_etag(f"{snapshot.pk}.{snapshot.result_digest}")
        known = parse_etags(request.headers.get("If-None-Match", ""))
        same = etag in known or f"W/{etag}" in known
        answer = Response(status=304) if same else Response(SnapshotResultSerializer(snapshot).data)
        answer["ETag"] = etag
        return answer


class SnapshotList(APIView):
    """What was ever computed for a cohort."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_REPORTS

    @extend_schema(
        operation_id="snapshots_list",
        parameters=[
            OpenApiParameter("limit", {"type": "integer", "minimum": 0, "maximum": 999_999_999}),
            OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": 999_999_999}),
        ],
        responses=SnapshotPageSerializer,
        tags=["reports"],
    )
    def get(self, request: Request, cohort: str) -> Response:
        """All snapshots of a cohort without their results, the newest first."""
        found = ReportSnapshot.objects.filter(cohort=_cohort(cohort).name).defer("result", "parameters")
        pages = api_settings.DEFAULT_PAGINATION_CLASS()
        some = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(SnapshotSerializer(some, many=True).data)


class Snapshot(APIView):
    """One of them."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_REPORTS

    @extend_schema(operation_id="snapshots_read", responses=SnapshotResultSerializer, tags=["reports"])
    def get(self, request: Request, cohort: str, snapshot_id: int) -> Response:
        """One snapshot with its result. It never changes."""
        found = ReportSnapshot.objects.filter(cohort=_cohort(cohort).name, pk=snapshot_id).first()
        if found is None:
            raise NotFound
        return Response(SnapshotResultSerializer(found).data)


def _cohort(name: str) -> Cohort:
    if name not in COHORTS:
        raise NotFound
    return COHORTS[name]


def _report(cohort: Cohort) -> dict[str, Any]:
    snapshot = newest(cohort.name)
    return {
        "cohort": cohort.name,
        "title": _(cohort.title),
        "description": _(cohort.description),
        "is_current": freshness(snapshot).is_current,
        "newest": snapshot,
    }
