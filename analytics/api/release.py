"""Locked releases: how they came about and what is in them."""

from datetime import UTC
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from analytics.api.permissions import HasVerb
from analytics.models import Release
from analytics.models.release import ReleaseState
from registry.public import NotFound, Verb


class ReleaseSerializer(serializers.Serializer[Release]):
    """One release."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ReleaseState.choices)
    reason = serializers.CharField()
    cutoff = serializers.DateField()
    proposed_at = serializers.DateTimeField(default_timezone=UTC)
    proposed_by = serializers.CharField()
    decided_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    decided_by = serializers.CharField()
    decision_reason = serializers.CharField()
    data_version = serializers.IntegerField(allow_null=True)
    rule_version = serializers.CharField()
    code_version = serializers.CharField()
    locked_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    sha256 = serializers.CharField(help_text="Of the bundle; empty before it is locked.")
    size = serializers.IntegerField(allow_null=True, help_text="Of the bundle, in bytes.")


class FileSerializer(serializers.Serializer[Any]):
    """One file of a bundle."""

    path = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReleaseContentSerializer(ReleaseSerializer):
    """One release with the list of its files."""

    contents = FileSerializer(many=True)


class ReleasePageSerializer(serializers.Serializer[Any]):
    """Some of the releases, and where the others are."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReleaseSerializer(many=True)


class ReleaseList(APIView):
    """All releases."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_RELEASES

    @extend_schema(
        operation_id="releases_list",
        parameters=[
            OpenApiParameter("limit", {"type": "integer", "minimum": 0, "maximum": 999_999_999}),
            OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": 999_999_999}),
        ],
        responses=ReleasePageSerializer,
        tags=["releases"],
    )
    def get(self, request: Request) -> Response:
        """All releases, the newest first."""
        pages = api_settings.DEFAULT_PAGINATION_CLASS()
        some = pages.paginate_queryset(Release.objects.defer("contents", "secret"), request, view=self)
        return pages.get_paginated_response(ReleaseSerializer(some, many=True).data)


class ReleaseDetail(APIView):
    """One release."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_RELEASES

    @extend_schema(operation_id="releases_read", responses=ReleaseContentSerializer, tags=["releases"])
    def get(self, request: Request, number: int) -> Response:
        """One release, its files and their checksums."""
        found = Release.objects.defer("secret").filter(pk=number).first()
        if found is None:
            raise NotFound
        return Response(ReleaseContentSerializer(found).data)
